import type { DuckDb } from "../data/engine/duckdb.ts";
import { confirmRead } from "../data/sources/source.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import type { Grouping } from "../metrics/metric-set.ts";
import { ClassColumn } from "./class-column.ts";

/** One subgroup column: which group each row is in, and the groups' names. */
interface SubgroupColumn {
  readonly column: string;
  readonly names: readonly string[];
  readonly grouping: Grouping;
}

export interface ReadColumns {
  readonly rows: number;
  /** Finite numbers; with a positive class 1 where the label is that class, else 0. */
  readonly labels: Float64Array;
  /** Scores or predictions; undefined where a model makes them. */
  readonly values: Float64Array | undefined;
  readonly dtype: "float32" | "float64";
  /** Unique. */
  readonly rowIds: readonly string[] | undefined;
  readonly subgroups: readonly SubgroupColumn[];
}

export interface ReadRequest {
  readonly label: string;
  readonly value: string | undefined;
  /** Classes are compared with the positive class too; scores never are. */
  readonly valueKind: "score" | "prediction";
  readonly rowId: string | undefined;
  readonly subgroups: readonly string[];
  readonly positiveClass: string | undefined;
}

/** The group of rows without a value. */
const missingGroup = "(missing)";
const mostShown = 5;

/**
 * Reads the columns of a predictions table into arrays. Throws one `not-evaluable` error that lists all that cannot be measured:
 * no rows, labels or scores that are missing or no finite numbers (with the first rows), row ids that are missing or stand twice.
 */
export async function readColumns(
  db: DuckDb,
  source: TableSource,
  request: ReadRequest,
): Promise<ReadColumns> {
  const uri = source.files.map((file) => file.uri).join(", ");
  const { label, value } = columnsOf(request);
  const ids = request.rowId === undefined ? undefined : ([] as (string | null)[]);
  const groups = request.subgroups.map((column) => ({ column, values: new GroupColumn() }));
  const valueType = source.columns.find((column) => column.name === request.value)?.engineType;
  const readers: ((cell: unknown) => void)[] = [
    (cell) => label.add(cell),
    ...(value === undefined ? [] : [(cell: unknown) => value.add(cell)]),
    ...(ids === undefined ? [] : [(cell: unknown) => void ids.push(cell === null ? null : String(cell))]),
    ...groups.map(
      ({ values }) =>
        (cell: unknown) =>
          values.add(cell),
    ),
  ];
  const names = [request.label, request.value, request.rowId, ...request.subgroups].filter(
    (name) => name !== undefined,
  );
  try {
    for await (const chunk of db.streamColumns(selectSql(source, names, request))) {
      for (const [index, cells] of chunk.columns.entries()) for (const cell of cells) readers[index]?.(cell);
    }
  } catch (error) {
    throw source.explain(error);
  }
  await confirmRead(source, label.rows);
  refuse(
    uri,
    [
      ...(label.rows === 0 ? [`${uri} has no rows`] : []),
      ...(label instanceof ClassColumn ? label.labelProblems(uri) : label.problems(uri)),
      ...(value instanceof ClassColumn && label instanceof ClassColumn
        ? value.predictionProblems(uri, label)
        : []),
      ...(value instanceof NumberColumn ? value.problems(uri) : []),
      ...idProblems(uri, ids),
    ],
    label instanceof NumberColumn ? label.classHint() : undefined,
  );
  return {
    rows: label.rows,
    labels: label.array(),
    values: value?.array(),
    dtype: valueType === "FLOAT" ? "float32" : "float64",
    rowIds: ids?.map(String),
    subgroups: groups.map(({ column, values }) => ({ column, ...values.sorted() })),
  };
}

function columnsOf({ label, value, valueKind, positiveClass }: ReadRequest) {
  const make = (name: string, role: string, isClass: boolean) => {
    const shown = `the ${role}column ${JSON.stringify(name)}`;
    return positiveClass !== undefined && isClass
      ? new ClassColumn(shown, positiveClass)
      : new NumberColumn(shown);
  };
  return {
    label: make(label, "label ", true),
    value: value === undefined ? undefined : make(value, "", valueKind === "prediction"),
  };
}

/** Numbers come as numbers where they are, as text where they are not; so that a message can show the text. */
function selectSql(source: TableSource, names: readonly string[], request: ReadRequest): string {
  const parts = names.map((name) => {
    const column = source.columns.find((one) => one.name === name);
    if (column === undefined) throw new RangeError(`no column ${name}`);
    const isClass = request.positiveClass !== undefined && request.valueKind === "prediction";
    const isNumber =
      (name === request.value && !isClass) || (name === request.label && request.positiveClass === undefined);
    if (!isNumber || ["DOUBLE", "FLOAT"].includes(column.engineType)) return column.sql;
    return `CAST(${column.sql} AS VARCHAR)`;
  });
  return `SELECT ${parts.join(", ")} FROM ${source.sql}`;
}

class NumberColumn {
  readonly #name: string;
  readonly #values: number[] = [];
  readonly #bad: string[] = [];
  /** The first three different texts. */
  readonly #texts = new Set<string>();
  #badCount = 0;

  /** `name` is for messages: `the label column "death"`. */
  constructor(name: string) {
    this.#name = name;
  }

  get rows(): number {
    return this.#values.length;
  }

  add(cell: unknown): void {
    const isMissing = cell === null || cell === undefined;
    const number = isMissing ? Number.NaN : numberOf(cell);
    this.#values.push(number);
    if (!isMissing && this.#texts.size < 3) this.#texts.add(String(cell));
    if (Number.isFinite(number)) return;
    this.#badCount += 1;
    if (this.#bad.length < mostShown)
      this.#bad.push(
        `row ${this.#values.length} ${isMissing ? "is missing" : `is ${JSON.stringify(String(cell))}`}`,
      );
  }

  problems(uri: string): string[] {
    if (this.#badCount === 0) return [];
    const more = this.#badCount > this.#bad.length ? ", …" : "";
    return [
      `${uri}: ${this.#name} has ${this.#badCount} of ${this.rows} values that are no numbers: ${this.#bad.join(", ")}${more}`,
    ];
  }

  /** What to do about labels that are two texts. */
  classHint(): string | undefined {
    const [one, other] = [...this.#texts].sort().toReversed();
    if (this.#texts.size !== 2 || this.#badCount === 0 || one === undefined || other === undefined)
      return undefined;
    return `Say which class counts as 1: --positive-class ${one}, or ${other}.`;
  }

  array(): Float64Array {
    return Float64Array.from(this.#values);
  }
}

function numberOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  const text = String(cell).trim();
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  return /^[+-]?(\d|\.\d)/.test(text) ? Number(text) : Number.NaN;
}

class GroupColumn {
  readonly #codes: number[] = [];
  readonly #codeOf = new Map<string, number>();

  add(cell: unknown): void {
    const isMissing = cell === null || cell === undefined || cell === "" || Number.isNaN(cell);
    const name = isMissing ? missingGroup : String(cell);
    const code = this.#codeOf.get(name) ?? this.#codeOf.size;
    this.#codeOf.set(name, code);
    this.#codes.push(code);
  }

  /** Groups by name, so that the order of the rows does not show. */
  sorted(): { readonly names: readonly string[]; readonly grouping: Grouping } {
    const names = [...this.#codeOf.keys()].sort();
    const places = new Map(names.map((name, place) => [this.#codeOf.get(name), place]));
    return {
      names,
      grouping: {
        codes: Uint32Array.from(this.#codes, (code) => places.get(code) ?? 0),
        count: names.length,
      },
    };
  }
}

function idProblems(uri: string, ids: readonly (string | null)[] | undefined): string[] {
  if (ids === undefined) return [];
  const seen = new Set<string>();
  const twice: string[] = [];
  let missing = 0;
  for (const id of ids) {
    if (id === null) missing += 1;
    else if (seen.has(id)) twice.push(id);
    else seen.add(id);
  }
  const problems: string[] = [];
  if (missing > 0) problems.push(`${uri}: ${missing} row ids are missing`);
  if (twice.length > 0)
    problems.push(
      `${uri}: ${twice.length} row ids stand more than once: ${twice.slice(0, mostShown).join(", ")}`,
    );
  return problems;
}

function refuse(uri: string, problems: readonly string[], hint?: string): void {
  if (problems.length === 0) return;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "PREDICTIONS_INVALID",
    message: problems.map((problem) => `${problem}.`).join("\n"),
    hint: hint ?? `Mend the step that writes ${uri}; nothing was measured.`,
  });
}

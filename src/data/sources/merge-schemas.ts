import { refusal } from "./refusals.ts";

interface StoredColumn {
  readonly name: string;
  readonly engineType: string;
}

/** The columns of one file; of files with equal columns the first stands for all. */
export interface FileSchema {
  readonly uri: string;
  readonly columns: readonly StoredColumn[];
}

interface MergedSchema {
  /** In the order of the first file, each of the widest type. */
  readonly columns: readonly StoredColumn[];
  readonly notes: readonly string[];
  /** All files have the same columns of the same types in the same order. */
  readonly isUniform: boolean;
}

const mostShown = 10;

/**
 * One schema of several, columns matched by name. Throws `not-evaluable` with every column that a file lacks or has of a type that
 * cannot be widened without loss; naming file, column and both types.
 */
export function mergeSchemas(schemas: readonly [FileSchema, ...FileSchema[]]): MergedSchema {
  const [first, ...others] = schemas;
  const types = new Map(first.columns.map((column) => [column.name, column.engineType]));
  const widened = new Set<string>();
  const problems: string[] = [];
  let isUniform = true;
  for (const file of others) {
    problems.push(...missing(first, file));
    isUniform &&= file.columns.every((column, at) => column.name === first.columns[at]?.name);
    for (const { name, engineType } of file.columns) {
      const before = types.get(name);
      if (before === undefined || before === engineType) continue;
      isUniform = false;
      const wider = widerType(before, engineType);
      if (wider === undefined)
        problems.push(
          `column ${JSON.stringify(name)} is ${engineType} in ${file.uri} and ${before} in files before it`,
        );
      else {
        types.set(name, wider);
        widened.add(name);
      }
    }
  }
  refuseAll(problems);
  if (!isUniform) refuseNamesOfOneLetter(first);
  const columns = first.columns.map(({ name, engineType }) => ({
    name,
    engineType: types.get(name) ?? engineType,
  }));
  const notes = columns
    .filter((column) => widened.has(column.name))
    .map(
      ({ name, engineType }) =>
        `Column ${JSON.stringify(name)} has different types in the files and is read as ${engineType}.`,
    );
  return { columns, notes, isUniform };
}

function missing(first: FileSchema, file: FileSchema): string[] {
  const [before, here] = [first, file].map((one) => new Set(one.columns.map((column) => column.name)));
  const lacks = first.columns.filter((column) => here?.has(column.name) === false);
  const adds = file.columns.filter((column) => before?.has(column.name) === false);
  return [
    ...lacks.map(({ name }) => `column ${JSON.stringify(name)} of ${first.uri} is missing in ${file.uri}`),
    ...adds.map(({ name }) => `column ${JSON.stringify(name)} of ${file.uri} is missing in ${first.uri}`),
  ];
}

function refuseAll(problems: readonly string[]): void {
  if (problems.length === 0) return;
  const more = problems.length > mostShown ? [`and ${problems.length - mostShown} more`] : [];
  throw refusal(
    "DATA_SCHEMAS_DIFFER",
    `The files are not of one table: ${[...problems.slice(0, mostShown), ...more].join("; ")}.`,
    "Give files with the same columns, or validate them one by one.",
  );
}

/** Where files are not alike DuckDB matches columns by name without regard to case. */
function refuseNamesOfOneLetter(first: FileSchema): void {
  const seen = new Map<string, string>();
  for (const { name } of first.columns) {
    const other = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (other === undefined) continue;
    throw refusal(
      "DATA_SCHEMAS_DIFFER",
      `The files have their columns in different orders or types, and columns ${JSON.stringify(other)} and ${JSON.stringify(name)} differ by case only.`,
      "Rename one of them, or write all files with the same schema.",
    );
  }
}

const ladders: readonly (readonly string[])[] = [
  ["TINYINT", "SMALLINT", "INTEGER", "BIGINT"],
  ["UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"],
  ["UTINYINT", "SMALLINT", "INTEGER", "BIGINT"],
  ["USMALLINT", "INTEGER", "BIGINT"],
  ["UINTEGER", "BIGINT"],
  ["FLOAT", "DOUBLE"],
];

/** The type that holds every value of both without loss; undefined where there is none. */
export function widerType(a: string, b: string): string | undefined {
  if (a === b) return a;
  for (const ladder of ladders) {
    if (ladder.includes(a) && ladder.includes(b))
      return ladder[Math.max(ladder.indexOf(a), ladder.indexOf(b))];
  }
  const [one, other] = [decimalOf(a), decimalOf(b)];
  if (one === undefined || other === undefined) return undefined;
  const scale = Math.max(one.scale, other.scale);
  const width = Math.max(one.width - one.scale, other.width - other.scale) + scale;
  return width <= 38 ? `DECIMAL(${width},${scale})` : undefined;
}

function decimalOf(type: string): { readonly width: number; readonly scale: number } | undefined {
  const match = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  return match === null ? undefined : { width: Number(match[1]), scale: Number(match[2]) };
}

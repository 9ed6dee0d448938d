import type { ContractSource } from "../contract/contract-form.ts";
import { type MeantType, meantTypes } from "../contract/meant-type.ts";
import { referencedNames } from "../contract/referenced-names.ts";
import type { LogicalType } from "../contract/values.ts";
import type { ColumnType, PlanColumn } from "../plan/column.ts";
import type { SourceColumn, TableSource } from "../sources/table-source.ts";
import { typedValue } from "./column-sql.ts";
import { withDecimalDigits } from "./decimal-digits.ts";
import type { DuckDb } from "./duckdb.ts";
import { type NestedField, nestedFields } from "./nested-columns.ts";

/** With a space: no table of a contract can be called so. */
const sampled = '"first rows of a table"';
/** How many of the first rows are looked at for the type of a CSV column that no rule gives one. */
const sampledRows = 10_000;

/** The time of one query grows faster than the number of its expressions: 1,000 columns at once took 6 s, in parts 0.9 s. */
const columnsPerQuery = 50;

/**
 * The columns of a table with their types. A type found in the first rows of a CSV is only a proposal: the scan counts what
 * does not fit it, and then it is dropped (`columnCounts` in contract/counts.ts).
 */
export async function planColumns(
  source: TableSource,
  contract: ContractSource,
  db: DuckDb,
): Promise<PlanColumn[]> {
  const meantOf = meantTypes(
    contract,
    source.columns.map((column) => column.name),
  );
  const isCsv = source.format === "csv";
  const planned = (field: NestedField | SourceColumn): PlanColumn =>
    planColumn(field, { isCsv, meant: meantOf.get(field.name) });
  const nested = isCsv ? [] : await nestedFields(referencedNames(contract), source, db);
  return [
    ...(await withDecimalDigits(await inferTypes(source.columns.map(planned), source, db), source, db)),
    ...nested.map(
      (field): PlanColumn => ({
        ...planned(field),
        path: field.path,
        ...(field.list === undefined ? {} : { list: field.list }),
      }),
    ),
  ];
}

interface KnownOfColumn {
  readonly isCsv: boolean;
  readonly meant: MeantType | undefined;
}

function planColumn(
  { name, engineType }: Pick<SourceColumn, "name" | "engineType">,
  { isCsv, meant }: KnownOfColumn,
): PlanColumn {
  const storedType = isCsv ? undefined : logicalTypeOf(engineType);
  const stored = { name, storedType, storedAs: engineType };
  // Text in a Parquet file is a string; only where rules want more of it is it read as CSV text is.
  if (storedType !== undefined && (storedType !== "string" || (meant?.type ?? "string") === "string"))
    return { ...stored, storage: "typed", type: storedType, origin: "stored" };
  if (meant === undefined) return { ...stored, storage: "text", type: "string", origin: "inferred" };
  return { ...stored, storage: "text", ...meant };
}

interface OpenColumn {
  readonly index: number;
  readonly column: PlanColumn;
  readonly sql: string;
}

/**
 * Types for the columns that nobody gave one, from the first rows: first by casts that cost little, then what these leave open by
 * the strict ones, of which a few hundred cost seconds to plan.
 */
async function inferTypes(
  columns: readonly PlanColumn[],
  source: TableSource,
  db: DuckDb,
): Promise<PlanColumn[]> {
  const open = columns.flatMap((column, index): OpenColumn[] => {
    const sql = source.columns[index]?.sql;
    return column.origin === "inferred" && sql !== undefined ? [{ column, index, sql }] : [];
  });
  if (open.length === 0) return [...columns];
  await db.query(
    `CREATE OR REPLACE TEMP TABLE ${sampled} AS SELECT * FROM ${source.sql} LIMIT ${sampledRows}`,
  );
  const families = await countSampled(open, db, ({ sql }) => ({
    present: sql,
    number: `TRY_CAST(${sql} AS DOUBLE)`,
    time: `TRY_CAST(${sql} AS TIMESTAMP)`,
    word: `CASE WHEN length(${sql}) <= 8 THEN 1 END`,
  }));
  const candidatesOf = ({ index }: OpenColumn): readonly LogicalType[] => {
    const found = families.get(index);
    const present = found?.["present"] ?? 0;
    if (present === 0) return [];
    if (found?.["number"] === present) return ["integer", "double"];
    if (found?.["time"] === present) return ["date", "timestamp"];
    return found?.["word"] === present ? ["boolean"] : [];
  };
  const fits = await countSampled(open, db, (one) =>
    Object.fromEntries(candidatesOf(one).map((type) => [type, typedValue({ ...one.column, type }, one.sql)])),
  );
  await db.query(`DROP TABLE ${sampled}`);
  const types = new Map(
    open.map((one) => {
      const present = families.get(one.index)?.["present"] ?? 0;
      const type = candidatesOf(one).find((candidate) => fits.get(one.index)?.[candidate] === present);
      return [one.index, type ?? "string"] as const;
    }),
  );
  return columns.map((column, index) => ({ ...column, type: types.get(index) ?? column.type }));
}

/** How many of the sampled rows have a value for each of the named expressions of a column; by the column's index. */
async function countSampled(
  open: readonly OpenColumn[],
  db: DuckDb,
  expressionsOf: (one: OpenColumn) => Readonly<Record<string, string>>,
): Promise<ReadonlyMap<number, Readonly<Record<string, number>>>> {
  const counted = new Map<number, Readonly<Record<string, number>>>();
  for (let start = 0; start < open.length; start += columnsPerQuery) {
    const part = open
      .slice(start, start + columnsPerQuery)
      .map((one) => ({ one, expressions: expressionsOf(one) }));
    const counts = part.flatMap(({ one, expressions }) =>
      Object.entries(expressions).map(([name, sql]) => `count(${sql}) AS ${name}_${one.index}`),
    );
    const [row] = counts.length === 0 ? [] : await db.query(`SELECT ${counts.join(", ")} FROM ${sampled}`);
    for (const { one, expressions } of part) {
      const figures = Object.keys(expressions).map((name) => [
        name,
        Number(row?.[`${name}_${one.index}`] ?? 0),
      ]);
      counted.set(one.index, Object.fromEntries(figures));
    }
  }
  return counted;
}

/** DuckDB's type as a logical one. */
function logicalTypeOf(engineType: string): ColumnType {
  if (/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/.test(engineType)) return "integer";
  if (/^(FLOAT|DOUBLE)$/.test(engineType)) return "double";
  if (/^DECIMAL\(\d+,\d+\)$/.test(engineType)) return "decimal";
  if (/^(VARCHAR|UUID|JSON|ENUM\(.*\))$/s.test(engineType)) return "string";
  if (engineType === "BOOLEAN") return "boolean";
  if (engineType === "DATE") return "date";
  return /^TIMESTAMP( WITH TIME ZONE|_S|_MS|_NS)?$/.test(engineType) ? "timestamp" : "other";
}

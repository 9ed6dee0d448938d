import type { ContractSource } from "../contract/contract.ts";
import { type MeantType, meantTypes } from "../contract/meant-type.ts";
import { referencedNames } from "../contract/referenced-names.ts";
import type { LogicalType } from "../contract/values.ts";
import type { ColumnType, PlanColumn } from "../plan/column.ts";
import type { SourceColumn, TableSource } from "../sources/table-source.ts";
import { typedValue } from "./column-sql.ts";
import { withDecimalDigits } from "./decimal-digits.ts";
import type { Cell, DuckDb } from "./duckdb.ts";
import { type NestedField, nestedFields } from "./nested-columns.ts";

/** How many of the first rows are looked at for the type of a CSV column that no rule gives one. */
const sampledRows = 10_000;

/** The time of one query grows faster than the number of its expressions: 1,000 columns at once took 6 s, in parts 0.9 s. */
const columnsPerQuery = 50;

/** From narrow to wide: the first that all sampled values can be read as is taken. */
const candidates: readonly LogicalType[] = ["integer", "double", "boolean", "date", "timestamp"];

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
    ...nested.map((field) => ({ ...planned(field), path: field.path })),
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

async function inferTypes(
  columns: readonly PlanColumn[],
  source: TableSource,
  db: DuckDb,
): Promise<PlanColumn[]> {
  const open = columns.flatMap((column, index) => {
    const sql = source.columns[index]?.sql;
    return column.origin === "inferred" && sql !== undefined ? [{ column, index, sql }] : [];
  });
  if (open.length === 0) return [...columns];
  await db.query(`CREATE OR REPLACE TEMP TABLE sampled AS SELECT * FROM ${source.sql} LIMIT ${sampledRows}`);
  const counted: Record<string, Cell> = {};
  for (let start = 0; start < open.length; start += columnsPerQuery) {
    const counts = open
      .slice(start, start + columnsPerQuery)
      .flatMap(({ column, index, sql }) => [
        `count(${sql}) AS "present_${index}"`,
        ...candidates.map((type) => `count(${typedValue({ ...column, type }, sql)}) AS "${type}_${index}"`),
      ]);
    Object.assign(counted, (await db.query(`SELECT ${counts.join(", ")} FROM sampled`))[0] ?? {});
  }
  await db.query("DROP TABLE sampled");
  return columns.map((column, index) => {
    if (column.origin !== "inferred") return column;
    const present = Number(counted[`present_${index}`] ?? 0);
    const fits = (type: LogicalType) => present > 0 && Number(counted[`${type}_${index}`]) === present;
    return { ...column, type: candidates.find(fits) ?? "string" };
  });
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

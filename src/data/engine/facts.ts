import type { PlanColumn } from "../plan/column.ts";
import type { Measure, Value } from "../plan/measure.ts";
import type { DuckDb } from "./duckdb.ts";
import type { EngineTable } from "./table-scope.ts";

/** What the footers of Parquet files say of a column, exact. */
export interface ColumnFacts {
  readonly nulls: number;
  /** Smallest and largest value; undefined where footers do not say it for this type, or where one of them is no number. */
  readonly range: { readonly min: Value; readonly max: Value } | undefined;
}

export interface TableFacts {
  readonly rows: number;
  /** By column name. */
  readonly columns: ReadonlyMap<string, ColumnFacts>;
}

/**
 * Asks the footers for the columns that `measures` are about; undefined for tables without footers. DuckDB answers counts and
 * extremes from them as long as nothing else stands in the query (10 M rows: under 10 ms).
 */
export async function readFacts(
  measures: readonly Measure[],
  table: EngineTable,
  db: DuckDb,
): Promise<TableFacts | undefined> {
  if (!table.hasFooters) return undefined;
  const named = columnsIn(measures);
  const columns = table.columns.filter((column) => named.has(column.name) && column.path === undefined);
  const asked = columns.flatMap((column, index) => {
    const sql = table.identifierOf(column.name) ?? "NULL";
    const range = hasRange(column) ? [`min(${sql}) AS low${index}`, `max(${sql}) AS high${index}`] : [];
    return [`count(${sql}) AS present${index}`, ...range];
  });
  const [row] = await db.query(`SELECT ${["count(*) AS total", ...asked].join(", ")} FROM ${table.sql}`);
  const rows = Number(row?.["total"] ?? 0);
  const found = columns.map((column, index): [string, ColumnFacts] => [
    column.name,
    {
      nulls: rows - Number(row?.[`present${index}`] ?? 0),
      range: rangeOf(row?.[`low${index}`], row?.[`high${index}`]),
    },
  ]);
  return { rows, columns: new Map(found) };
}

/** NaN stands in no footer, or makes it useless: then the scan has to say. */
function rangeOf(min: Value | undefined, max: Value | undefined): ColumnFacts["range"] {
  const isUseful = (value: Value | undefined) =>
    value !== undefined && value !== null && !Number.isNaN(value);
  return isUseful(min) && isUseful(max) ? { min: min ?? null, max: max ?? null } : undefined;
}

/** Footers hold extremes of text cut off, of 96-bit timestamps not at all. */
function hasRange({ storage, storedAs }: PlanColumn): boolean {
  return (
    storage === "typed" &&
    /^(U?(TINYINT|SMALLINT|INTEGER|BIGINT)|DOUBLE|DATE|TIMESTAMP(_S|_MS|_NS)?)$/.test(storedAs)
  );
}

/** The columns that expressions in `tree` name. */
export function columnsIn(tree: unknown): Set<string> {
  const found = new Set<string>();
  const visit = (part: unknown): void => {
    if (Array.isArray(part)) for (const one of part) visit(one);
    else if (typeof part === "object" && part !== null) {
      if ("op" in part && "column" in part && typeof part.column === "string") found.add(part.column);
      for (const one of Object.values(part)) visit(one);
    }
  };
  visit(tree);
  return found;
}

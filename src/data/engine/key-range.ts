import type { PlanColumn } from "../plan/column.ts";
import type { Measure } from "../plan/measure.ts";
import type { DuckDb } from "./duckdb.ts";
import type { EngineTable } from "./engine-table.ts";
import { quotePath, quoteText } from "./sql.ts";
import { TableScope } from "./table-scope.ts";

/** Between which integers the keys of a column probably are. A guess: a key outside of it costs time, not truth. */
export interface KeyRange {
  readonly low: number;
  readonly high: number;
}

/** Bits below and above the first rows of a CSV: 24 MB a thread, and room for 130 M running numbers. */
const [bitsBelow, bitsAbove] = [2 ** 26, 2 ** 27];
/** Keys that grow or fall by no more than that a row are taken for running numbers. */
const largestStep = 16;
const sampledRows = 2048;

/** Guesses for the keys of one column of integers that `measures` ask the distinct number of, by column name. */
export async function guessKeyRanges(
  measures: readonly Measure[],
  table: EngineTable,
  db: DuckDb,
): Promise<ReadonlyMap<string, KeyRange>> {
  const byName = new Map(table.columns.map((column) => [column.name, column]));
  const keys = [...new Set(measures.map((measure) => keyColumn(measure, table)))].flatMap((name) => {
    const column = name === undefined ? undefined : byName.get(name);
    return column?.type === "integer" ? [column] : [];
  });
  if (keys.length === 0) return new Map();
  return table.footers.length > 0 ? await fromFooters(keys, table, db) : await fromFirstRows(keys, table, db);
}

/**
 * The one column whose values are the key; undefined for keys of several, and for other measures. Of a column that is read the
 * quick way the text is as good as the number: where all texts are exact, equal texts are equal numbers.
 */
export function keyColumn(measure: Measure, { quick }: EngineTable): string | undefined {
  if (measure.kind !== "distinct" && measure.kind !== "duplicates") return undefined;
  const [key, ...others] = measure.kind === "distinct" ? measure.of : measure.keys;
  if (others.length > 0) return undefined;
  if (key?.op === "text" && quick.has(key.column)) return key.column;
  return key?.op === "column" ? key.column : undefined;
}

async function fromFooters(keys: readonly PlanColumn[], { footers }: EngineTable, db: DuckDb) {
  const files = footers.map(quotePath).join(", ");
  const names = keys.map((key) => quoteText(key.name)).join(", ");
  const rows = await db.query(
    `SELECT path_in_schema AS name, min(TRY_CAST(stats_min_value AS BIGINT)) AS low, max(TRY_CAST(stats_max_value AS BIGINT)) AS high
FROM parquet_metadata([${files}]) WHERE path_in_schema IN (${names}) GROUP BY path_in_schema`,
  );
  return new Map(
    rows.flatMap((row) =>
      range(String(row["name"]), Number(row["low"] ?? Number.NaN), Number(row["high"] ?? Number.NaN)),
    ),
  );
}

async function fromFirstRows(keys: readonly PlanColumn[], table: EngineTable, db: DuckDb) {
  // As text: the reader reads ahead, and would throw for what stands far behind the first rows.
  const scope = new TableScope({ ...table, typed: new Set() });
  const values = keys.map((key, index) => `${scope.typed(key.name)} AS k${index}`);
  const lows = keys.map((_, index) => `min(k${index}) AS low${index}, max(k${index}) AS high${index}`);
  const [row] = await db.query(
    `SELECT count(*) AS n, ${lows.join(", ")} FROM (SELECT ${values.join(", ")} FROM ${scope.from()} LIMIT ${sampledRows})`,
  );
  return new Map(
    keys.flatMap((key, index) => {
      const low = Number(row?.[`low${index}`] ?? Number.NaN);
      const high = Number(row?.[`high${index}`] ?? Number.NaN);
      // All rows were seen; bits for more would cost a small table 0.2 s.
      if (Number(row?.["n"]) < sampledRows) return range(key.name, low, high);
      const reach = runningReach(high - low, table.forms?.rows());
      return range(key.name, low - Math.min(bitsBelow, reach), low + Math.min(bitsAbove, reach));
    }),
  );
}

/** How far running numbers may go from the first ones, were they twice as sparse in the rest of the table. */
function runningReach(span: number, rows: number | undefined): number {
  const step = Math.max(1, span / sampledRows);
  return rows === undefined || step > largestStep ? Number.POSITIVE_INFINITY : Math.ceil(2 * step * rows);
}

function range(name: string, low: number, high: number): [string, KeyRange][] {
  return Number.isSafeInteger(low) && Number.isSafeInteger(high) ? [[name, { low, high }]] : [];
}

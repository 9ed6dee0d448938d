import { type DuckDb, openDuckDb } from "../data/engine/duckdb.ts";
import type { RemoteFetch } from "../data/sources/located.ts";
import { openTable } from "../data/sources/source.ts";
import type { SourceColumn, SourceFile, TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { didYouMean } from "./did-you-mean.ts";
import { columnOf, isText, numberSql } from "./read/expressions.ts";

/** The training series that a forecast was made from. */
export interface HistoryRequest {
  /** Files, patterns, folders and `s3://` addresses of one table. */
  readonly paths: readonly string[];
  /** The column that orders a series; undefined: found by name. */
  readonly time: string | undefined;
  /** Steps after which a series is expected to repeat itself: 1 is the naive forecast, 12 that of months. */
  readonly season: number;
}

/** The history, and what is around it. */
export interface HistoryWork {
  readonly history: HistoryRequest;
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly fetchRemote: RemoteFetch | undefined;
  readonly limits: { readonly threads: number | undefined; readonly memoryLimit: string };
}

/** Columns that the forecasts have too. */
export interface HistoryColumns {
  readonly label: string;
  readonly series: string | undefined;
}

/** A table of training series that can be read. */
export interface OpenHistory {
  readonly db: DuckDb;
  readonly source: TableSource;
  /** Undefined: all rows are of one. */
  readonly series: SourceColumn | undefined;
  readonly names: HistoryColumns & { readonly time: string };
  /** Values, as doubles: NaN for what is no number. */
  readonly valueSql: string;
  /** The times, which sort the rows of a series. */
  readonly timeSql: string;
}

const timeNames = ["time", "timestamp", "date", "ds"];
const mostShown = 5;

/**
 * Opens the history in a database of its own, for as long as `use` takes. Throws `not-evaluable` for a table without the columns, and
 * times that are missing or cannot be sorted.
 */
export async function withHistoryTable<Found>(
  { history, cwd, signal, fetchRemote, limits }: HistoryWork,
  columns: HistoryColumns,
  use: (open: OpenHistory) => Promise<Found>,
): Promise<{ readonly found: Found; readonly files: readonly SourceFile[] }> {
  const db = await openDuckDb({ signal, ...limits });
  try {
    const source = await openTable(history.paths, db, { cwd, signal, fetchRemote, readsAhead: false });
    try {
      const found = await use(await lookAt(db, source, { ...columns, time: history.time }));
      return { found, files: await source.facts() };
    } catch (error) {
      throw source.explain(error);
    } finally {
      source.close();
    }
  } finally {
    await db.close();
  }
}

async function lookAt(
  db: DuckDb,
  source: TableSource,
  given: HistoryColumns & { readonly time: string | undefined },
): Promise<OpenHistory> {
  const names = chosen(source, given);
  return {
    ...{ db, source, names },
    series: names.series === undefined ? undefined : columnOf(source, names.series),
    valueSql: `CAST(coalesce(${numberSql(columnOf(source, names.label))}, CAST('nan' AS DOUBLE)) AS DOUBLE)`,
    timeSql: await sortableTime(db, source, names.time),
  };
}

function chosen(
  source: TableSource,
  { label, series, time }: HistoryColumns & { readonly time: string | undefined },
): OpenHistory["names"] {
  const names = source.columns.map((column) => column.name);
  const found = time ?? timeNames.find((name) => names.includes(name));
  if (found === undefined)
    throw refusedHistory(`it has no column called ${timeNames.join(", ")}: say which orders it with --time`);
  const missing = [
    ["label", label],
    ["series", series],
    ["time", found],
  ].flatMap(([flag, name]) =>
    name === undefined || names.includes(name)
      ? []
      : [`it has no column ${JSON.stringify(name)} (--${flag})${didYouMean(name, names)}`],
  );
  if (missing.length > 0) throw refusedHistory(missing.join("; "));
  return { label, series, time: found };
}

/** Texts are numbers or dates, all of them: by the alphabet 10 stands before 9. */
async function sortableTime(db: DuckDb, source: TableSource, time: string): Promise<string> {
  const column = columnOf(source, time);
  const { sql } = column;
  const kinds = isText(column) ? ["DOUBLE", "TIMESTAMP"] : [];
  const counts = kinds.map((kind) => `count(TRY_CAST(${sql} AS ${kind})) AS ${kind.toLowerCase()}`);
  const [row = {}] = await db.query(
    `SELECT ${[`count(${sql}) AS filled`, "count(*) AS rows", ...counts].join(", ")} FROM ${source.sql}`,
  );
  const filled = Number(row["filled"]);
  if (filled < Number(row["rows"]))
    throw refusedHistory(`${Number(row["rows"]) - filled} rows have no time (${time})`);
  if (kinds.length === 0) return sql;
  const kind = kinds.find((one) => Number(row[one.toLowerCase()]) === filled);
  if (kind === undefined)
    throw refusedHistory(
      `the time column ${JSON.stringify(time)} holds texts that are neither numbers nor dates`,
    );
  return `TRY_CAST(${sql} AS ${kind})`;
}

/** Of so many series of the forecasts there are no rows; `names`: some of them or all. */
export function absentSeries(count: number, names: readonly string[]): MlopsError {
  return refusedHistory(`it has no rows of ${count} series of the forecasts: ${listed(names)}`);
}

/** So many series are too short for a season; `names`: some of them or all, undefined where there is one without a name. */
export function shortSeries(count: number, season: number, names: readonly string[] | undefined): MlopsError {
  return refusedHistory(
    `${count} series have no two values ${season} steps apart${names === undefined ? "" : `: ${listed(names)}`} (--season)`,
  );
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`;
}

export function refusedHistory(problem: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "HISTORY_INVALID",
    message: `--history cannot be used: ${problem}.`,
    hint: "Give the training series with the columns of the forecasts for truth and series, and a column of times.",
  });
}

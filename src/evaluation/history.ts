import { type DuckDb, openDuckDb } from "../data/engine/duckdb.ts";
import type { RemoteFetch } from "../data/sources/located.ts";
import { confirmRead, openTable } from "../data/sources/source.ts";
import type { SourceColumn, SourceFile, TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { naiveScales } from "../metrics/forecasting/naive-scales.ts";
import { didYouMean } from "./did-you-mean.ts";
import { readDictionaries } from "./read/dictionary.ts";
import { columnOf, isText, numberSql } from "./read/expressions.ts";
import { streamNumbers } from "./read/number-chunks.ts";
import { sharedFloat64 } from "./read/sinks.ts";
import type { TableData } from "./read/table-data.ts";
import { plainCodes } from "./read/task-readings.ts";

/** The training series that a forecast was made from. */
export interface HistoryRequest {
  /** Files, patterns, folders and `s3://` addresses of one table. */
  readonly paths: readonly string[];
  /** The column that orders a series; undefined: found by name. */
  readonly time: string | undefined;
  /** Steps after which a series is expected to repeat itself: 1 is the naive forecast, 12 that of months. */
  readonly season: number;
}

interface Columns {
  readonly label: string;
  readonly series: string | undefined;
}

const timeNames = ["time", "timestamp", "date", "ds"];
const mostShown = 5;

/**
 * The error of the seasonal naive forecast in the training series of each row of `data`. Throws `not-evaluable` for a table without the
 * columns, values that are no numbers, times that are missing or stand twice, and series that are missing or shorter than a season.
 */
export async function historyScales(
  request: {
    readonly history: HistoryRequest;
    readonly cwd: string;
    readonly signal: AbortSignal;
    readonly fetchRemote: RemoteFetch | undefined;
    readonly limits: { readonly threads: number | undefined; readonly memoryLimit: string };
  },
  columns: Columns,
  data: Pick<TableData, "rows" | "series">,
): Promise<{ readonly scales: TableData["scales"]; readonly files: readonly SourceFile[] }> {
  const { history, cwd, signal, fetchRemote, limits } = request;
  const db = await openDuckDb({ signal, ...limits });
  try {
    const source = await openTable(history.paths, db, { cwd, signal, fetchRemote, readsAhead: false });
    try {
      const read = await readHistory(db, source, { ...columns, time: history.time }).catch(
        (error: unknown) => {
          throw source.explain(error);
        },
      );
      const series = { codes: read.codes, count: read.names.length };
      const { season } = history;
      const scales = byRow(naiveScales(read.values, series, season), { read, data, season });
      return { scales, files: await source.facts() };
    } finally {
      source.close();
    }
  } finally {
    await db.close();
  }
}

interface History {
  /** By series, then by time. */
  readonly values: Float64Array;
  readonly codes: Uint32Array;
  readonly names: readonly string[];
}

async function readHistory(
  db: DuckDb,
  source: TableSource,
  given: Columns & { readonly time: string | undefined },
): Promise<History> {
  const { label, series, time } = chosen(source, given);
  const dictionary =
    series === undefined
      ? undefined
      : (await readDictionaries(db, source, { names: [series], figures: [] })).dictionaries.get(series);
  const { sql: code, firstCode } =
    dictionary === undefined ? { sql: "CAST(0 AS UTINYINT)", firstCode: 0 } : plainCodes(dictionary);
  const at = await timeSql(db, source, time);
  const [counts = {}] = await db.query(
    `SELECT coalesce(sum(n), 0) AS rows, coalesce(max(n), 0) AS most FROM (SELECT count(*) AS n FROM ${source.sql} GROUP BY ${code}, ${at})`,
  );
  const rows = Number(counts["rows"]);
  if (rows === 0) throw refused("it has no rows");
  if (Number(counts["most"]) > 1)
    throw refused(
      `a time (${time}) stands more than once in one series${series === undefined ? "; name the column of the series with --series" : ""}`,
    );
  if (dictionary?.hasMissing === true) throw refused(`rows have no series (${series})`);
  const values = new Float64Array(rows);
  const codes = new Uint32Array(rows);
  let start = 0;
  const sql = `SELECT ${code} AS code, ${valueSql(columnOf(source, label))} AS value FROM ${source.sql} ORDER BY ${code}, ${at}`;
  for await (const chunk of streamNumbers(db, sql)) {
    const [own, numbers] = chunk.columns;
    for (let row = 0; row < chunk.rows && start + row < rows; row += 1) {
      codes[start + row] = Number(own?.[row] ?? 0) - firstCode;
      values[start + row] = Number(numbers?.[row] ?? Number.NaN);
    }
    start += chunk.rows;
  }
  await confirmRead(source, start);
  const bad = values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  if (bad > 0) throw refused(`${bad} of ${rows} values of ${label} are no numbers`);
  return { values, codes, names: dictionary?.texts ?? [""] };
}

/** NaN for what is no number. */
function valueSql(column: SourceColumn): string {
  return `CAST(coalesce(${numberSql(column)}, CAST('nan' AS DOUBLE)) AS DOUBLE)`;
}

function chosen(
  source: TableSource,
  { label, series, time }: Columns & { readonly time: string | undefined },
): Columns & { readonly time: string } {
  const names = source.columns.map((column) => column.name);
  const found = time ?? timeNames.find((name) => names.includes(name));
  if (found === undefined)
    throw refused(`it has no column called ${timeNames.join(", ")}: say which orders it with --time`);
  const missing = [
    ["label", label],
    ["series", series],
    ["time", found],
  ].flatMap(([flag, name]) =>
    name === undefined || names.includes(name)
      ? []
      : [`it has no column ${JSON.stringify(name)} (--${flag})${didYouMean(name, names)}`],
  );
  if (missing.length > 0) throw refused(missing.join("; "));
  return { label, series, time: found };
}

/** Texts are numbers or dates, all of them: by the alphabet 10 stands before 9. */
async function timeSql(db: DuckDb, source: TableSource, time: string): Promise<string> {
  const column: SourceColumn = columnOf(source, time);
  const { sql } = column;
  const kinds = isText(column) ? ["DOUBLE", "TIMESTAMP"] : [];
  const counts = kinds.map((kind) => `count(TRY_CAST(${sql} AS ${kind})) AS ${kind.toLowerCase()}`);
  const [row = {}] = await db.query(
    `SELECT ${[`count(${sql}) AS filled`, "count(*) AS rows", ...counts].join(", ")} FROM ${source.sql}`,
  );
  const filled = Number(row["filled"]);
  if (filled < Number(row["rows"]))
    throw refused(`${Number(row["rows"]) - filled} rows have no time (${time})`);
  if (kinds.length === 0) return sql;
  const kind = kinds.find((one) => Number(row[one.toLowerCase()]) === filled);
  if (kind === undefined)
    throw refused(`the time column ${JSON.stringify(time)} holds texts that are neither numbers nor dates`);
  return `TRY_CAST(${sql} AS ${kind})`;
}

function byRow(
  scales: { readonly mae: Float64Array; readonly rmse: Float64Array },
  of: {
    readonly read: History;
    readonly data: Pick<TableData, "rows" | "series">;
    readonly season: number;
  },
): TableData["scales"] {
  const { read, data, season } = of;
  const places = new Map(read.names.map((name, code) => [name, code]));
  const names = data.series?.names ?? [""];
  const codes = names.map((name) => places.get(name));
  const absent = names.filter((_, index) => codes[index] === undefined);
  if (absent.length > 0)
    throw refused(`it has no rows of ${absent.length} series of the forecasts: ${listed(absent)}`);
  const short = names.filter((_, index) => Number.isNaN(scales.mae[codes[index] ?? 0]));
  if (short.length > 0)
    throw refused(
      `${short.length} series have no two values ${season} steps apart${data.series === undefined ? "" : `: ${listed(short)}`} (--season)`,
    );
  const spread = (scale: Float64Array) => {
    const values = sharedFloat64(data.rows);
    for (let row = 0; row < values.length; row += 1)
      values[row] = scale[codes[data.series?.codes[row] ?? 0] ?? 0] ?? Number.NaN;
    return values;
  };
  return { mae: spread(scales.mae), rmse: spread(scales.rmse) };
}

function listed(names: readonly string[]): string {
  return `${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`;
}

function refused(problem: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "HISTORY_INVALID",
    message: `--history cannot be used: ${problem}.`,
    hint: "Give the training series with the columns of the forecasts for truth and series, and a column of times.",
  });
}

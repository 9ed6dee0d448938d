import { confirmRead } from "../data/sources/source.ts";
import { NaiveErrors, type NaiveScale } from "../metrics/forecasting/naive-scales.ts";
import { type OpenHistory, refusedHistory } from "./open-history.ts";
import { type NumberChunk, streamNumbers } from "./read/number-chunks.ts";

/** Rows of a history: those of one series come one after the other, in the order of time. */
export interface HistoryChunk<Name> {
  readonly rows: number;
  /** What `historySqls` asks for. */
  readonly columns: NumberChunk["columns"];
  /** The rows that are of another series than the row before them. */
  readonly starts: readonly number[];
  nameAt(row: number): Name;
}

/** Values, and 32 bits of each time, which tell rows of equal times from most others. */
export function historySqls({ valueSql, timeSql }: OpenHistory): [string, string] {
  return [valueSql, `CAST(hash(${timeSql}) & 4294967295 AS UINTEGER)`];
}

/** The series of rows that are all of one. */
export const oneSeries = "CAST(0 AS UTINYINT)";

/** What was found out about the rows. */
interface HistoryFacts {
  readonly rows: number;
  /** Values that are no numbers. */
  readonly bad: number;
  /** Whether a time may stand twice in a series: not unless two that follow each other look alike. */
  readonly mayRepeat: boolean;
}

/** The naive errors of one series after the other, of which one is in memory at a time. */
export async function naiveErrors<Name>(
  chunks: AsyncIterable<HistoryChunk<Name>>,
  season: number,
  onSeries: (name: Name, scale: NaiveScale) => Promise<void> | void,
): Promise<HistoryFacts> {
  const errors = new NaiveErrors(season);
  let name: { readonly own: Name } | undefined;
  let [rows, bad, mayRepeat, last] = [0, 0, false, -1];
  const end = async () => {
    if (name !== undefined) await onSeries(name.own, errors.endSeries());
  };
  for await (const { rows: length, columns, starts, nameAt } of chunks) {
    const [values = [], stamps = []] = columns;
    let next = 0;
    for (let row = 0; row < length; row += 1) {
      if (row === starts[next]) {
        next += 1;
        await end();
        name = { own: nameAt(row) };
        last = -1;
      }
      const value = Number(values[row]);
      if (!Number.isFinite(value)) bad += 1;
      errors.add(value);
      const stamp = Number(stamps[row]);
      if (stamp === last) mayRepeat = true;
      last = stamp;
    }
    rows += length;
  }
  await end();
  return { rows, bad, mayRepeat };
}

/** Throws `not-evaluable` for a history that cannot be used; `key`: what tells its series apart. Throws as `confirmRead` does. */
export async function refuseHistory(
  open: OpenHistory,
  key: string,
  { rows, bad, mayRepeat }: HistoryFacts,
): Promise<void> {
  if (rows === 0) throw refusedHistory("it has no rows");
  if (mayRepeat) await refuseRepeated(open, key);
  await confirmRead(open.source, rows);
  if (bad > 0) throw refusedHistory(`${bad} of ${rows} values of ${open.names.label} are no numbers`);
}

/** Throws `not-evaluable`: rows have no series. */
export async function refuseMissing(open: OpenHistory, key: string): Promise<never> {
  await refuseRepeated(open, key);
  throw refusedHistory(`rows have no series (${open.names.series})`);
}

async function refuseRepeated({ db, source, names, timeSql }: OpenHistory, key: string): Promise<void> {
  const [counts = {}] = await db.query(
    `SELECT coalesce(max(n), 0) AS most FROM (SELECT count(*) AS n FROM ${source.sql} GROUP BY ${key}, ${timeSql})`,
  );
  if (Number(counts["most"]) > 1)
    throw refusedHistory(
      `a time (${names.time}) stands more than once in one series${names.series === undefined ? "; name the column of the series with --series" : ""}`,
    );
}

/** All rows of a query with codes of series, if there are any, before what `historySqls` asks for. */
export async function* inCodeOrder(
  open: OpenHistory,
  code: string | undefined,
): AsyncIterable<HistoryChunk<number>> {
  const { db, source, timeSql } = open;
  const own = code ?? oneSeries;
  const order = code === undefined ? timeSql : `${code}, ${timeSql}`;
  const sql = `SELECT ${[own, ...historySqls(open)].join(", ")} FROM ${source.sql} ORDER BY ${order}`;
  let last = -1;
  for await (const chunk of streamNumbers(db, sql)) {
    const [codes = [], ...columns] = chunk.columns;
    const starts: number[] = [];
    for (let row = 0; row < chunk.rows; row += 1) {
      const found = Number(codes[row]);
      if (found !== last) starts.push(row);
      last = found;
    }
    yield { rows: chunk.rows, columns, starts, nameAt: (row) => Number(codes[row]) };
  }
}

import { messageOf } from "../../errors.ts";
import type { DuckDb } from "./duckdb.ts";

/** What Node's timers can count. */
const longestTimerMs = 2 ** 31 - 1;
/** DuckDB forgets an interrupt that comes before a query has begun to run. */
const interruptIntervalMs = 20;

/** The answer of `work`, queries of `db`, or undefined where it takes longer than `limitMs`: then its query is ended. */
export async function withinLimit<T>(
  db: DuckDb,
  limitMs: number,
  work: () => Promise<T>,
): Promise<{ readonly found: T } | undefined> {
  let isOver = false;
  let timer = setTimeout(
    () => {
      isOver = true;
      db.interrupt();
      timer = setInterval(() => db.interrupt(), interruptIntervalMs);
    },
    Math.min(limitMs, longestTimerMs),
  );
  try {
    return { found: await work() };
  } catch (error) {
    if (isOver && /INTERRUPT/i.test(messageOf(error))) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

import type { DuckDb } from "./duckdb.ts";
import { faultText } from "./fault.ts";
import { quoteText } from "./sql.ts";

/**
 * Why RE2, which runs regular expressions over all rows, takes a pattern for none, by the pattern; not there where it takes
 * it. One query where all are good.
 */
export async function refusedPatterns(
  patterns: readonly string[],
  db: DuckDb,
): Promise<ReadonlyMap<string, string>> {
  const [first, ...others] = new Set(patterns);
  if (first === undefined) return new Map();
  const all = [first, ...others];
  const reason = await reasonAgainst(all, db);
  if (reason === undefined) return new Map();
  if (others.length === 0) return new Map([[first, reason]]);
  // One of them ends the query: the halves are tried on their own, until it stands alone.
  const middle = Math.ceil(all.length / 2);
  return new Map([
    ...(await refusedPatterns(all.slice(0, middle), db)),
    ...(await refusedPatterns(all.slice(middle), db)),
  ]);
}

async function reasonAgainst(patterns: readonly string[], db: DuckDb): Promise<string | undefined> {
  const tests = patterns.map((pattern) => `regexp_matches('', ${quoteText(pattern)})`);
  try {
    await db.query(`SELECT [${tests.join(", ")}]`);
    return undefined;
  } catch (error) {
    const [, reason] = /^Invalid Input Error: (.*)/.exec(faultText(error)) ?? [];
    if (reason === undefined) throw error;
    return reason;
  }
}

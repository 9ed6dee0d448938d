import { z } from "zod";
import type { GxExpectationResult } from "../../../../src/data/gx/gx-result.ts";
import { temporaryFolder } from "../../../support/folder.ts";
import { writeQuery } from "../parquet.ts";
import { runSuite } from "../run-suite.ts";

export type Written = readonly [type: string, kwargs: Readonly<Record<string, unknown>>];

export interface Judged {
  /** `error`: it could not be evaluated. */
  readonly outcome: "good" | "bad" | "error";
  readonly result: Readonly<Record<string, unknown>>;
  /** Why it could not be evaluated. */
  readonly message: string;
}

/** What is made of each expectation over the rows of a DuckDB query, all in one suite, through the whole validation. */
export async function judged(sql: string, expectations: readonly Written[]): Promise<readonly Judged[]> {
  const folder = temporaryFolder();
  const file = await writeQuery(sql, folder);
  return await judgedFile(file, expectations);
}

/** The same over a file. */
export async function judgedFile(file: string, expectations: readonly Written[]): Promise<readonly Judged[]> {
  const suite = {
    name: "s",
    meta: {},
    expectations: expectations.map(([type, kwargs]) => ({ type, kwargs, meta: {} })),
  };
  const { gx } = await runSuite({
    ...{ suite: JSON.stringify(suite), file, cwd: temporaryFolder(), now: new Date(0) },
    resultFormat: "COMPLETE",
  });
  return gx.results.map(judgedOf);
}

/** Only how they came out. */
export async function outcomes(sql: string, expectations: readonly Written[]): Promise<readonly string[]> {
  return (await judged(sql, expectations)).map(({ outcome }) => outcome);
}

function judgedOf({ success, result, exception_info: info }: GxExpectationResult): Judged {
  const text = JSON.stringify(info);
  const isError = text.includes('"raised_exception":true');
  const message = /"exception_message":("(?:[^"\\]|\\.)*")/.exec(text)?.[1];
  const goodOrBad = success ? "good" : "bad";
  return {
    outcome: isError ? "error" : goodOrBad,
    result: z.record(z.string(), z.unknown()).parse(result),
    message: message === undefined ? "" : String(JSON.parse(message)),
  };
}

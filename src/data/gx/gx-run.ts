import { type GxRun, type GxSuiteResult, gxSuiteResult } from "./gx-result.ts";
import type { ResultFormat } from "./result-format.ts";
import { findUnexpected, partialCount, type UnexpectedRequest } from "./unexpected-rows.ts";

/** Rows of one expectation that COMPLETE lists; more of them are no list that a person or a job reads. */
const completeRows = 100_000;

/** A judged suite, of a table that can still be asked. `checks` and `results` are those of this suite alone. */
export type GxRequest = Omit<UnexpectedRequest, "rowLimit"> & Omit<GxRun, "unexpected">;

/**
 * The result of a suite in Great Expectations' own form, with the unexpected rows that the format asks for. Values of the
 * data stand in it unmasked, as that form has them. COMPLETE lists at most 100,000 rows of an expectation; the counts are
 * those of all.
 */
export async function gxResult(request: GxRequest): Promise<GxSuiteResult> {
  const rowLimit = rowsFor(request.resultFormat);
  const unexpected = rowLimit === 0 ? new Map() : await findUnexpected({ ...request, rowLimit });
  return gxSuiteResult({ ...request, unexpected });
}

function rowsFor(format: ResultFormat): number {
  if (format === "BOOLEAN_ONLY") return 0;
  return format === "COMPLETE" ? completeRows : partialCount;
}

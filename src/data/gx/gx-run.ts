import { MlopsError } from "../../errors.ts";
import type { Answers } from "../plan/answers.ts";
import type { Check, CheckResult } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Engine } from "../plan/engine.ts";
import { type GxSuiteResult, gxSuiteResult } from "./gx-result.ts";
import { didYouMean } from "./nearest.ts";
import type { ResultFormat } from "./result-format.ts";
import type { Suite } from "./suite.ts";
import { findUnexpected, partialCount, type UnexpectedRows } from "./unexpected-rows.ts";

/** Rows of one expectation that COMPLETE lists; more of them are no list that a person or a job reads. */
const completeRows = 100_000;

/** A judged table that can still be asked. */
export interface GxTable {
  /** Of the whole run: those of the suites stand among them one suite after the other. */
  readonly checks: readonly Check[];
  /** Of those checks, in the same order. */
  readonly results: readonly CheckResult[];
  readonly answers: Answers;
  readonly engine: Engine;
  readonly columns: readonly PlanColumn[];
}

export interface GxOptions {
  readonly resultFormat: ResultFormat;
  /** Columns of the table that name a row in the lists of COMPLETE; none: rows are named by their number. */
  readonly indexColumns: readonly string[];
  /** What names the data: the path, the URI. */
  readonly batchId: string;
  /** Into `meta` of each result. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/**
 * One result for each suite in Great Expectations' own form, with the unexpected rows that the format asks for. Values of
 * the data stand in it unmasked, as that form has them. COMPLETE lists at most 100,000 rows of an expectation; the counts
 * are those of all. Throws `usage` for an index column that the table has not.
 */
export async function gxResults(
  suites: readonly Suite[],
  table: GxTable,
  options: GxOptions,
): Promise<GxSuiteResult[]> {
  refuseUnknown(options.indexColumns, table.columns);
  const places = [...table.checks.keys()].filter((place) => table.checks[place]?.kind === "expectation");
  const found: GxSuiteResult[] = [];
  let start = 0;
  for (const suite of suites) {
    const own = new Set(places.slice(start, start + suite.expectations.length));
    start += suite.expectations.length;
    const of = <T>(list: readonly T[]) => list.filter((_, place) => own.has(place));
    const checks = of(table.checks);
    const results = of(table.results);
    const unexpected = await unexpectedOf({ ...table, checks, results }, options);
    found.push(gxSuiteResult({ ...options, suite, results, unexpected, columns: table.columns }));
  }
  return found;
}

function refuseUnknown(indexColumns: readonly string[], columns: readonly PlanColumn[]): void {
  const names = columns.map((column) => column.name);
  const unknown = indexColumns.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  const said = unknown.map((name) => `${JSON.stringify(name)}${didYouMean(name, names)}`).join(", ");
  throw new MlopsError({
    kind: "usage",
    code: "INDEX_COLUMN_UNKNOWN",
    message: `--index-column: the data has no column ${said}.`,
    hint: "Name a column of the table, as it stands in the file.",
  });
}

async function unexpectedOf(
  table: GxTable,
  { resultFormat, indexColumns }: GxOptions,
): Promise<ReadonlyMap<number, UnexpectedRows>> {
  if (resultFormat === "BOOLEAN_ONLY") return new Map();
  const rowLimit = resultFormat === "COMPLETE" ? completeRows : partialCount;
  return await findUnexpected({ ...table, indexColumns, rowLimit });
}

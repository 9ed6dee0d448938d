import { contractSchema } from "../../../src/data/contract/contract.ts";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import type { GxSuiteResult } from "../../../src/data/gx/gx-result.ts";
import { gxResults } from "../../../src/data/gx/gx-run.ts";
import type { ResultFormat } from "../../../src/data/gx/result-format.ts";
import { readSuite } from "../../../src/data/gx/suite.ts";
import type { CheckResult } from "../../../src/data/plan/check.ts";
import { validateTable } from "../../../src/data/validate-table.ts";

export interface SuiteRun {
  /** JSON text of a suite file. */
  readonly suite: string;
  readonly file: string;
  /** Files by the name that expectations call them by. */
  readonly otherTables?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly now: Date;
  readonly resultFormat?: ResultFormat;
  readonly indexColumns?: readonly string[];
}

export interface SuiteRunResult {
  readonly gx: GxSuiteResult;
  /** Of the expectations, in the order of the suite. */
  readonly results: readonly CheckResult[];
}

/** Judges a file by a suite, from its text to the result in Great Expectations' form. */
export async function runSuite(run: SuiteRun): Promise<SuiteRunResult> {
  const { now, cwd } = run;
  const suite = readSuite({ text: run.suite, shown: "suite.json", parameters: new Map(), now });
  const signal = new AbortController().signal;
  let found: SuiteRunResult | undefined;
  const request = {
    ...{ paths: [run.file], cwd, now, signal, suites: [suite], maxNullRatio: 1, wantsProfiles: false },
    contract: contractSchema.parse({ tables: run.otherTables ?? {} }),
    placeInContract: (key: readonly (string | number)[]) => key.join("."),
    ...{ minRows: 0, maxRows: undefined, previousRows: undefined, delimiter: undefined, encoding: undefined },
    openDatabase: () => openDuckDb(),
    ...{ failingRows: undefined, fetchRemote: undefined, env: {} },
    redact: (text: string) => text,
    watch: { phase: () => undefined, follow: () => undefined },
  };
  await validateTable(request, async (table) => {
    const [gx] = await gxResults([suite], table, {
      resultFormat: run.resultFormat ?? "COMPLETE",
      indexColumns: run.indexColumns ?? [],
      batchId: "data",
      meta: {},
    });
    const results = table.results.filter(({ kind }) => kind === "expectation");
    if (gx !== undefined) found = { gx, results };
  });
  if (found === undefined) throw new Error("the table was not judged");
  return found;
}

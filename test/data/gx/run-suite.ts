import { answerChecks } from "../../../src/data/answer-checks.ts";
import { planColumns } from "../../../src/data/engine/columns.ts";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { duckDbEngine } from "../../../src/data/engine/duckdb-engine.ts";
import { createView } from "../../../src/data/engine/views.ts";
import type { GxSuiteResult } from "../../../src/data/gx/gx-result.ts";
import { gxResult } from "../../../src/data/gx/gx-run.ts";
import type { ResultFormat } from "../../../src/data/gx/result-format.ts";
import { readSuite } from "../../../src/data/gx/suite.ts";
import { expectationTable, suiteChecks } from "../../../src/data/gx/suite-checks.ts";
import { type CheckResult, isMeasured } from "../../../src/data/plan/check.ts";
import { judgeChecks } from "../../../src/data/plan/judge.ts";
import { openTable } from "../../../src/data/sources/source.ts";

export interface SuiteRun {
  /** JSON text of a suite file. */
  readonly suite: string;
  readonly file: string;
  /** Parquet files by the name that expectations call them by. */
  readonly otherTables?: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly now: Date;
  readonly resultFormat?: ResultFormat;
  readonly indexColumns?: readonly string[];
}

export interface SuiteRunResult {
  readonly gx: GxSuiteResult;
  readonly results: readonly CheckResult[];
}

/** Judges a file by a suite, from its text to the result in Great Expectations' form. */
export async function runSuite(run: SuiteRun): Promise<SuiteRunResult> {
  const { now, cwd } = run;
  const suite = readSuite({ text: run.suite, shown: "suite.json", parameters: new Map(), now });
  const signal = new AbortController().signal;
  const db = await openDuckDb({ signal });
  try {
    const open = (file: string) => openTable([file], db, { cwd, delimiter: undefined, signal });
    const tableOf = async (file: string) => {
      const source = await open(file);
      const columns = await planColumns(source, {}, db);
      const identifiers = new Map(source.columns.map((column) => [column.name, column.sql]));
      return { sql: source.sql, columns, identifierOf: (name: string) => identifiers.get(name), hasFooters: false };
    };
    const table = await tableOf(run.file);
    await createView("data", table, db);
    const others = Object.entries(run.otherTables ?? {});
    for (const [name, file] of others) await createView(name, await tableOf(file), db);
    const { columns } = table;
    const otherTables = others.map(([name]) => name);
    const checks = suiteChecks(suite, expectationTable({ columns, otherTables, now }));
    const engine = duckDbEngine({ db, table });
    const answers = await answerChecks(checks, [], engine);
    const results = judgeChecks(checks, answers);
    const gx = await gxResult({
      ...{ suite, checks, results, answers, engine, columns },
      indexColumns: run.indexColumns ?? [],
      resultFormat: run.resultFormat ?? "COMPLETE",
      batchId: "data",
      meta: {},
    });
    if (checks.some((check) => isMeasured(check) && check.kind !== "expectation"))
      throw new Error("a suite made a check that is no expectation");
    return { gx, results };
  } finally {
    await db.close();
  }
}

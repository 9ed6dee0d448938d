import { rm } from "node:fs/promises";
import type { CheckVerdict, Verdict } from "../results/core.ts";
import type { ValidationCheck, ValidationDataset } from "../results/validation-report.ts";
import { answerChecks } from "./answer-checks.ts";
import { datasetMeasures, datasetOf } from "./dataset.ts";
import { keepFailingRows, partialName } from "./keep-failing-rows.ts";
import { mask } from "./mask.ts";
import type { Answers } from "./plan/answers.ts";
import { type Check, type CheckResult, isMeasured } from "./plan/check.ts";
import type { PlanColumn } from "./plan/column.ts";
import type { Engine } from "./plan/engine.ts";
import { judgeChecks } from "./plan/judge.ts";
import { type PreparedTable, prepareTable } from "./prepare-table.ts";
import { profileMeasures } from "./report/profile-measures.ts";
import { brokenRules, reportChecks } from "./report-checks.ts";
import type { ValidateRequest } from "./request.ts";
import type { ScriptsInput, ScriptsOutcome } from "./scripts/run-scripts.ts";
import { confirmRead, failureOf } from "./sources/source.ts";
import type { TableSource } from "./sources/table-source.ts";

export interface TableJudgement {
  readonly verdict: Verdict;
  readonly source: TableSource;
  readonly dataset: ValidationDataset;
  /** In the order of the plan: contract, suites, scripts. */
  readonly checks: readonly ValidationCheck[];
  readonly notes: readonly string[];
  /** The number of rows in the file of failing rows; undefined where none was asked for. */
  readonly failingRows: number | undefined;
  /** A check script did not do its work; the others are judged all the same. */
  readonly hasScriptFault: boolean;
}

/** What may be asked of the table while it is open, when everything is judged. */
export interface OpenTable {
  readonly checks: readonly Check[];
  readonly results: readonly CheckResult[];
  readonly answers: Answers;
  readonly engine: Engine;
  readonly columns: readonly PlanColumn[];
}

/** Is this table right? Throws `not-evaluable` for data that cannot be read to its end. */
export async function validateTable(
  request: ValidateRequest,
  whileOpen: (table: OpenTable) => Promise<void> = () => Promise.resolve(),
): Promise<TableJudgement> {
  const { signal, failingRows } = request;
  const partial = failingRows === undefined ? undefined : partialName(failingRows);
  const db = await request.openDatabase();
  try {
    request.watch.phase("opening", 1, 3);
    request.watch.follow(() => db.progress());
    const prepared = await prepareTable(request, db, partial === undefined ? [] : [partial]);
    try {
      return await judgeTable(prepared, request, whileOpen);
    } catch (error) {
      signal.throwIfAborted();
      throw await failureOf(prepared.source, error);
    } finally {
      prepared.close();
    }
  } finally {
    await db.close();
    if (partial !== undefined) await rm(partial, { force: true });
  }
}

async function judgeTable(
  prepared: PreparedTable,
  request: ValidateRequest,
  whileOpen: (table: OpenTable) => Promise<void>,
): Promise<TableJudgement> {
  const { source, columns, checks } = prepared;
  request.watch.phase("scanning", 2, 3);
  const { answers, engine } = await answered(prepared, request);
  const results = judgeChecks(checks, answers);
  request.watch.phase("looking at failing rows", 3, 3);
  // Asks for more values of a rule than the report does, which then are known already.
  await whileOpen({ checks, results, answers, engine, columns });
  const broken = brokenRules(checks, results, answers);
  const reported = await reportChecks(results, broken, engine);
  const kept =
    request.failingRows === undefined
      ? undefined
      : await keepFailingRows(broken, engine, request.failingRows);
  if (request.wantsProfiles) request.watch.phase("profiling columns", 3, 3);
  const profiles = request.wantsProfiles
    ? await (await import("./report/column-profiles.ts")).columnProfiles(columns, answers, {
        engine,
        show: mask,
      })
    : new Map();
  await confirmRead(source, answers.count({ kind: "count" }));
  const files = await source.facts();
  const dataset = datasetOf({ source, files, columns, answers, profiles });
  const scripts = await scriptsOf(prepared, { dataset, files, request });
  const all = [...reported, ...scripts.checks];
  return {
    verdict: overall(all),
    source,
    dataset,
    checks: all,
    notes: source.notes,
    failingRows: kept,
    hasScriptFault: scripts.hasFault,
  };
}

/** Programs are started from a module of their own, which most runs do not need. */
async function scriptsOf({ scripts }: PreparedTable, input: ScriptsInput): Promise<ScriptsOutcome> {
  if (scripts.length === 0) return { checks: [], hasFault: false };
  const { runScripts } = await import("./scripts/run-scripts.ts");
  return await runScripts(scripts, input);
}

/** The figures of a parallel reading hold only where the text turns out to be one that can be read so; else they are found again. */
async function answered(
  { source, columns, checks, engine }: PreparedTable,
  request: ValidateRequest,
): Promise<{ readonly answers: Answers; readonly engine: Engine }> {
  const more = [...datasetMeasures(columns), ...(request.wantsProfiles ? profileMeasures(columns) : [])];
  if (source.optimistic !== undefined) {
    const optimistic = engine("optimistic");
    const attempt = answerChecks(checks, more, optimistic).then(
      (answers) => ({ answers }),
      (error: unknown) => ({ error }),
    );
    const [outcome, holds] = await Promise.all([attempt, source.optimistic.holds]);
    if (holds && "error" in outcome) throw outcome.error;
    if (holds && "answers" in outcome) return { answers: outcome.answers, engine: optimistic };
    request.signal.throwIfAborted();
  }
  const sure = engine("sure");
  return { answers: await answerChecks(checks, more, sure), engine: sure };
}

export interface ExplainedTable {
  readonly columns: readonly PlanColumn[];
  readonly checks: readonly Check[];
  readonly queries: readonly string[];
}

/** The rules and the SQL of a run that is not made. */
export async function explainTable(request: ValidateRequest): Promise<ExplainedTable> {
  const db = await request.openDatabase();
  try {
    const { columns, checks, engine, close } = await prepareTable(request, db, []);
    try {
      const measures = checks.flatMap((check) => (isMeasured(check) ? check.measures : []));
      const queries = await engine("sure").explain([...datasetMeasures(columns), ...measures]);
      return { columns, checks, queries };
    } finally {
      close();
    }
  } finally {
    await db.close();
  }
}

/** A known violation outweighs a rule that could not be judged: `allow_failure` on exit 4 must not hide it. */
function overall(checks: readonly { readonly verdict: CheckVerdict }[]): Verdict {
  if (checks.some((check) => check.verdict === "fail")) return "fail";
  return checks.some((check) => check.verdict === "error") ? "error" : "pass";
}

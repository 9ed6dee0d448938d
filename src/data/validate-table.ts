import type { CheckVerdict, Verdict } from "../results/core.ts";
import type { ValidationCheck, ValidationDataset } from "../results/validation-report.ts";
import { answerChecks } from "./answer-checks.ts";
import type { ContractSource } from "./contract/contract.ts";
import { contractChecks } from "./contract/contract-checks.ts";
import { datasetMeasures, datasetOf } from "./dataset.ts";
import { planColumns } from "./engine/columns.ts";
import { type DuckDb, openDuckDb } from "./engine/duckdb.ts";
import { duckDbEngine } from "./engine/duckdb-engine.ts";
import { mask } from "./mask.ts";
import type { Answers } from "./plan/answers.ts";
import { type Check, type CheckResult, isMeasured, type Limit } from "./plan/check.ts";
import type { PlanColumn } from "./plan/column.ts";
import type { Engine } from "./plan/engine.ts";
import { judgeChecks } from "./plan/judge.ts";
import type { Value } from "./plan/measure.ts";
import { confirmRead, openTable } from "./sources/source.ts";
import type { TableSource } from "./sources/table-source.ts";

export interface ValidateRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly contract: ContractSource;
  readonly maxNullRatio: number;
  /** Over the contract's own. */
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
  /** Rows of the run before, for `rows.change`; undefined where no report of it was given. */
  readonly previousRows: number | undefined;
  /** What `freshness` counts from. */
  readonly now: Date;
  readonly delimiter: string | undefined;
  readonly signal: AbortSignal;
}

export interface PreparedTable {
  readonly source: TableSource;
  readonly columns: readonly PlanColumn[];
  readonly checks: readonly Check[];
  readonly engine: Engine;
}

export interface TableJudgement {
  readonly verdict: Verdict;
  readonly source: TableSource;
  readonly dataset: ValidationDataset;
  readonly checks: readonly ValidationCheck[];
}

const exampleCount = 3;

/** Reads the table's head and makes the plan; nothing is judged yet. Throws `not-evaluable` for data that cannot be read. */
async function prepareTable(request: ValidateRequest, db: DuckDb): Promise<PreparedTable> {
  const { paths, cwd, contract, delimiter, signal } = request;
  const source = await openTable(paths, db, { cwd, delimiter, signal });
  try {
    const columns = await planColumns(source, contract, db);
    const checks = contractChecks({ ...request, columns });
    const identifiers = new Map(source.columns.map((column) => [column.name, column.sql]));
    const hasFooters = source.format === "parquet";
    const table = {
      sql: source.sql,
      columns,
      hasFooters,
      identifierOf: (name: string) => identifiers.get(name),
    };
    return { source, columns, checks, engine: duckDbEngine({ db, table }) };
  } catch (error) {
    signal.throwIfAborted();
    throw source.explain(error);
  }
}

/** Is this table right? Throws `not-evaluable` for data that cannot be read to its end. */
export async function validateTable(request: ValidateRequest): Promise<TableJudgement> {
  const db = await openDuckDb({ signal: request.signal });
  try {
    const prepared = await prepareTable(request, db);
    const { source, columns, checks, engine } = prepared;
    try {
      const answers = await answerChecks(checks, datasetMeasures(columns), engine);
      const judged = judgeChecks(checks, answers);
      const reported = await withExamples(judged, prepared, answers);
      await confirmRead(source, answers.count({ kind: "count" }));
      const files = await source.facts();
      const dataset = datasetOf({ source, files, columns, answers, profiles: new Map() });
      return { verdict: overall(judged), source, dataset, checks: reported };
    } catch (error) {
      request.signal.throwIfAborted();
      throw source.explain(error);
    }
  } finally {
    await db.close();
  }
}

export interface ExplainedTable {
  readonly columns: readonly PlanColumn[];
  readonly checks: readonly Check[];
  readonly queries: readonly string[];
}

/** The rules and the SQL of a run that is not made. */
export async function explainTable(request: ValidateRequest): Promise<ExplainedTable> {
  const db = await openDuckDb({ signal: request.signal });
  try {
    const { columns, checks, engine } = await prepareTable(request, db);
    const measures = checks.flatMap((check) => (isMeasured(check) ? check.measures : []));
    return { columns, checks, queries: await engine.explain([...datasetMeasures(columns), ...measures]) };
  } finally {
    await db.close();
  }
}

/** A known violation outweighs a rule that could not be judged: `allow_failure` on exit 4 must not hide it. */
function overall(checks: readonly { readonly verdict: CheckVerdict }[]): Verdict {
  if (checks.some((check) => check.verdict === "fail")) return "fail";
  return checks.some((check) => check.verdict === "error") ? "error" : "pass";
}

async function withExamples(
  results: readonly CheckResult[],
  { checks, engine }: PreparedTable,
  answers: Answers,
): Promise<ValidationCheck[]> {
  const broken = results.flatMap((result, index) => {
    const check = checks[index];
    const isBroken = result.verdict === "fail" || result.verdict === "warn";
    const failing =
      isBroken && check !== undefined && isMeasured(check) ? check.failing?.(answers) : undefined;
    return failing === undefined ? [] : [{ result, failing }];
  });
  const found = await engine.examples(
    broken.map((one) => one.failing),
    exampleCount,
  );
  const examples = new Map(broken.map(({ result }, index) => [result, found[index] ?? []]));
  return results.map((result) =>
    reportedCheck(
      result,
      (examples.get(result) ?? []).map((example) => example.values.map(exampleText).join(" | ")),
    ),
  );
}

function exampleText(value: Value): string {
  return mask(value === null ? "null" : String(value));
}

function reportedCheck(result: CheckResult, examples: readonly string[]): ValidationCheck {
  const { details, description, limit, observed, suite, ...rest } = result;
  return {
    ...rest,
    limit: ownCopy(limit),
    observed: ownCopy(observed),
    examples: [...examples],
    description: description ?? null,
    suite: suite ?? null,
    details: details === undefined ? null : { ...details },
  };
}

function ownCopy(limit: Limit): ValidationCheck["limit"] {
  return typeof limit === "object" && limit !== null ? [...limit] : limit;
}

import { createHash } from "node:crypto";
import type { Verdict } from "../results/core.ts";
import type { ValidationCheck, ValidationDataset } from "../results/validation-report.ts";
import type { ContractSource } from "./contract/contract.ts";
import { planColumns } from "./engine/columns.ts";
import { type CompiledPlan, compilePlan } from "./engine/compile.ts";
import { type DuckDb, openDuckDb } from "./engine/duckdb.ts";
import { type Measurements, measure } from "./engine/measure.ts";
import { makePlan } from "./plan/make-plan.ts";
import type { Limit, Plan, PlanColumn } from "./plan/plan.ts";
import { type CheckResult, judge } from "./plan/verdicts.ts";
import { confirmRead, openTable, type TableSource } from "./sources/source.ts";

export interface ValidateRequest {
  readonly paths: readonly string[];
  readonly cwd: string;
  readonly contract: ContractSource;
  readonly maxNullRatio: number;
  /** Over the contract's own. */
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
  readonly delimiter: string | undefined;
  readonly signal: AbortSignal;
}

export interface PreparedTable {
  readonly source: TableSource;
  readonly plan: Plan;
  readonly compiled: CompiledPlan;
}

export interface TableJudgement {
  readonly verdict: Verdict;
  readonly source: TableSource;
  readonly dataset: ValidationDataset;
  readonly checks: readonly ValidationCheck[];
}

/** Reads the table's head and makes the plan; nothing is judged yet. Throws `not-evaluable` for data that cannot be read. */
async function prepareTable(request: ValidateRequest, db: DuckDb): Promise<PreparedTable> {
  const { paths, cwd, contract, delimiter, signal } = request;
  const source = await openTable(paths, db, { cwd, delimiter, signal });
  try {
    const columns = await planColumns(source, contract, db);
    const plan = makePlan({ ...request, columns });
    const names = new Map(source.columns.map((column) => [column.name, column.sql]));
    const compiled = compilePlan({ plan, table: source.sql, sqlOf: (name) => names.get(name) ?? "NULL" });
    return { source, plan, compiled };
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
    const { source, plan, compiled } = prepared;
    try {
      const measured = await measure(plan, compiled, db);
      const judged = judge(plan, measured);
      const checks = await withExamples(judged, compiled, db);
      await confirmRead(source, measured.rows);
      return { verdict: overall(judged), source, dataset: datasetOf(prepared, measured), checks };
    } catch (error) {
      request.signal.throwIfAborted();
      throw source.explain(error);
    }
  } finally {
    await db.close();
  }
}

/** The rules and the SQL of a run that is not made. */
export async function explainTable(request: ValidateRequest): Promise<PreparedTable> {
  const db = await openDuckDb({ signal: request.signal });
  try {
    return await prepareTable(request, db);
  } finally {
    await db.close();
  }
}

/** A known violation outweighs a rule that could not be judged: `allow_failure` on exit 4 must not hide it. */
function overall(checks: readonly CheckResult[]): Verdict {
  if (checks.some((check) => check.verdict === "fail")) return "fail";
  return checks.some((check) => check.verdict === "error") ? "error" : "pass";
}

async function withExamples(
  checks: readonly CheckResult[],
  compiled: CompiledPlan,
  db: DuckDb,
): Promise<ValidationCheck[]> {
  const results: ValidationCheck[] = [];
  for (const [index, check] of checks.entries()) {
    const isBroken = check.verdict === "fail" || check.verdict === "warn";
    const sql = isBroken ? compiled.exampleSql(index) : undefined;
    const rows = sql === undefined ? [] : await db.query(sql);
    results.push({
      ...check,
      judgedRows: null,
      description: null,
      suite: null,
      details: null,
      limit: ownCopy(check.limit),
      observed: ownCopy(check.observed),
      examples: rows.map((row) => mask(String(row["value"]))),
    });
  }
  return results;
}

function ownCopy(limit: Limit): ValidationCheck["limit"] {
  return typeof limit === "object" && limit !== null ? [...limit] : limit;
}

/** `Smith` -> `S***(5)`: enough to find the value in the data, too little to publish it in a job log. */
export function mask(value: string): string {
  const letters = [...value];
  return `${letters[0] ?? ""}***(${letters.length})`;
}

function datasetOf({ source, plan }: PreparedTable, measured: Measurements): ValidationDataset {
  const { files, format, csv } = source;
  return {
    uri: files.map((file) => file.uri).join(", "),
    rows: measured.rows,
    columns: plan.columns.map((column) => ({
      name: column.name,
      type: reportedType(column, measured),
      profile: null,
    })),
    sha256: tableDigest(files.map((file) => file.sha256)),
    format,
    files: files.map(({ uri, sizeBytes, sha256 }) => ({ uri, sizeBytes, sha256, etag: null, rows: null })),
    sizeBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    csv: csv === undefined ? null : { ...csv },
  };
}

/** What the column is, not what it should be: text with one value that is no number is text. */
function reportedType(column: PlanColumn, measured: Measurements): string {
  const type = column.storedType ?? column.type;
  if (type === "other") return column.storedAs;
  const isMistyped =
    column.storedType === undefined && (measured.columns.get(column.name)?.mistyped ?? 0) > 0;
  return isMistyped ? "string" : type;
}

function tableDigest(digests: readonly string[]): string | null {
  if (digests.length <= 1) return digests[0] ?? null;
  return createHash("sha256")
    .update(digests.map((digest) => `${digest}\n`).join(""))
    .digest("hex");
}

import type { MlopsError } from "../../errors.ts";
import type { ResultInput, Verdict } from "../../results/core.ts";
import { resultHead } from "../../results/head.ts";
import type { ValidationCheck, ValidationReport } from "../../results/validation-report.ts";
import type { TableJudgement } from "../validate-table.ts";

export interface ReportHead {
  readonly version: string;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  /** What was read beside the data: the contract. */
  readonly inputs: readonly ResultInput[];
}

/** `validation_report.json` of a table that was read to its end. */
export function judgedReport(judgement: TableJudgement, head: ReportHead): ValidationReport {
  const data = judgement.dataset.files.map(
    ({ uri, sha256, sizeBytes }): ResultInput => ({ role: "data", uri, sha256, sizeBytes }),
  );
  return {
    ...headOf(judgement.verdict, { ...head, inputs: [...data, ...head.inputs] }),
    dataset: judgement.dataset,
    checks: [...judgement.checks],
    notes: [...judgement.source.notes],
    failingRowsFile: null,
    summary: summaryOf(judgement.checks),
    error: null,
  };
}

/** `validation_report.json` of data that could not be judged, with the reason. */
export function unjudgedReport(
  error: MlopsError,
  paths: readonly string[],
  head: ReportHead,
): ValidationReport {
  const data = paths.map((uri): ResultInput => ({ role: "data", uri, sha256: null, sizeBytes: null }));
  const unknown = {
    rows: null,
    columns: [],
    sha256: null,
    format: null,
    sizeBytes: null,
    files: [],
    csv: null,
  };
  return {
    ...headOf("error", { ...head, inputs: [...data, ...head.inputs] }),
    dataset: { uri: paths.join(", "), ...unknown },
    checks: [],
    notes: [],
    failingRowsFile: null,
    summary: summaryOf([]),
    error: { code: error.code, message: error.message, hint: error.hint ?? null },
  };
}

function headOf(verdict: Verdict, head: ReportHead) {
  return { ...resultHead({ ...head, command: "validate", verdict }), command: "validate" as const };
}

function summaryOf(checks: readonly ValidationCheck[]): ValidationReport["summary"] {
  const count = (verdict: ValidationCheck["verdict"]) =>
    checks.filter((check) => check.verdict === verdict).length;
  return {
    pass: count("pass"),
    warn: count("warn"),
    fail: count("fail"),
    error: count("error"),
    skipped: count("skipped"),
  };
}

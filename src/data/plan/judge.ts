import type { CheckVerdict } from "../../results/core.ts";
import type { Answers } from "./answers.ts";
import { type Check, type CheckResult, isMeasured, type Judgement, type MeasuredCheck } from "./check.ts";

/** Judges every check by what was measured, first and second measures alike. Pure. */
export function judgeChecks(checks: readonly Check[], answers: Answers): CheckResult[] {
  return checks.map((check) => judgeCheck(check, answers));
}

function judgeCheck(check: Check, answers: Answers): CheckResult {
  const { name, kind, column, severity, comparison, limit, allow, isDefault, description, suite } = check;
  const { elementsOf } = check;
  const head = {
    ...{ name, kind, column, severity, comparison, limit, allow, isDefault },
    ...(description === undefined ? {} : { description }),
    ...(suite === undefined ? {} : { suite }),
    ...(elementsOf === undefined ? {} : { elementsOf }),
  };
  const nothing = { observed: null, failingRows: null, judgedRows: null };
  if (!isMeasured(check)) return { ...head, ...nothing, verdict: check.verdict, reason: check.reason };
  const error = errorOf(check, answers);
  if (error !== undefined) return { ...head, ...nothing, verdict: "error", reason: error };
  const { outcome, observed, failingRows, judgedRows, reason, details } = check.judge(answers);
  const found = { observed, failingRows, judgedRows, ...(details === undefined ? {} : { details }) };
  return { ...head, ...found, verdict: verdictOf(outcome, check), reason: reason ?? null };
}

function errorOf(check: MeasuredCheck, answers: Answers): string | undefined {
  return answers.errorIn(check.measures) ?? answers.errorIn(check.next?.(answers) ?? []);
}

function verdictOf(outcome: Judgement["outcome"], check: Check): CheckVerdict {
  if (outcome === "unknown") return "error";
  if (outcome === "good") return "pass";
  return check.severity === "fail" ? "fail" : "warn";
}

/** Whether no more than the allowed share of rows fails. No row judged: no rule on rows is broken. */
export function isTolerated(failing: number, judged: number, allow: number): boolean {
  return failing === 0 || failing / judged <= allow;
}

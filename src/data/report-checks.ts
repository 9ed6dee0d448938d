import type { ValidationCheck } from "../results/validation-report.ts";
import { mask } from "./mask.ts";
import type { Answers } from "./plan/answers.ts";
import { type Check, type CheckResult, type FailingRows, isMeasured, type Limit } from "./plan/check.ts";
import type { Engine, FailingExample } from "./plan/engine.ts";
import type { Value } from "./plan/measure.ts";

const exampleCount = 3;

/** A rule that is broken, with the rows that break it. */
export interface BrokenRule {
  readonly result: CheckResult;
  readonly failing: FailingRows;
}

/** The rules that rows break, severity warn and info included. */
export function brokenRules(
  checks: readonly Check[],
  results: readonly CheckResult[],
  answers: Answers,
): BrokenRule[] {
  return results.flatMap((result, index) => {
    const check = checks[index];
    const isBroken = result.verdict === "fail" || result.verdict === "warn";
    const failing =
      isBroken && check !== undefined && isMeasured(check) ? check.failing?.(answers) : undefined;
    return failing === undefined ? [] : [{ result, failing }];
  });
}

/** The results as the report has them, with up to three masked values that break each rule. */
export async function reportChecks(
  results: readonly CheckResult[],
  broken: readonly BrokenRule[],
  engine: Pick<Engine, "examples">,
): Promise<ValidationCheck[]> {
  const failing = broken.map((one) => one.failing);
  const found = failing.length === 0 ? [] : await engine.examples(failing, exampleCount);
  const examples = new Map(broken.map(({ result }, index) => [result, found[index] ?? []]));
  return results.map((result) => reportedCheck(result, (examples.get(result) ?? []).map(exampleText)));
}

function exampleText({ values }: FailingExample): string {
  // That a value is missing tells nothing of anybody.
  return values.map((value: Value) => (value === null ? "null" : mask(shownText(value)))).join(" | ");
}

function shownText(value: Value): string {
  if (typeof value !== "object" || value === null) return String(value);
  // Numbers beyond 2^53 in a list or a struct; JSON itself refuses them.
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? String(part) : part));
}

function reportedCheck(result: CheckResult, examples: readonly string[]): ValidationCheck {
  const { details, description, elementsOf, limit, observed, suite, ...rest } = result;
  return {
    ...rest,
    limit: ownCopy(limit),
    observed: ownCopy(observed),
    examples: [...examples],
    description: description ?? null,
    suite: suite ?? null,
    elementsOf: elementsOf ?? null,
    details: details === undefined ? null : { ...details },
  };
}

function ownCopy(limit: Limit): ValidationCheck["limit"] {
  return typeof limit === "object" && limit !== null ? [...limit] : limit;
}

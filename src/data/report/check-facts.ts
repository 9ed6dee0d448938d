import type { ValidationCheck } from "../../results/validation-report.ts";
import { clean } from "./figures.ts";
import { examplesText, failingText, limitText, observedText, observesRows } from "./wording.ts";

/** What a reader wants to know of a check that did not simply pass: labels and one-line texts, those that say something. */
export function checkFacts(check: ValidationCheck, length = 1000): readonly (readonly [string, string])[] {
  const isJudged = check.reason === null;
  const facts: [string, string][] = [
    ["column", check.column === null ? "" : clean(check.column, length)],
    ["reason", isJudged ? "" : clean(check.reason ?? "", length)],
    ["observed", isJudged ? clean(observedText(check), length) : ""],
    ["limit", check.limit === null ? "" : clean(limitText(check), length)],
    ["failing", failingText(check)],
    ["examples", clean(examplesText(check).replace(/^e\.g\. /, ""), length)],
    ["about", clean((check.description ?? "").replaceAll("\n", " "), length)],
  ];
  return facts.filter(([, text]) => text !== "");
}

/** Why a check did not simply pass, in one line: the reason, or what was observed and what was wanted. */
export function checkMessage(check: ValidationCheck): string {
  if (check.reason !== null) return clean(check.reason, 1000);
  const failing = failingText(check);
  const wanted = check.limit === null ? "" : `, expected ${limitText(check)}`;
  const broken = failing === "" ? "" : `; ${failing} fail`;
  // What is observed of some rules are the rows that break them: that is said already.
  if (observesRows(check) && failing !== "") return `${failing} fail${wanted}`;
  return `observed ${observedText(check)}${wanted}${broken}`;
}

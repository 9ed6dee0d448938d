import { printable } from "../printable.ts";
import type { GateCheck } from "./check.ts";
import type { GateDecision } from "./decide.ts";

const order: Readonly<Record<GateCheck["verdict"], number>> = { fail: 0, error: 1, pass: 2, skipped: 3 };
const sentences: Readonly<Record<GateDecision["verdict"], string>> = {
  pass: "PASS: every rule that could be checked is met",
  fail: "FAIL: the candidate does not meet the rules",
  error: "NO VERDICT: something that a rule needs is missing or cannot be compared",
};

/** The decision for a person: the verdict, one line a check (worst first) with observed, limit and margin, and what was assumed. */
export function decisionText(
  decision: GateDecision,
  about: { readonly baseline: string; readonly file: string },
): string {
  const checks = decision.checks.toSorted((a, b) => order[a.verdict] - order[b.verdict]);
  const rows = checks.map((check) => ({
    ...check,
    rule: printable(check.rule),
    where: printable(check.subgroup ?? "all rows"),
  }));
  const ruleWidth = Math.max(0, ...rows.map((row) => row.rule.length));
  const whereWidth = Math.max(0, ...rows.map((row) => row.where.length));
  const counts = (["pass", "fail", "error", "skipped"] as const)
    .map((verdict) => ({ verdict, count: checks.filter((check) => check.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${count} ${verdict}`);
  return [
    `${sentences[decision.verdict]} (${counts.join(", ")})`,
    ...rows.map(
      (row) =>
        `  ${row.verdict.padEnd(7)}  ${row.rule.padEnd(ruleWidth)}  ${row.where.padEnd(whereWidth)}  ${numbersOf(row)}`,
    ),
    `baseline: ${about.baseline}`,
    ...decision.notes.map((note) => `note: ${printable(note)}`),
    `written to ${about.file}`,
  ].join("\n");
}

function numbersOf(check: GateCheck): string {
  const parts: string[] = [];
  if (check.observed !== null) parts.push(`observed ${format(check.observed)}`);
  if (check.baseline !== null) parts.push(`baseline ${format(check.baseline)}`);
  const isRelative = check.rule.endsWith("%");
  const shown = (value: number) => (isRelative ? `${format(value * 100)}%` : format(value));
  if (check.margin !== null) {
    const sign = check.margin >= 0 ? "+" : "";
    parts.push(`limit ${shown(check.limit)}`, `margin ${sign}${shown(check.margin)}`);
  }
  if (check.reason !== null) parts.push(printable(check.reason));
  return parts.join("  ");
}

/** Six significant digits at most: enough to see why 0.8999 is not 0.9, without the tail of binary floating point. */
function format(value: number): string {
  return String(Number(value.toPrecision(6)));
}

import type { MetricMap } from "./evaluation.ts";
import type { LimitRule } from "./policy.ts";

/** What became of one rule for all rows or for one subgroup. */
export interface GateCheck {
  readonly metric: string;
  /** `sex=female`; null: all rows. */
  readonly subgroup: string | null;
  /** `roc_auc >= 0.75`, `roc_auc regression <= 0.01`. */
  readonly rule: string;
  /** The candidate's value. */
  readonly observed: number | null;
  /** The baseline's value, for regressions. */
  readonly baseline: number | null;
  /** As configured; for a relative regression a share of |baseline|. */
  readonly limit: number;
  /** Room left, in the limit's unit; negative by how much it fails. */
  readonly margin: number | null;
  readonly verdict: "pass" | "fail" | "skipped" | "error";
  readonly reason: string | null;
  /** `--min-auc`, `mlops.yaml:12`. */
  readonly source: string;
}

/** What is the same for all outcomes of a rule. */
export type CheckFrame = Pick<GateCheck, "metric" | "subgroup" | "rule" | "limit" | "source">;

/** Binary floating point: 0.91 - 0.90 is a little over 0.01, and 0.8999999999999999 is meant to be 0.90. */
const tolerance = 1e-12;
/** A relative margin of next to nothing is noise. */
const smallestRelativeBase = 1e-9;

/** Observed against an inclusive floor or ceiling. A value that is missing or undefined is an error, never a pass. */
export function checkLimit(rule: LimitRule, metrics: MetricMap, subgroup: string | null): GateCheck {
  const sign = rule.kind === "min" ? ">=" : "<=";
  const frame: CheckFrame = {
    metric: rule.metric,
    subgroup,
    rule: `${rule.metric} ${sign} ${rule.limit}`,
    limit: rule.limit,
    source: rule.source,
  };
  const observed = numberOf(metrics, rule.metric);
  if (typeof observed === "string") return unresolved(frame, "error", `the candidate ${observed}`);
  const margin = rule.kind === "min" ? observed - rule.limit : rule.limit - observed;
  const isMet = margin >= -tolerance * Math.max(1, Math.abs(rule.limit));
  return { ...frame, observed, baseline: null, ...outcome(margin, isMet) };
}

export interface RegressionCheck {
  readonly frame: CheckFrame;
  readonly higherIsBetter: boolean;
  readonly isRelative: boolean;
  /** An absolute margin for the same metric decides where the baseline is too small for a relative one. */
  readonly hasAbsoluteRule: boolean;
}

/** Candidate against baseline: fails where it is worse by more than the limit allows. */
export function checkRegression(
  check: RegressionCheck,
  candidate: MetricMap,
  baseline: MetricMap,
): GateCheck {
  const { frame, isRelative } = check;
  const observed = numberOf(candidate, frame.metric);
  const base = numberOf(baseline, frame.metric);
  const known = {
    observed: typeof observed === "number" ? observed : null,
    baseline: typeof base === "number" ? base : null,
  };
  if (typeof observed === "string")
    return { ...unresolved(frame, "error", `the candidate ${observed}`), ...known };
  if (typeof base === "string") return { ...unresolved(frame, "error", `the baseline ${base}`), ...known };
  if (isRelative && Math.abs(base) < smallestRelativeBase) {
    const reason = `the baseline is ${base}: a share of it says nothing`;
    const verdict = check.hasAbsoluteRule ? "skipped" : "error";
    return { ...unresolved(frame, verdict, reason), ...known };
  }
  const worse = check.higherIsBetter ? base - observed : observed - base;
  const unit = isRelative ? Math.abs(base) : 1;
  const isMet = worse <= frame.limit * unit + tolerance * Math.max(1, Math.abs(base));
  return {
    ...frame,
    ...known,
    ...outcome(frame.limit - worse / unit, isMet),
  };
}

/** What is met by the tolerance alone has no room left, and is not short of any either. */
function outcome(margin: number, isMet: boolean): Pick<GateCheck, "margin" | "verdict" | "reason"> {
  return isMet
    ? { margin: Math.max(0, margin), verdict: "pass", reason: null }
    : { margin, verdict: "fail", reason: null };
}

/** A check without a comparison. */
export function unresolved(frame: CheckFrame, verdict: "skipped" | "error", reason: string): GateCheck {
  return { ...frame, observed: null, baseline: null, margin: null, verdict, reason };
}

/** The number, or what is the matter: `has no roc_auc`, `has an undefined roc_auc: one class only`. */
function numberOf(metrics: MetricMap, name: string): number | string {
  const metric = metrics.get(name);
  if (metric === undefined) {
    const others = [...metrics.values()].map((one) => one.spelled).slice(0, 12);
    return `has no ${name}${others.length === 0 ? "" : ` (it has ${others.join(", ")})`}`;
  }
  if (metric.value !== null && Number.isFinite(metric.value)) return metric.value;
  return `has an undefined ${name}: ${metric.reason ?? "not a finite number"}`;
}

import { MlopsError } from "../../src/errors.ts";
import { decideGate, type GateDecision } from "../../src/gate/decide.ts";
import type { Evaluation } from "../../src/gate/evaluation.ts";
import type { Baseline } from "../../src/gate/policy.ts";
import { evaluationOf } from "../../src/gate/read-evaluation.ts";
import { type GateSettings, policyOf, type StatedRule } from "../../src/gate/settings.ts";

export type Document = Readonly<Record<string, unknown>>;
/** The flags of one call of the gate; what is not said has the default of the program. */
export interface Flags {
  readonly minAuc?: number;
  readonly min?: readonly string[];
  readonly max?: readonly string[];
  readonly subgroupMin?: readonly string[];
  readonly metricName?: string;
  readonly minThreshold?: number;
  readonly higherIsBetter?: boolean;
  readonly maxRegression?: string;
  readonly maxRegressionRel?: string;
  readonly subgroupMaxRegression?: string;
  readonly subgroups?: readonly string[];
  readonly firstModel?: "allow" | "block";
  readonly allowChangedEvalSet?: boolean;
  readonly allowSelfComparison?: boolean;
  readonly maxBaselineAgeMs?: number;
  readonly rules?: readonly StatedRule[];
}

function said<T>(value: T, source: string) {
  return { value, source };
}

function settingsOf(flags: Flags): GateSettings {
  return {
    minAuc: flags.minAuc === undefined ? undefined : said(flags.minAuc, "--min-auc"),
    min: said(flags.min ?? [], "--min"),
    max: said(flags.max ?? [], "--max"),
    subgroupMin: said(flags.subgroupMin ?? [], "--subgroup-min"),
    subgroupMax: said([], "--subgroup-max"),
    metricName: flags.metricName === undefined ? undefined : said(flags.metricName, "--metric-name"),
    minThreshold: flags.minThreshold === undefined ? undefined : said(flags.minThreshold, "--min-threshold"),
    higherIsBetter:
      flags.higherIsBetter === undefined ? undefined : said(flags.higherIsBetter, "--higher-is-better"),
    maxRegression:
      flags.maxRegression === undefined ? undefined : said(flags.maxRegression, "--max-regression"),
    maxRegressionRel:
      flags.maxRegressionRel === undefined ? undefined : said(flags.maxRegressionRel, "--max-regression-rel"),
    subgroupMaxRegression:
      flags.subgroupMaxRegression === undefined
        ? undefined
        : said(flags.subgroupMaxRegression, "--subgroup-max-regression"),
    rules: (flags.rules ?? []).map((rule, index) => said(rule, `mlops.yaml:${index + 3}`)),
    subgroups: flags.subgroups ?? [],
    minimum: { rows: 30, positives: 10, negatives: 10 },
    firstModel: flags.firstModel ?? "allow",
    allowChangedEvalSet: flags.allowChangedEvalSet ?? false,
    allowSelfComparison: flags.allowSelfComparison ?? false,
    maxBaselineAgeMs: flags.maxBaselineAgeMs,
  };
}

function baselineOf(baseline: Document | string | undefined): Baseline<Evaluation> {
  if (typeof baseline === "string") return { kind: "first-model", sentence: baseline };
  if (baseline === undefined) return { kind: "none" };
  return { kind: "stored", evaluation: evaluationOf(baseline, "old.json") };
}

/** The decision on documents as the two files hold them; a baseline that is a sentence says why there is none. */
export function decide(flags: Flags, candidate: Document, baseline?: Document | string): GateDecision {
  return decideGate({
    policy: policyOf(settingsOf(flags)),
    candidate: evaluationOf(candidate, "new.json"),
    baseline: baselineOf(baseline),
    nowMs: Date.parse("2026-11-22T00:00:00Z"),
  });
}

/** Only the verdict of `decide`. */
export function verdictOf(...args: Parameters<typeof decide>): string {
  return decide(...args).verdict;
}

/** The message of the usage error that `decide` throws, or "verdict …" where it throws none. */
export function usageOf(...args: Parameters<typeof decide>): string {
  try {
    return `verdict ${decide(...args).verdict}`;
  } catch (error) {
    if (error instanceof MlopsError && error.kind === "usage") return error.message;
    throw error;
  }
}

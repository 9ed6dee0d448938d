import { MlopsError } from "../errors.ts";
import { isCount, isKnownMetric, metricFacts } from "../metrics/catalog.ts";
import { checkLimit, checkRegression, type GateCheck, unresolved } from "./check.ts";
import { comparabilityOf } from "./comparability.ts";
import type { Evaluation } from "./evaluation.ts";
import type { Baseline, GatePolicy, LimitRule, RegressionRule } from "./policy.ts";
import { checkGroups, type GroupSelection, selectGroups } from "./subgroups.ts";

export interface GateDecision {
  readonly verdict: "pass" | "fail" | "error";
  readonly checks: readonly GateCheck[];
  readonly warnings: readonly string[];
  /** Which of several possible readings of the settings was taken. */
  readonly notes: readonly string[];
}

export interface GateInput {
  readonly policy: GatePolicy;
  readonly candidate: Evaluation;
  readonly baseline: Baseline<Evaluation>;
  /** Epoch ms, for the age of the baseline. */
  readonly nowMs: number;
}

/**
 * Decides. A definite fail beats everything; otherwise anything that could not be decided makes an `error`; a pass needs at
 * least one check that passed. Throws `usage` for a policy that does not fit what is there.
 */
export function decideGate(input: GateInput): GateDecision {
  const said: Said = { warnings: [], notes: [] };
  requireRules(input, said);
  const checks = [...limitChecks(input), ...regressionChecks(input, said)];
  warnOfUndefined(input, said);
  return { verdict: verdictOf(checks), checks, ...said };
}

interface Said {
  readonly warnings: string[];
  readonly notes: string[];
}

function verdictOf(checks: readonly GateCheck[]): GateDecision["verdict"] {
  if (checks.some((check) => check.verdict === "fail")) return "fail";
  if (checks.some((check) => check.verdict === "error")) return "error";
  return checks.some((check) => check.verdict === "pass") ? "pass" : "error";
}

function requireRules({ policy, candidate, baseline }: GateInput, said: Said): void {
  if (baseline.kind === "none" && policy.regressions.length > 0) {
    throw usage(
      `${policy.regressions[0]?.source ?? "A regression rule"} compares with a baseline, and none is named.`,
      "Add --baseline-metrics FILE or --baseline-alias NAME.",
    );
  }
  if (baseline.kind === "first-model" && policy.firstModel === "allow" && policy.limits.length === 0) {
    throw usage(
      `${baseline.sentence}, and no absolute threshold is set: a first model needs one.`,
      "Add one such as --min-auc 0.75; it holds for every later model too.",
    );
  }
  if (baseline.kind === "stored" && policy.regressions.length === 0)
    said.warnings.push(`no rule uses the baseline ${baseline.evaluation.uri}`);
  const needsGroups = [...policy.limits, ...policy.regressions].find((rule) => rule.scope === "subgroups");
  const stored = baseline.kind === "stored" ? baseline.evaluation : undefined;
  if (needsGroups === undefined || policy.subgroups.length > 0) return;
  const found = selectGroups([], candidate, stored);
  if (found.length === 0) {
    throw usage(
      `${needsGroups.source} is about subgroups; none is named, and no result has any.`,
      "Name the columns with --subgroup, here and in `mlops evaluate`.",
    );
  }
  said.notes.push(`subgroups: all that the results hold (${found.map((group) => group.label).join(", ")})`);
}

function limitChecks({ policy, candidate }: GateInput): GateCheck[] {
  return policy.limits.flatMap((rule) => {
    const overall = checkLimit(rule, candidate.metrics, null);
    if (rule.scope === "overall") return [overall];
    return selectGroups(policy.subgroups, candidate, undefined).flatMap((selection) =>
      checkGroups(selection, overall, {
        candidate,
        baseline: undefined,
        minimum: policy.minimum,
        compare: (key, group) => checkLimit(rule, group.metrics, key),
      }),
    );
  });
}

function regressionChecks(input: GateInput, said: Said): GateCheck[] {
  const { policy, candidate, baseline } = input;
  if (policy.regressions.length === 0) {
    if (baseline.kind !== "first-model") return [];
    if (policy.firstModel === "allow") said.notes.push(`${baseline.sentence}: first model`);
    else return [blockedFirstModel(baseline.sentence)];
    return [];
  }
  const stored = baseline.kind === "stored" ? baseline.evaluation : undefined;
  const rules = policy.regressions.map((rule) =>
    sensible({ ...rule, metric: rule.metric ?? primaryMetric(input, said) }),
  );
  if (stored === undefined) return rules.map((rule) => withoutBaseline(rule, input, said));
  const { problem, warnings } = comparabilityOf({ candidate, baseline: stored }, policy, input.nowMs);
  said.warnings.push(...warnings);
  return rules.flatMap((rule) => {
    if (problem !== undefined) return [unresolved(frameOf(rule), "error", `not comparable: ${problem}`)];
    const check = {
      frame: frameOf(rule),
      higherIsBetter: directionOf(rule, policy),
      isRelative: rule.isRelative,
      hasAbsoluteRule: rules.some(
        (other) => !other.isRelative && other.metric === rule.metric && other.scope === rule.scope,
      ),
    };
    if (rule.scope === "overall") return [checkRegression(check, candidate.metrics, stored.metrics)];
    return selectGroups(policy.subgroups, candidate, stored).flatMap((selection: GroupSelection) =>
      checkGroups(selection, check.frame, {
        candidate,
        baseline: stored,
        minimum: policy.minimum,
        compare: (key, own, other) =>
          checkRegression(
            { ...check, frame: { ...check.frame, subgroup: key } },
            own.metrics,
            other?.metrics ?? new Map(),
          ),
      }),
    );
  });
}

type NamedRule = RegressionRule & { readonly metric: string };

/** A margin as wide as the metric's whole range, or as the whole baseline, would let everything pass. */
function sensible(rule: NamedRule): NamedRule {
  const { smallest, largest, higherIsBetter } = metricFacts(rule.metric);
  const isVacuous = rule.isRelative
    ? rule.allowed >= 1 && higherIsBetter === true && smallest >= 0
    : rule.allowed >= largest - smallest;
  if (!isVacuous) return rule;
  throw usage(
    `${rule.source} allows ${shownMargin(rule)}: ${rule.metric} can never get worse by more than that.`,
    `Write 0.01 for one point of ${rule.metric}, or 1% for one per cent of the baseline.`,
  );
}

function shownMargin({ isRelative, allowed }: RegressionRule): string {
  return isRelative ? `${Number((allowed * 100).toPrecision(12))}%` : String(allowed);
}

function frameOf(rule: NamedRule) {
  return {
    metric: rule.metric,
    subgroup: rule.scope === "subgroups" ? "(subgroups)" : null,
    rule: `${rule.metric} regression <= ${shownMargin(rule)}`,
    limit: rule.allowed,
    source: rule.source,
  };
}

function withoutBaseline(rule: NamedRule, { policy, baseline }: GateInput, said: Said): GateCheck {
  const sentence = baseline.kind === "first-model" ? baseline.sentence : "no baseline is named";
  if (policy.firstModel === "block")
    return unresolved(frameOf(rule), "error", `${sentence}, and --first-model is block`);
  const note = `${sentence}: first model, absolute limits only (--first-model allow)`;
  if (!said.notes.includes(note)) said.notes.push(note);
  return unresolved(frameOf(rule), "skipped", `${sentence}: first model`);
}

function blockedFirstModel(sentence: string): GateCheck {
  const frame = {
    metric: "(baseline)",
    subgroup: null,
    rule: "a baseline exists",
    limit: 1,
    source: "--first-model",
  };
  return unresolved(frame, "error", `${sentence}, and --first-model is block`);
}

function directionOf(rule: NamedRule, policy: GatePolicy): boolean {
  const direction = metricFacts(rule.metric).higherIsBetter ?? policy.directions.get(rule.metric);
  if (direction !== undefined) return direction;
  throw usage(
    `${rule.source}: whether ${rule.metric} is better when higher or lower is not known.`,
    `Say --metric-name ${rule.metric} --higher-is-better true or false.`,
  );
}

/** `--metric-name`, else the metric of the absolute limits, else the only one that both sides have. */
function primaryMetric({ policy, candidate, baseline }: GateInput, said: Said): string {
  if (policy.primary !== undefined) return policy.primary;
  const limited = [...new Set(policy.limits.map((rule: LimitRule) => rule.metric))];
  const others = baseline.kind === "stored" ? baseline.evaluation.metrics : new Map();
  const shared = [...candidate.metrics.values()]
    .filter((metric) => others.has(metric.name) && !isCount(metric.spelled))
    .map((metric) => metric.name);
  // `{"auc": 0.9, "schemaVersion": 1}`: what has no direction is meant only where there is nothing else.
  const directed = shared.filter((name) => isKnownMetric(name) || policy.directions.has(name));
  const choices = [limited, directed, shared].find((names) => names.length > 0) ?? [];
  const [only] = choices;
  if (only === undefined) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "GATE_NOTHING_SHARED",
      message: `${candidate.uri} and the baseline have no metric in common.`,
      hint: "Evaluate both models with the same command.",
    });
  }
  if (choices.length > 1) {
    throw usage(
      `Which metric may not regress? There are ${choices.length}: ${choices.join(", ")}.`,
      `Say --metric-name, for example --metric-name ${only}.`,
    );
  }
  const origin =
    limited.length > 0 ? "the metric of the absolute limit" : "the only one that both results have";
  const note = `regressions are measured on ${only}, ${origin}`;
  if (!said.notes.includes(note)) said.notes.push(note);
  return only;
}

function warnOfUndefined({ policy, candidate }: GateInput, said: Said): void {
  const named = new Set([...policy.limits, ...policy.regressions].map((rule) => rule.metric));
  if (policy.primary !== undefined) named.add(policy.primary);
  const loose = [...candidate.metrics.values()].filter(
    (metric) => metric.value === null && !named.has(metric.name),
  );
  for (const metric of loose)
    said.warnings.push(
      `${metric.spelled} has no value (${metric.reason ?? "unknown reason"}); no rule names it`,
    );
}

function usage(message: string, hint: string): MlopsError {
  return new MlopsError({ kind: "usage", code: "GATE_POLICY", message, hint });
}

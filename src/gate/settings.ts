import { MlopsError } from "../errors.ts";
import { metricFacts } from "../metrics/catalog.ts";
import { readMargin } from "./margin.ts";
import type { GatePolicy, LimitRule, RegressionRule } from "./policy.ts";

/** A value and the flag or line that it came from. */
export interface Said<T> {
  readonly value: T;
  readonly source: string;
}

/** One entry of `gate.rules` in `mlops.yaml`. */
export interface StatedRule {
  readonly metric: string;
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly max_regression?: number | string | undefined;
  readonly max_regression_rel?: number | string | undefined;
  readonly subgroups?: boolean | undefined;
  readonly higher_is_better?: boolean | undefined;
}

/** The policy as a person wrote it: `NAME=VALUE` and `2%` are still texts. */
export interface GateSettings
  extends Pick<
    GatePolicy,
    | "subgroups"
    | "minimum"
    | "firstModel"
    | "allowChangedEvalSet"
    | "allowSelfComparison"
    | "maxBaselineAgeMs"
  > {
  readonly minAuc?: Said<number> | undefined;
  readonly min: Said<readonly string[]>;
  readonly max: Said<readonly string[]>;
  readonly subgroupMin: Said<readonly string[]>;
  readonly subgroupMax: Said<readonly string[]>;
  readonly metricName?: Said<string> | undefined;
  readonly minThreshold?: Said<number> | undefined;
  readonly higherIsBetter?: Said<boolean> | undefined;
  readonly maxRegression?: Said<string> | undefined;
  readonly maxRegressionRel?: Said<string> | undefined;
  readonly subgroupMaxRegression?: Said<string> | undefined;
  readonly rules: readonly Said<StatedRule>[];
}

/** Makes the policy. Throws one `usage` error that lists every setting that makes no sense, or says that there is no rule. */
export function policyOf(settings: GateSettings): GatePolicy {
  const building: Building = { limits: [], regressions: [], directions: new Map(), problems: [] };
  readDirections(settings, building);
  readLimits(settings, building);
  readRegressions(settings, building);
  for (const rule of settings.rules) readStatedRule(rule, building);
  refuseProblems(building);
  return {
    limits: building.limits,
    regressions: building.regressions,
    directions: building.directions,
    primary: settings.metricName === undefined ? undefined : metricFacts(settings.metricName.value).name,
    subgroups: settings.subgroups,
    minimum: settings.minimum,
    firstModel: settings.firstModel,
    allowChangedEvalSet: settings.allowChangedEvalSet,
    allowSelfComparison: settings.allowSelfComparison,
    maxBaselineAgeMs: settings.maxBaselineAgeMs,
  };
}

function refuseProblems({ problems, limits, regressions }: Building): void {
  const hasRules = limits.length + regressions.length > 0;
  if (problems.length === 0 && hasRules) return;
  const said = problems.length > 0 ? problems : ["No threshold is set, so there is nothing to decide"];
  throw new MlopsError({
    kind: "usage",
    code: "GATE_POLICY",
    message: said.map((problem) => `${problem}.`).join("\n"),
    hint:
      problems.length > 0
        ? "What each setting takes: mlops gate --help"
        : "For example: mlops gate --min-auc 0.75 --max-regression 0.01 --baseline-alias champion",
  });
}

interface Building {
  readonly limits: LimitRule[];
  readonly regressions: RegressionRule[];
  readonly directions: Map<string, boolean>;
  readonly problems: string[];
}

function declareDirection(name: string, said: Said<boolean>, { directions, problems }: Building): void {
  const facts = metricFacts(name);
  if (facts.higherIsBetter !== undefined && facts.higherIsBetter !== said.value) {
    const truth = facts.higherIsBetter ? "higher" : "lower";
    problems.push(`${said.source} is ${said.value}, but ${facts.name} is better when ${truth}`);
  }
  directions.set(facts.name, said.value);
}

function readDirections({ metricName, higherIsBetter, minAuc }: GateSettings, building: Building): void {
  if (higherIsBetter === undefined) return;
  if (metricName !== undefined) declareDirection(metricName.value, higherIsBetter, building);
  else if (minAuc !== undefined) declareDirection("roc_auc", higherIsBetter, building);
  else
    building.problems.push(`${higherIsBetter.source} needs --metric-name, which says the direction of what`);
}

function readLimits(settings: GateSettings, building: Building): void {
  const { minAuc, metricName, minThreshold } = settings;
  if (minAuc !== undefined)
    addLimit(
      { kind: "min", scope: "overall", name: "roc_auc", limit: minAuc.value, source: minAuc.source },
      building,
    );
  for (const [kind, scope, said] of [
    ["min", "overall", settings.min],
    ["max", "overall", settings.max],
    ["min", "subgroups", settings.subgroupMin],
    ["max", "subgroups", settings.subgroupMax],
  ] as const) {
    for (const text of said.value) addLimitText(text, { kind, scope, source: said.source }, building);
  }
  if (minThreshold === undefined) return;
  if (metricName === undefined) {
    building.problems.push(`${minThreshold.source} needs --metric-name`);
    return;
  }
  const facts = metricFacts(metricName.value);
  const higherIsBetter = facts.higherIsBetter ?? building.directions.get(facts.name);
  if (higherIsBetter === undefined) {
    building.problems.push(
      `${minThreshold.source}: whether ${facts.name} is better when higher or lower is not known; say --higher-is-better true or false`,
    );
    return;
  }
  const kind = higherIsBetter ? "min" : "max";
  addLimit(
    { kind, scope: "overall", name: facts.name, limit: minThreshold.value, source: minThreshold.source },
    building,
  );
}

/** `name{a=1,b=2}=5` splits at the last `=`. */
function addLimitText(
  text: string,
  rule: Pick<LimitRule, "kind" | "scope" | "source">,
  building: Building,
): void {
  const equals = text.lastIndexOf("=");
  const name = text.slice(0, equals).trim();
  const value = text.slice(equals + 1).trim();
  const limit = value === "" ? Number.NaN : Number(value);
  if (name.replace(/\{[^}]*\}/g, "").includes("="))
    building.problems.push(
      `${rule.source} is ${JSON.stringify(text)}, expected one NAME=NUMBER each time; give it again for the next`,
    );
  else if (equals < 1 || name === "" || !Number.isFinite(limit))
    building.problems.push(
      `${rule.source} is ${JSON.stringify(text)}, expected NAME=NUMBER such as accuracy=0.8`,
    );
  else addLimit({ ...rule, name, limit }, building);
}

function addLimit(
  rule: Omit<LimitRule, "metric"> & { readonly name: string },
  { limits, problems }: Building,
): void {
  const facts = metricFacts(rule.name);
  if (rule.limit < facts.smallest || rule.limit > facts.largest) {
    problems.push(
      `${rule.source}: ${facts.name} lies between ${facts.smallest} and ${facts.largest}, so ${rule.limit} is no limit for it`,
    );
  }
  limits.push({
    kind: rule.kind,
    scope: rule.scope,
    metric: facts.name,
    limit: rule.limit,
    source: rule.source,
  });
}

function readRegressions(settings: GateSettings, building: Building): void {
  const metric = settings.metricName?.value;
  for (const [said, scope, isRelative] of [
    [settings.maxRegression, "overall", false],
    [settings.maxRegressionRel, "overall", true],
    [settings.subgroupMaxRegression, "subgroups", false],
  ] as const) {
    if (said !== undefined) addRegression(said, { metric, scope, isRelative }, building);
  }
}

function addRegression(
  said: Said<number | string>,
  rule: {
    readonly metric: string | undefined;
    readonly scope: RegressionRule["scope"];
    readonly isRelative: boolean;
    /** How to say the direction of a metric that is not known. */
    readonly how?: string;
  },
  { regressions, problems, directions }: Building,
): void {
  const margin = readMargin(said.value, rule.isRelative);
  if ("problem" in margin) {
    problems.push(`${said.source} is ${JSON.stringify(said.value)}: ${margin.problem}`);
    return;
  }
  const facts = rule.metric === undefined ? undefined : metricFacts(rule.metric);
  if (facts !== undefined && (facts.higherIsBetter ?? directions.get(facts.name)) === undefined) {
    problems.push(
      `${said.source}: whether ${facts.name} is better when higher or lower is not known; say ${rule.how ?? "--higher-is-better true or false"}`,
    );
  }
  regressions.push({
    kind: "regression",
    metric: facts?.name,
    scope: rule.scope,
    ...margin,
    source: said.source,
  });
}

function readStatedRule({ value: rule, source }: Said<StatedRule>, building: Building): void {
  const scope = rule.subgroups === true ? "subgroups" : "overall";
  const name = rule.metric;
  if (rule.higher_is_better !== undefined)
    declareDirection(name, { value: rule.higher_is_better, source: `${source}: higher_is_better` }, building);
  if (rule.min !== undefined) addLimit({ kind: "min", scope, name, limit: rule.min, source }, building);
  if (rule.max !== undefined) addLimit({ kind: "max", scope, name, limit: rule.max, source }, building);
  for (const [value, isRelative] of [
    [rule.max_regression, false],
    [rule.max_regression_rel, true],
  ] as const) {
    if (value !== undefined)
      addRegression(
        { value, source },
        { metric: name, scope, isRelative, how: "higher_is_better: true or false" },
        building,
      );
  }
}

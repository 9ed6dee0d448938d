import type { FoundBaseline, FoundEvaluation } from "../baseline/read-baseline.ts";
import { type CommandInput, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import type { GateSettings, Said, StatedRule } from "../gate/settings.ts";
import { openSession } from "./session.ts";
import { modelFlags, requireModelName, trackingFlags } from "./shared-flags.ts";

const flags = {
  newMetrics: {
    kind: "path",
    value: "FILE",
    default: "evaluation_results.json",
    summary: "the candidate's evaluation: of `mlops evaluate`, or any JSON object of numbers",
  },
  baselineMetrics: { kind: "path", value: "FILE", summary: "the baseline's evaluation" },
  baselineAlias: { kind: "string", value: "ALIAS", summary: "compare with the version behind this alias" },
  baseline: { kind: "string", value: "ALIAS", summary: "synonym of --baseline-alias", hidden: true },
  minAuc: { kind: "number", value: "NUMBER", summary: "lowest AUC" },
  min: { kind: "list", value: "NAME=NUMBER", summary: "lowest value of a metric" },
  max: { kind: "list", value: "NAME=NUMBER", summary: "highest value of a metric" },
  metricName: {
    kind: "string",
    value: "NAME",
    summary: "the metric of --min-threshold and of the regression rules",
  },
  minThreshold: {
    kind: "number",
    value: "NUMBER",
    summary: "limit of --metric-name: a floor, or a ceiling where lower is better",
  },
  higherIsBetter: {
    kind: "boolean",
    takesBoolean: true,
    summary: "direction of a --metric-name that mlops does not know",
  },
  maxRegression: {
    kind: "string",
    value: "NUMBER",
    summary: "how much worse than the baseline is fine: 0.01, or 2%",
  },
  maxRegressionRel: {
    kind: "string",
    value: "SHARE",
    summary: "the same as a share of the baseline: 2% or 0.02",
  },
  subgroupMaxRegression: { kind: "string", value: "NUMBER", summary: "the same for every subgroup" },
  subgroup: {
    kind: "list",
    value: "COLUMN",
    shared: true,
    summary:
      "columns (or single groups such as sex=female) of the subgroup rules; default: all in the results",
  },
  subgroupMin: { kind: "list", value: "NAME=NUMBER", summary: "lowest value of a metric in every subgroup" },
  subgroupMax: { kind: "list", value: "NAME=NUMBER", summary: "highest value of a metric in every subgroup" },
  minSubgroupRows: {
    kind: "integer",
    value: "N",
    default: 30,
    summary: "smaller subgroups are skipped by name",
  },
  minSubgroupPositives: { kind: "integer", value: "N", default: 10, summary: "the same for rows of class 1" },
  minSubgroupNegatives: { kind: "integer", value: "N", default: 10, summary: "the same for rows of class 0" },
  firstModel: {
    kind: "string",
    value: "WHAT",
    choices: ["allow", "block"],
    default: "allow",
    summary: "where there is no baseline yet: decide by the absolute limits, or give no verdict",
  },
  allowChangedEvalSet: { kind: "boolean", summary: "compare also where the evaluation sets differ" },
  allowSelfComparison: { kind: "boolean", summary: "compare also where the candidate is the baseline" },
  maxBaselineAge: { kind: "duration", value: "TIME", summary: "no verdict if evaluated longer ago: 720h" },
  outputPath: { kind: "path", value: "FILE", default: "gate.json", summary: "where the result is written" },
  ...modelFlags,
  ...trackingFlags,
} as const;

type Options = OptionsOf<typeof flags>;
interface Extras {
  readonly rules?: readonly StatedRule[] | undefined;
}
type Input = CommandInput<Options, Extras>;

export const gateCommand = defineCommand({
  name: "gate",
  summary: "say yes or no to a model, by limits and against a baseline",
  description:
    "Checks the candidate's metrics against absolute limits and against a baseline. Exit 0: pass, 3: fail, 4: no verdict " +
    "is possible. A metric that is missing or undefined never passes.",
  examples: [
    "mlops gate --min-auc 0.75",
    "mlops gate --min-auc 0.75 --max-regression 0.01 --subgroup-max-regression 0.03 --baseline-alias champion --model-name mortality",
    "mlops gate --new-metrics new.json --baseline-metrics old.json --metric-name rmse --max-regression 2%",
  ],
  flags,
  extras: async () => (await import("../gate/rules-schema.ts")).gateExtras,
  async run(input: Input, context) {
    const startedAt = context.now();
    const { policyOf } = await import("../gate/settings.ts");
    const { decideGate } = await import("../gate/decide.ts");
    const { options } = input;
    const policy = policyOf(settingsOf(input));
    const { removeOldResult } = await import("../fresh-output.ts");
    if (!options.dryRun) {
      await removeOldResult(
        { flag: "--output-path", file: options.outputPath },
        [options.newMetrics, options.baselineMetrics],
        context.cwd,
      );
    }
    let candidate: FoundEvaluation | undefined;
    try {
      candidate = await readCandidate(input, context);
      const found = await findBaseline(input, context);
      const decision = decideGate({
        policy,
        candidate: candidate.evaluation,
        baseline: found.baseline,
        nowMs: context.now().getTime(),
      });
      for (const warning of decision.warnings) context.report.warn(`${warning}.`);
      const { finish } = await import("./gate/finish.ts");
      return await finish({ options, candidate, found, decision, startedAt }, context);
    } catch (error) {
      const { leaveUnread } = await import("./gate/finish.ts");
      await leaveUnread(error, { options, candidate, startedAt }, context);
      throw error;
    }
  },
});

async function readCandidate(input: Input, { cwd }: Context): Promise<FoundEvaluation> {
  const { readEvaluationFile } = await import("../baseline/read-baseline.ts");
  const candidate = await readEvaluationFile(input.options.newMetrics, {
    cwd,
    flag: `--new-metrics${input.origin("newMetrics").source === "default" ? ", default" : ""}`,
    role: "candidate",
    mayBeMissing: false,
  });
  if (candidate === undefined) throw new RangeError("the candidate is always required");
  return candidate;
}

function settingsOf(input: Input): GateSettings {
  const { options, configFile } = input;
  const said = <K extends keyof Options & string>(key: K): Said<NonNullable<Options[K]>> | undefined => {
    const value = options[key];
    return value === undefined || value === null ? undefined : { value, source: input.origin(key).where };
  };
  const list = (key: "min" | "max" | "subgroupMin" | "subgroupMax") => ({
    value: options[key],
    source: input.origin(key).where,
  });
  return {
    minAuc: said("minAuc"),
    min: list("min"),
    max: list("max"),
    subgroupMin: list("subgroupMin"),
    subgroupMax: list("subgroupMax"),
    metricName: said("metricName"),
    minThreshold: said("minThreshold"),
    higherIsBetter: said("higherIsBetter"),
    maxRegression: said("maxRegression"),
    maxRegressionRel: said("maxRegressionRel"),
    subgroupMaxRegression: said("subgroupMaxRegression"),
    rules: (input.extras?.rules ?? []).map((value, index) => ({
      value,
      source: configFile?.locate(["gate", "rules", index]) ?? "mlops.yaml",
    })),
    subgroups: options.subgroup,
    minimum: {
      rows: options.minSubgroupRows,
      positives: options.minSubgroupPositives,
      negatives: options.minSubgroupNegatives,
    },
    firstModel: options.firstModel === "block" ? "block" : "allow",
    allowChangedEvalSet: options.allowChangedEvalSet,
    allowSelfComparison: options.allowSelfComparison,
    maxBaselineAgeMs: options.maxBaselineAge,
  };
}

/** A mistyped file name must not look like a first model: a missing file is one only where `--first-model` was said. */
async function findBaseline(input: Input, context: Context): Promise<FoundBaseline> {
  const { options } = input;
  const alias = options.baselineAlias ?? options.baseline;
  const isFirstModelSaid = input.origin("firstModel").source !== "default";
  const { readEvaluationFile, readAliasBaseline } = await import("../baseline/read-baseline.ts");
  const without = (sentence: string): FoundBaseline => ({
    baseline: { kind: "first-model", sentence },
    input: undefined,
    model: undefined,
  });
  if (options.baselineMetrics !== undefined) {
    if (alias !== undefined && input.origin("baselineMetrics").source !== "flag")
      context.report.warn("Both a baseline file and a baseline alias are set; the file is taken.");
    const found = await readEvaluationFile(options.baselineMetrics, {
      cwd: context.cwd,
      flag: "--baseline-metrics",
      role: "baseline",
      mayBeMissing: isFirstModelSaid && options.firstModel === "allow",
    });
    if (found === undefined) return without(`${options.baselineMetrics} does not exist`);
    const { evaluation, input: file } = found;
    return { baseline: { kind: "stored", evaluation }, input: file, model: undefined };
  }
  if (alias === undefined) {
    if (isFirstModelSaid) return without("no baseline is named");
    return { baseline: { kind: "none" }, input: undefined, model: undefined };
  }
  const modelName = requireModelName(
    options.modelName,
    `The baseline is the alias ${alias}, but of which model?`,
  );
  // As in a dry run: the gate only reads, and makes no store where there is none.
  const session = await openSession({ ...options, dryRun: true }, context);
  try {
    return await readAliasBaseline(session.client, {
      modelName,
      alias,
      warn: (line) => context.report.warn(line),
    });
  } finally {
    await session.close();
  }
}

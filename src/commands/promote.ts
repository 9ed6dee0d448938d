import path from "node:path";
import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { Promotion, PromotionOutcome } from "../tracking/promote-alias.ts";
import { openSession } from "./session.ts";
import { modelFlags, trackingFlags } from "./shared-flags.ts";

const flags = {
  modelName: { ...modelFlags.modelName, env: ["MODEL_NAME"] },
  modelVersion: {
    kind: "string",
    value: "VERSION",
    env: ["MODEL_VERSION"],
    summary: "version to promote",
  },
  fromAlias: { kind: "string", value: "ALIAS", summary: "promote the version behind this alias instead" },
  alias: { kind: "string", value: "ALIAS", summary: "alias to move, e.g. champion" },
  toStage: { kind: "string", value: "STAGE", summary: "synonym for --alias: the stage's name in lower case" },
  stage: { kind: "string", value: "STAGE", summary: "synonym for --to-stage" },
  expectedVersion: {
    kind: "string",
    value: "VERSION",
    summary: "refuse unless the alias points to this version now, or to `none` (default: whatever it is)",
  },
  ignoreFreeze: { kind: "boolean", summary: "promote also inside a deploy freeze window" },
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "promotion.json",
    summary: "where the result is written",
  },
  ...trackingFlags,
} as const;

type Options = OptionsOf<typeof flags>;
type Input = CommandInput<Options, undefined>;

export const promoteCommand = defineCommand({
  name: "promote",
  summary: "move an alias to a version",
  description:
    "Points an alias such as `champion` to a version, records who, when, from and to as version tags, and refuses " +
    "(exit 5) where somebody else moved the alias meanwhile or a deploy freeze is on.",
  examples: [
    "mlops promote --model-name mortality --model-version 2 --alias champion",
    "mlops promote --model-name mortality --from-alias challenger --to-stage Production",
    "mlops promote --model-name mortality --model-version 2 --alias champion --expected-version 1",
  ],
  flags,
  async run(input, context) {
    const startedAt = context.now();
    const promotion = await promotionOf(input, context);
    await checkFreeze(input, context);
    const session = await openSession(input.options, context, { mustExist: true });
    try {
      const { promoteAlias } = await import("../tracking/promote-alias.ts");
      const outcome = await promoteAlias(session.client, promotion);
      const tracking = session.description;
      return await resultOf({ outcome, promotion, input, startedAt, tracking }, context);
    } finally {
      await session.close();
    }
  },
});

async function promotionOf(input: Input, context: Context): Promise<Promotion> {
  const { options } = input;
  const { modelName, modelVersion, fromAlias } = options;
  const problems: string[] = [];
  if (modelName === undefined) problems.push("The model is missing: give --model-name or set MODEL_NAME.");
  const isTypedVersion = input.origin("modelVersion").source === "flag";
  if (fromAlias !== undefined && modelVersion !== undefined && isTypedVersion)
    problems.push("--model-version and --from-alias exclude each other.");
  if (fromAlias === undefined && modelVersion === undefined)
    problems.push("The version is missing: give --model-version, set MODEL_VERSION, or say --from-alias.");
  const aliases = aliasesOf(options);
  const [alias] = aliases;
  if (alias === undefined) problems.push("The target is missing: give --alias ALIAS or --to-stage STAGE.");
  if (aliases.length > 1)
    problems.push(`--alias, --to-stage and --stage name different targets: ${aliases.join(", ")}.`);
  if (problems.length > 0 || modelName === undefined || alias === undefined) {
    throw new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: problems.join("\n") });
  }
  const stage = options.toStage ?? options.stage;
  if (stage !== undefined) {
    context.report.warn(
      `The stage ${stage} is taken as the alias ${alias}: MLflow has replaced stages by aliases.`,
    );
  }
  const { jobFacts } = await import("../gitlab/variables.ts");
  return {
    modelName,
    // An alias that was asked for wins over the MODEL_VERSION that an earlier job left.
    target: fromAlias === undefined ? { version: modelVersion ?? "" } : { fromAlias },
    alias,
    expectedVersion: options.expectedVersion,
    promotedBy: jobFacts(context.env).user ?? context.env["USER"] ?? context.env["USERNAME"] ?? "unknown",
    at: context.now(),
    dryRun: options.dryRun,
  };
}

function aliasesOf({ alias, toStage, stage }: Options): string[] {
  const given = [alias, toStage?.toLowerCase(), stage?.toLowerCase()].filter((one) => one !== undefined);
  return [...new Set(given)];
}

async function checkFreeze({ options }: Input, context: Context): Promise<void> {
  const { isDeployFreeze } = await import("../gitlab/variables.ts");
  if (!isDeployFreeze(context.env)) return;
  if (options.ignoreFreeze) {
    context.report.warn("A deploy freeze is on (CI_DEPLOY_FREEZE); promoted all the same (--ignore-freeze).");
    return;
  }
  throw new MlopsError({
    kind: "blocked",
    code: "DEPLOY_FREEZE",
    message: "A deploy freeze is on (CI_DEPLOY_FREEZE is true); nothing was changed.",
    hint: "Start the job again after the freeze window, or use --ignore-freeze.",
  });
}

async function resultOf(
  parts: {
    readonly outcome: PromotionOutcome;
    readonly promotion: Promotion;
    readonly input: Input;
    readonly startedAt: Date;
    readonly tracking: string;
  },
  context: Context,
): Promise<CommandResult> {
  const { outcome, promotion, startedAt, tracking } = parts;
  const { options } = parts.input;
  const { version } = outcome.version;
  const { modelName: name, alias } = promotion;
  const { resultHead } = await import("../results/head.ts");
  const { programVersion } = await import("../version.ts");
  const uri = `models:/${name}/${version}`;
  const previousVersion = outcome.previous?.version ?? null;
  const json = {
    ...resultHead({
      version: await programVersion(),
      command: "promote",
      verdict: "pass",
      startedAt,
      finishedAt: context.now(),
      inputs: [],
    }),
    dryRun: options.dryRun,
    moved: outcome.isMove && !options.dryRun,
    model: { name, version, uri, alias, previousVersion },
    promotedBy: promotion.promotedBy,
    tracking,
  };
  if (!options.dryRun) {
    const { writeJsonFile } = await import("../files.ts");
    await writeJsonFile(path.resolve(context.cwd, options.outputPath), json);
  }
  const previous = previousVersion === null ? {} : { PREVIOUS_MODEL_VERSION: previousVersion };
  return {
    exitCode: exitCodes.positive,
    json,
    text: textOf(outcome, { name, alias, tracking, isDryRun: options.dryRun }),
    dotenv: { MODEL_NAME: name, MODEL_VERSION: version, MODEL_URI: uri, MODEL_ALIAS: alias, ...previous },
  };
}

function textOf(
  { version: { version }, previous, isMove, hasCompletedRecord }: PromotionOutcome,
  shown: {
    readonly name: string;
    readonly alias: string;
    readonly tracking: string;
    readonly isDryRun: boolean;
  },
): string {
  const { name, alias, tracking, isDryRun } = shown;
  const record = hasCompletedRecord ? "the record of that promotion was completed" : "nothing was changed";
  if (!isMove)
    return `${alias} of ${name} points to version ${version} already; ${record}.\n  registry  ${tracking}`;
  const from = previous === undefined ? "nothing" : `version ${previous.version}`;
  const said = isDryRun
    ? `Dry run: ${alias} of ${name} would move from ${from} to version ${version}; nothing was changed.`
    : `${alias} of ${name} moved from ${from} to version ${version}.`;
  return `${said}\n  registry  ${tracking}`;
}

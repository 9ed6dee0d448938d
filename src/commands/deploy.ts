import { type CommandInput, type CommandResult, defineCommand, type OptionsOf } from "../command.ts";
import type { Context } from "../context.ts";
import type { Deployment, Desk } from "../deploy/deployment.ts";
import type { DeploymentPlan } from "../deploy/plan.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import { isDeployFreeze, jobFacts } from "../gitlab/variables.ts";
import type { ModelVersion } from "../tracking/types.ts";
import { openSession } from "./session.ts";
import { modelFlags, trackingFlags } from "./shared-flags.ts";

const flags = {
  // MODEL_NAME and MODEL_VERSION are what `mlops register` leaves for later jobs.
  modelName: { ...modelFlags.modelName, env: ["MODEL_NAME"] },
  modelVersion: { kind: "string", value: "VERSION", env: ["MODEL_VERSION"], summary: "version to deploy" },
  alias: { kind: "string", value: "NAME", summary: "deploy the version that this alias points to" },
  environment: { kind: "string", value: "NAME", default: "local", summary: "where to deploy to" },
  target: {
    kind: "string",
    value: "TARGET",
    choices: ["process", "kubernetes", "kserve", "vertex"],
    default: "process",
    summary: "what runs the model",
  },
  namespace: { kind: "string", value: "NAME", summary: "for --target kubernetes" },
  k8sContext: { kind: "string", value: "NAME", env: ["KUBE_CONTEXT"], summary: "for --target kubernetes" },
  port: { kind: "integer", value: "PORT", summary: "port of the endpoint (default: a free one, then kept)" },
  healthPath: { kind: "string", value: "PATH", default: "/health", summary: "must answer 2xx" },
  healthTimeout: { kind: "duration", value: "TIME", default: 30_000, summary: "how long the start may take" },
  smokeRequest: { kind: "string", value: "JSON|FILE", summary: "body of a request that must succeed" },
  smokePath: { kind: "string", value: "PATH", default: "/predict", summary: "where it is posted to" },
  smokeExpect: {
    kind: "list",
    value: "KEY",
    summary: "key that the JSON answer must have, e.g. predictions.0",
  },
  smokeTimeout: { kind: "duration", value: "TIME", default: 10_000, summary: "how long the answer may take" },
  passEnv: { kind: "list", value: "NAME", summary: "secret variable that the server gets all the same" },
  deploymentsDir: { kind: "path", value: "DIR", default: ".mlops/deployments", summary: "records and logs" },
  outputPath: { kind: "path", value: "FILE", default: "deployment.json", summary: "result file" },
  ignoreFreeze: { kind: "boolean", summary: "deploy although CI_DEPLOY_FREEZE is set" },
  status: { kind: "boolean", summary: "only say what is deployed and whether it is healthy" },
  stop: { kind: "boolean", summary: "end the environment's server and relay" },
  ...trackingFlags,
} as const;

interface Extras {
  readonly serve_command?: readonly string[] | undefined;
}

type Input = CommandInput<OptionsOf<typeof flags>, Extras>;

export const deployCommand = defineCommand({
  name: "deploy",
  summary: "bring a model version into service, and keep the old one where it fails",
  description: [
    "Downloads a model version, starts the serve command for it beside the release that serves now, waits for the " +
      "health path, sends the smoke request, then moves the endpoint over and stops the old release. Where the new " +
      "one fails it is stopped and the old one goes on (exit 3).",
    "The serve command gets MLOPS_MODEL_PATH (folder with the version's files), MLOPS_MODEL_NAME, " +
      "MLOPS_MODEL_VERSION, HOST and PORT, and must listen there. Variables that look like secrets are withheld. " +
      "What is started stays after the command, until the next deployment or --stop; in a container it ends with the job.",
  ].join("\n\n"),
  examples: [
    "mlops deploy --model-name mortality --model-version 3 -- python serve.py",
    "mlops deploy --alias champion --environment staging --port 8080 --smoke-request request.json --smoke-expect risk",
    "mlops deploy --status --environment staging",
    "mlops deploy --stop --environment staging",
  ],
  flags,
  operands: { name: "command", summary: "serve command and its arguments, behind --" },
  extras: async () => (await import("../deploy/file-settings.ts")).deployFileSettings,
  run,
});

async function run(input: Input, context: Context): Promise<CommandResult> {
  const { options } = input;
  const { checkLimits, refuseOtherTargets } = await import("../deploy/settings.ts");
  refuseOtherTargets(options, (option) => input.origin(option).where);
  checkLimits(options, (option) => input.origin(option).where);
  const { EnvironmentFolder } = await import("../deploy/records.ts");
  const { default: path } = await import("node:path");
  const desk: Desk = {
    folder: new EnvironmentFolder(path.resolve(context.cwd, options.deploymentsDir), options.environment),
    signal: context.signal,
    now: context.now,
    randomHex: context.randomHex,
    log: (level, line) => context.report[level](line),
  };
  if (options.status) return await showStatus(desk, context);
  if (options.stop) return await stop(desk, { input, context });
  return await deploy(desk, { input, context });
}

interface Job {
  readonly input: Input;
  readonly context: Context;
}

async function deploy(desk: Desk, { input, context }: Job): Promise<CommandResult> {
  const startedAt = context.now();
  const { options } = input;
  if (isDeployFreeze(context.env) && !options.ignoreFreeze) {
    throw new MlopsError({
      kind: "blocked",
      code: "DEPLOY_FREEZE",
      message: "CI_DEPLOY_FREEZE is true: GitLab says that this is a deploy freeze window.",
      hint: "Run the job again after the window, or with --ignore-freeze.",
    });
  }
  const plan = await planOf(input, context);
  const { resolveVersion, fetchModel } = await import("../deploy/model-files.ts");
  const { deployVersion } = await import("../deploy/deployment.ts");
  const session = await openSession(options, context, { mustExist: true });
  let close = async (): Promise<void> => await session.close();
  try {
    const version = await resolveVersion(session.client, plan.choice);
    if (options.dryRun) return dryRunResult(desk, { version, command: plan.command });
    const outcome = await deployVersion(desk, {
      ...plan,
      port: options.port,
      healthPath: options.healthPath,
      healthTimeoutMs: options.healthTimeout,
      fetchModel: async (directory) => {
        const files = await fetchModel(session.client, version, directory);
        // The server's start may take minutes; other commands must not wait for the store that long.
        await close();
        close = async () => undefined;
        return { ...files, alias: plan.choice.alias ?? null };
      },
    });
    return await finish(outcome, { desk, startedAt, context, input });
  } finally {
    await close();
  }
}

async function planOf(input: Input, context: Context): Promise<DeploymentPlan> {
  const { options, origin, configFile } = input;
  const { planDeployment } = await import("../deploy/plan.ts");
  const facts = jobFacts(context.env);
  const plan = await planDeployment({
    modelName: options.modelName,
    version: { value: options.modelVersion, ...origin("modelVersion") },
    alias: { value: options.alias, ...origin("alias") },
    typedCommand: input.operands,
    fileCommand: input.extras?.serve_command ?? [],
    cwd: context.cwd,
    fileFolder: configFile?.directory ?? context.cwd,
    smoke: {
      request: { value: options.smokeRequest, ...origin("smokeRequest") },
      path: options.smokePath,
      expect: options.smokeExpect,
      timeoutMs: options.smokeTimeout,
    },
    env: context.env,
    passEnv: options.passEnv,
    user: facts.user ?? context.env["USER"],
    facts,
  });
  if (plan.smoke === undefined) {
    context.report.warn("No --smoke-request: the release is only asked for its health.");
  }
  if (plan.withheld.length > 0) {
    context.report.debug(`withheld from the serve command: ${plan.withheld.join(", ")}`);
  }
  return plan;
}

function dryRunResult(
  desk: Desk,
  plan: { readonly version: ModelVersion; readonly command: readonly string[] },
): CommandResult {
  const { name, version, source } = plan.version;
  const { environment } = desk.folder;
  return {
    exitCode: exitCodes.positive,
    json: { dryRun: true, environment, model: { name, version, source }, command: plan.command },
    text: `would deploy ${name} version ${version} to environment ${environment} with: ${plan.command.join(" ")}`,
  };
}

async function finish(
  outcome: Deployment,
  job: Job & { readonly desk: Desk; readonly startedAt: Date },
): Promise<CommandResult> {
  const { desk, context, startedAt, input } = job;
  const { deploymentResultOf } = await import("../deploy/result.ts");
  const { deploymentText } = await import("../deploy/text.ts");
  const { writeJsonFile } = await import("../files.ts");
  const { default: path } = await import("node:path");
  const result = deploymentResultOf(await frameOf(desk, context, startedAt), outcome);
  await writeJsonFile(path.resolve(context.cwd, input.options.outputPath), result);
  // After a failure this names the old version: what later jobs will meet at the endpoint.
  const { endpointUrl, version } = result.serving ?? { endpointUrl: "", version: "" };
  return {
    exitCode: result.verdict === "pass" ? exitCodes.positive : exitCodes.negative,
    json: result,
    text: deploymentText(result, { folder: desk.folder, cwd: context.cwd }),
    dotenv: { ENDPOINT_URL: endpointUrl, DEPLOYED_VERSION: version },
  };
}

async function showStatus(desk: Desk, context: Context): Promise<CommandResult> {
  const startedAt = context.now();
  const { statusOf } = await import("../deploy/deployment.ts");
  const { statusResultOf } = await import("../deploy/result.ts");
  const { statusText } = await import("../deploy/text.ts");
  const status = await statusOf(desk);
  const result = statusResultOf(await frameOf(desk, context, startedAt), status);
  const bad = status.record === undefined ? exitCodes.noVerdict : exitCodes.negative;
  return {
    exitCode: result.verdict === "pass" ? exitCodes.positive : bad,
    json: result,
    text: statusText(status, { folder: desk.folder, cwd: context.cwd }),
  };
}

async function stop(desk: Desk, { input, context }: Job): Promise<CommandResult> {
  const startedAt = context.now();
  const { statusOf, stopEnvironment } = await import("../deploy/deployment.ts");
  const { stopResultOf } = await import("../deploy/result.ts");
  const { stopText } = await import("../deploy/text.ts");
  const { environment } = desk.folder;
  if (input.options.dryRun) {
    const { record } = await statusOf(desk);
    const text = stopText(environment, record === undefined ? [] : [record], "would be");
    return { exitCode: exitCodes.positive, json: { dryRun: true, environment }, text };
  }
  const stopped = await stopEnvironment(desk);
  const result = stopResultOf(await frameOf(desk, context, startedAt), stopped);
  return { exitCode: exitCodes.positive, json: result, text: stopText(environment, stopped) };
}

async function frameOf(desk: Desk, context: Context, startedAt: Date) {
  const { programVersion } = await import("../version.ts");
  const version = await programVersion();
  return { version, startedAt, finishedAt: context.now(), environment: desk.folder.environment };
}

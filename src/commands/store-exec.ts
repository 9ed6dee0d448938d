import { type CommandResult, defineCommand } from "../command.ts";
import type { Context } from "../context.ts";
import { exitCodes, MlopsError } from "../errors.ts";
import type { ChildReport } from "../process/child.ts";
import { openStore } from "./session.ts";
import { trackingFlags } from "./shared-flags.ts";

const flags = { storeDir: trackingFlags.storeDir } as const;

export const storeExecCommand = defineCommand({
  name: "store exec",
  summary: "run a command against the embedded store",
  description:
    "Starts the store for the time of the command and sets MLFLOW_TRACKING_URI and MLFLOW_TRACKING_TOKEN for it.\n" +
    "The command's exit code is passed on as it is; 128 plus the signal's number if a signal ended it.",
  examples: [
    "mlops store exec -- python notebook.py",
    "mlops store exec -- mlflow runs list --experiment-id 0",
  ],
  flags,
  operands: { name: "command", summary: "the command and its arguments, behind --" },
  async run({ options, operands }, context) {
    const [command, ...args] = operands;
    if (command === undefined || options.json) throw wrongUse(command);
    if (options.dryRun) {
      const text = `would run ${command} against the store in ${options.storeDir}`;
      return { exitCode: exitCodes.positive, json: {}, text };
    }
    const server = await openStore(options, context);
    try {
      return await resultOf(command, await runInStore({ command, args, server }, context), context);
    } finally {
      await server.close();
    }
  },
});

async function runInStore(
  job: {
    readonly command: string;
    readonly args: readonly string[];
    readonly server: { readonly url: string; readonly token: string };
  },
  context: Context,
): Promise<ChildReport> {
  const { runChild } = await import("../process/child.ts");
  const { redactedStream } = await import("../process/redacted-stream.ts");
  const { clientEnvironment } = await import("../store/client-environment.ts");
  const { redactor } = context;
  const stdout = redactedStream({ redactor, write: (text) => context.stdout.write(text) });
  const stderr = redactedStream({ redactor, write: (text) => context.stderr.write(text) });
  // What would win over the store in MLflow's clients is taken out.
  const { MLFLOW_REGISTRY_URI: _registry, MLFLOW_WORKSPACE: _workspace, ...rest } = context.env;
  const report = await runChild({
    command: job.command,
    args: job.args,
    cwd: context.cwd,
    env: { ...rest, ...clientEnvironment(rest, job.server) },
    signal: context.signal,
    inheritsStdin: true,
    onStdout: (text) => {
      stdout.push(text);
      return context.stdout.drained();
    },
    onStderr: (text) => {
      stderr.push(text);
      return context.stderr.drained();
    },
  });
  stdout.end();
  stderr.end();
  return report;
}

async function resultOf(command: string, report: ChildReport, context: Context): Promise<CommandResult> {
  const { outcome } = report;
  switch (outcome.kind) {
    case "exited":
      return { exitCode: outcome.code, json: {}, text: "" };
    case "signalled": {
      // We ended it because we were told to: that is our own ending.
      if (context.signal.aborted) throw context.signal.reason;
      const { constants } = await import("node:os");
      context.report.warn(`${command} was ended by ${outcome.signal}.`);
      return { exitCode: 128 + constants.signals[outcome.signal], json: {}, text: "" };
    }
    case "not-started":
      throw new MlopsError({
        kind: "usage",
        code: "COMMAND_NOT_STARTED",
        message: `${command} cannot be started: ${outcome.message}`,
        hint: "Check its name and the PATH; a script needs its interpreter in front: -- python script.py",
      });
  }
}

function wrongUse(command: string | undefined): MlopsError {
  if (command === undefined) {
    return new MlopsError({
      kind: "usage",
      code: "COMMAND_MISSING",
      message: "mlops store exec has no command to run.",
      hint: "Write it behind --: mlops store exec -- python notebook.py",
    });
  }
  return new MlopsError({
    kind: "usage",
    code: "NO_JSON_RESULT",
    message: "mlops store exec has no result that --json could print: standard output is the command's.",
    hint: "Leave --json out, or write it behind -- where the command knows it.",
  });
}

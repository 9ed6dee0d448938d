import { type CommandDefinition, type CommandResult, commonFlags } from "./command.ts";
import type { Context } from "./context.ts";
import { type ExitCode, exitCodes, MlopsError, messageOf } from "./errors.ts";
import { type Invocation, parseCommandLine } from "./program.ts";
import type { Verbosity } from "./reporter.ts";
import { programVersion } from "./version.ts";

/** Runs one command line. Never throws: what goes wrong is printed and becomes the exit code. */
export async function run(argv: readonly string[], context: Context): Promise<number> {
  // Also before anything is parsed: a script that asked for JSON gets JSON, whatever goes wrong.
  const end = argv.indexOf("--");
  const isTyped = (end < 0 ? argv : argv.slice(0, end)).includes("--json");
  const output = { wantsJson: isTyped || /^(true|1|yes|on)$/i.test(context.env["MLOPS_JSON"] ?? "") };
  try {
    const { commands } = await import("./commands/all.ts");
    const version = await programVersion();
    const invocation = await parseCommandLine(argv, commands, {
      stdout: context.stdout,
      stderr: context.stderr,
      version,
    });
    if (invocation === undefined) return exitCodes.positive;
    const result = await dispatch(invocation, { commands, output }, context);
    return result.exitCode;
  } catch (error) {
    return await renderError(error, context, output.wantsJson);
  }
}

async function dispatch(
  invocation: Invocation,
  program: {
    readonly commands: readonly CommandDefinition[];
    /** Told what the settings say, for an error that comes later. */
    readonly output: { wantsJson: boolean };
  },
  context: Context,
): Promise<CommandResult> {
  const { command } = invocation;
  const { commands, output } = program;
  const { loadSettings } = await import("./config/load.ts");
  const flags = { ...command.flags, ...commonFlags };
  const settings = await loadSettings({ command, commands, flags, typed: invocation.typed, context });
  const common = settings.common;
  output.wantsJson = common.json;
  const level: Verbosity = common.quiet ? "quiet" : loudness(common.verbose);
  const ready: Context = { ...context, report: context.report.withLevel(level) };
  const result = await command.run(
    {
      // The flag table that built these options is the one that `defineCommand` typed `run` by.
      options: settings.options as never,
      operands: invocation.operands,
      extras: settings.extras as never,
      configFile: settings.file,
      origin: settings.origin,
    },
    ready,
  );
  if (result.dotenv !== undefined && common.dotenv !== undefined && !common.dryRun) {
    const { writeDotenv } = await import("./gitlab/dotenv.ts");
    await writeDotenv(common.dotenv, result.dotenv, ready);
  }
  const text = common.json ? JSON.stringify(result.json, undefined, 2) : result.text;
  if (text !== "") context.stdout.write(`${text}\n`);
  return result;
}

function loudness(isVerbose: boolean): Verbosity {
  return isVerbose ? "verbose" : "normal";
}

async function renderError(error: unknown, context: Context, wantsJson: boolean): Promise<ExitCode> {
  const known = error instanceof MlopsError ? error : undefined;
  const exitCode = known?.exitCode ?? exitCodes.bug;
  const message = known?.message ?? `This is a bug of mlops: ${messageOf(error)}`;
  const [first = "", ...rest] = message.split("\n");
  context.report.error([first, ...rest.map((line) => `       ${line}`)].join("\n"));
  if (known?.hint !== undefined) context.stderr.write(`       ${known.hint}\n`);
  if (known === undefined && error instanceof Error) context.stderr.write(`${error.stack ?? ""}\n`);
  if (wantsJson) {
    const { errorDocument } = await import("./results/head.ts");
    const document = errorDocument({
      version: await programVersion(),
      exitCode,
      code: known?.code ?? "BUG",
      message,
      hint: known?.hint,
    });
    context.stdout.write(`${JSON.stringify(document, undefined, 2)}\n`);
  }
  return exitCode;
}

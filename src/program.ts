import { Command, CommanderError, Option } from "commander";
import { type CommandDefinition, commonFlags, type FlagDefinition, flagName } from "./command.ts";
import { MlopsError } from "./errors.ts";
import type { TextOutput } from "./reporter.ts";

/** What a group of subcommands is for. */
const groupSummaries: Readonly<Record<string, string>> = {
  store: "serve, use and export the embedded MLflow store",
};

export interface Invocation {
  readonly command: CommandDefinition;
  readonly typed: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly operands: readonly string[];
}

export interface ProgramOutputs {
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  readonly version: string;
}

/** Reads a command line. Returns undefined where help or the version was asked for and printed. Throws `usage`. */
export async function parseCommandLine(
  argv: readonly string[],
  commands: readonly CommandDefinition[],
  outputs: ProgramOutputs,
): Promise<Invocation | undefined> {
  const found: Invocation[] = [];
  const program = buildProgram(commands, outputs, (invocation) => found.push(invocation));
  if (argv.length === 0) {
    outputs.stdout.write(program.helpInformation());
    return undefined;
  }
  try {
    await program.parseAsync(commonFlagsLast(argv, commands), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, argv);
  }
  return found[0];
}

/** `mlops --json gate …` means `mlops gate --json …`: the common flags may also stand before the command. */
function commonFlagsLast(argv: readonly string[], commands: readonly CommandDefinition[]): string[] {
  let index = 0;
  while (argv[index]?.startsWith("-") === true) {
    const word = argv[index] ?? "";
    const flag = Object.entries(commonFlags).find(([option, one]: [string, FlagDefinition]) => {
      return word.split("=")[0] === `--${flagName(option)}` || word === `-${one.short}`;
    });
    if (flag === undefined) return [...argv];
    index += flag[1].kind === "path" && !word.includes("=") ? 2 : 1;
  }
  const isGroup = commands.some((command) => command.name.startsWith(`${argv[index]} `));
  const name = argv.slice(index, index + (isGroup ? 2 : 1));
  return [...name, ...argv.slice(0, index), ...argv.slice(index + name.length)];
}

function usageError(error: CommanderError, argv: readonly string[]): MlopsError {
  const [first, ...rest] = error.message.replace(/^error: /, "").split("\n");
  const name = argv.find((word) => !word.startsWith("-"));
  const help =
    error.code === "commander.unknownCommand" || name === undefined ? "mlops --help" : `mlops ${name} --help`;
  const suggestion = rest.join(" ").replace(/[()]/g, "").trim();
  return new MlopsError({
    kind: "usage",
    code: "COMMAND_LINE",
    message:
      error.code === "commander.help"
        ? `mlops ${argv.join(" ")}: a subcommand is missing`
        : (first ?? error.message),
    hint: [suggestion, `See ${help}.`].filter((part) => part !== "").join(" "),
    cause: error,
  });
}

function buildProgram(
  commands: readonly CommandDefinition[],
  outputs: ProgramOutputs,
  found: (invocation: Invocation) => void,
): Command {
  const program = new Command("mlops");
  program
    .description("The machine-learning jobs of a GitLab pipeline in one program.")
    .version(outputs.version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .addHelpText("after", "\nStart with `mlops COMMAND --help`: every command shows examples.");
  configure(program, outputs);
  const groups = new Map<string, Command>();
  for (const definition of commands) {
    const [first = "", second] = definition.name.split(" ");
    let parent = program;
    if (second !== undefined) {
      parent = groups.get(first) ?? program.command(first).description(groupSummaries[first] ?? first);
      groups.set(first, parent);
      configure(parent, outputs);
    }
    addCommand(parent.command(second ?? first), definition, outputs, found);
  }
  return program;
}

function configure(command: Command, { stdout, stderr }: ProgramOutputs): void {
  command
    .exitOverride()
    .showSuggestionAfterError(true)
    .helpCommand(false)
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      // Errors are rendered in one place, by main.
      writeErr: (text) => (text.startsWith("error:") ? undefined : stderr.write(text)),
      getOutHasColors: () => stdout.useColor,
    });
}

function addCommand(
  command: Command,
  definition: CommandDefinition,
  outputs: ProgramOutputs,
  found: (invocation: Invocation) => void,
): void {
  configure(command, outputs);
  command
    .summary(definition.summary)
    .description(definition.description ?? definition.summary)
    .helpOption("-h, --help", "print help");
  if (definition.operands !== undefined) {
    command
      .argument(`[${definition.operands.name}...]`, definition.operands.summary)
      .passThroughOptions(false);
  } else {
    command.allowExcessArguments(false);
  }
  for (const [option, flag] of Object.entries(definition.flags)) addFlag(command, option, flag);
  for (const [option, flag] of Object.entries(commonFlags)) addFlag(command, option, flag, "Common options:");
  const examples = definition.examples.map((example) => `  $ ${example}`).join("\n");
  command.addHelpText("after", `\nExamples:\n${examples}`);
  command.action((...args: unknown[]) => {
    const operands = definition.operands !== undefined && Array.isArray(args[0]) ? args[0].map(String) : [];
    found({ command: definition, typed: command.opts(), operands });
  });
}

function addFlag(command: Command, name: string, flag: FlagDefinition, group?: string): void {
  const long = `--${flagName(name)}`;
  const short = flag.short === undefined ? "" : `-${flag.short}, `;
  const isSwitch = flag.kind === "boolean" && flag.takesBoolean !== true;
  const placeholder = flag.takesBoolean === true ? " [BOOL]" : ` <${flag.value ?? flag.kind.toUpperCase()}>`;
  const option = new Option(`${short}${long}${isSwitch ? "" : placeholder}`, describeFlag(flag));
  if (flag.kind === "list" || flag.kind === "path-list") {
    option.argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value]);
  }
  if (flag.hidden === true) option.hideHelp();
  if (group !== undefined) option.helpGroup(group);
  command.addOption(option);
  if (flag.kind === "boolean" && group === undefined)
    command.addOption(new Option(`--no-${flagName(name)}`).hideHelp());
}

function describeFlag(flag: FlagDefinition): string {
  const notes: string[] = [];
  if (flag.choices !== undefined) notes.push(flag.choices.join(", "));
  if (flag.kind === "list" || flag.kind === "path-list") notes.push("repeatable");
  if (flag.default !== undefined) notes.push(`default: ${defaultText(flag)}`);
  if (flag.env !== undefined) notes.push(`env: ${flag.env.join(", ")}`);
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join("; ")})`;
}

function defaultText(flag: FlagDefinition): string {
  return flag.kind === "duration" ? `${Number(flag.default) / 1000}s` : String(flag.default);
}

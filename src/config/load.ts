import type { CommandDefinition, CommonOptions, FlagTable, Origin } from "../command.ts";
import type { Context } from "../context.ts";
import type { OptionValue } from "../flag-value.ts";
import { checkConfig, sectionOf } from "./check.ts";
import type { ConfigFile } from "./config-file.ts";
import { readConfigFile } from "./file.ts";
import { resolveOptions } from "./resolve.ts";

export interface LoadedSettings {
  readonly options: Readonly<Record<string, OptionValue | undefined>>;
  readonly common: CommonOptions;
  readonly extras: unknown;
  readonly file: ConfigFile | undefined;
  origin(option: string): Origin;
}

export interface LoadRequest {
  readonly command: CommandDefinition;
  readonly commands: readonly CommandDefinition[];
  readonly flags: FlagTable;
  readonly typed: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly context: Context;
}

/** Brings flags, environment, settings file and defaults together for one command. Throws `usage`. */
export async function loadSettings(request: LoadRequest): Promise<LoadedSettings> {
  const { command, commands, flags, typed, context } = request;
  const explicit = typed["config"] ?? context.env["MLOPS_CONFIG"];
  const file = await readConfigFile(
    context.cwd,
    typeof explicit === "string" && explicit !== "" ? explicit : undefined,
  );
  const extras = file === undefined ? undefined : await checkConfig(file, command, commands);
  const { options, origins } = resolveOptions(flags, {
    typed,
    env: context.env,
    file,
    section: sectionOf(command),
    cwd: context.cwd,
  });
  return {
    options,
    common: commonOf(options),
    extras,
    file,
    origin: (option) => origins[option] ?? { source: "default", where: "default" },
  };
}

function commonOf(options: Readonly<Record<string, OptionValue | undefined>>): CommonOptions {
  const text = (name: string) => (typeof options[name] === "string" ? options[name] : undefined);
  return {
    config: text("config"),
    dotenv: text("dotenv"),
    json: options["json"] === true,
    dryRun: options["dryRun"] === true,
    quiet: options["quiet"] === true,
    verbose: options["verbose"] === true,
  };
}

import type { ZodType } from "zod";
import type { ConfigFile } from "./config/config-file.ts";
import type { Context } from "./context.ts";

export type FlagKind =
  | "string"
  | "path"
  | "number"
  /** A count: a whole number from 0 on. */
  | "integer"
  | "boolean"
  /** A share 0..1, also written `5%`. */
  | "fraction"
  /** Milliseconds, written `250ms`, `30s`, `5m`, `1h`; a bare number means seconds. */
  | "duration"
  /** Repeatable. In `mlops.yaml` a list or one value; in the environment comma-separated. */
  | "list"
  | "path-list";

/** One setting of a command: a flag, an `MLOPS_*` variable and a key of `mlops.yaml` at the same time. */
export interface FlagDefinition {
  readonly kind: FlagKind;
  readonly summary: string;
  /** Placeholder in `--help`, e.g. `FILE`. */
  readonly value?: string;
  readonly short?: string;
  /** Further environment variables that are asked after `MLOPS_<NAME>`, e.g. `MODEL_VERSION`. */
  readonly env?: readonly string[];
  readonly choices?: readonly string[];
  readonly default?: string | number | boolean;
  /** The key may also stand at the top level of `mlops.yaml`, where it holds for every command. */
  readonly shared?: boolean;
  /** `--flag` alone means true, `--flag false` and `--no-flag` mean false. Booleans only. */
  readonly takesBoolean?: boolean;
  readonly hidden?: boolean;
}

/** Keyed by the option's camelCase name: `dataPath` is `--data-path`, `MLOPS_DATA_PATH` and `data_path`. */
export type FlagTable = Readonly<Record<string, FlagDefinition>>;

interface KindValues {
  string: string;
  path: string;
  number: number;
  integer: number;
  boolean: boolean;
  fraction: number;
  duration: number;
  list: readonly string[];
  "path-list": readonly string[];
}

type OptionValue<F extends FlagDefinition> = F["kind"] extends "list" | "path-list" | "boolean"
  ? F extends { takesBoolean: true }
    ? boolean | undefined
    : KindValues[F["kind"]]
  : F extends { default: string | number | boolean }
    ? KindValues[F["kind"]]
    : KindValues[F["kind"]] | undefined;

export type OptionsOf<T extends FlagTable> = { readonly [K in keyof T]: OptionValue<T[K]> };

/** Every command has these. */
export const commonFlags = {
  config: { kind: "path", value: "FILE", summary: "settings file (default: mlops.yaml, if there is one)" },
  json: { kind: "boolean", summary: "print the result as JSON on stdout" },
  dryRun: { kind: "boolean", summary: "say what would be done and change nothing" },
  dotenv: {
    kind: "path",
    value: "FILE",
    summary: "write values for later jobs to FILE (artifacts:reports:dotenv)",
  },
  quiet: { kind: "boolean", short: "q", summary: "print results, warnings and errors only" },
  verbose: { kind: "boolean", short: "v", summary: "print more of what happens" },
} as const satisfies FlagTable;

export type CommonOptions = OptionsOf<typeof commonFlags>;

/** Where a value came from. */
export interface Origin {
  readonly source: "flag" | "env" | "file" | "default";
  /** `--min-auc`, `MLOPS_MIN_AUC`, `mlops.yaml:12`, `default`. */
  readonly where: string;
}

export interface CommandInput<Options, Extras> {
  readonly options: Options & CommonOptions;
  /** What stands behind the flags, after `--` where the command takes a command line. */
  readonly operands: readonly string[];
  /** The structured part of the command's section of `mlops.yaml`; undefined without a file. */
  readonly extras: Extras | undefined;
  readonly configFile: ConfigFile | undefined;
  /** Where an option's value came from, for messages: `--min-auc`, `MLOPS_MIN_AUC`, `mlops.yaml:12`. */
  origin(option: keyof Options & string): Origin;
}

export interface CommandResult {
  /** One of the table in errors.ts; any other is the code of a command that we only ran (`store exec`). */
  readonly exitCode: number;
  /** What `--json` prints and what the result file holds. */
  readonly json: Readonly<Record<string, unknown>>;
  /** What is printed otherwise, without the last newline. */
  readonly text: string;
  /** Values for later jobs, written to `--dotenv FILE`. */
  readonly dotenv?: Readonly<Record<string, string>>;
}

export interface CommandDefinition {
  /** `gate`, or `store serve` for a subcommand of a group. */
  readonly name: string;
  readonly summary: string;
  readonly description?: string;
  readonly examples: readonly string[];
  readonly flags: FlagTable;
  readonly operands?: { readonly name: string; readonly summary: string };
  /** The structured keys of this command's section of `mlops.yaml`: a strict zod object. Loaded lazily. */
  readonly extras?: () => Promise<ZodType>;
  readonly run: (input: CommandInput<never, never>, context: Context) => Promise<CommandResult>;
}

interface CommandSource<T extends FlagTable, Extras>
  extends Omit<CommandDefinition, "flags" | "extras" | "run"> {
  readonly flags: T;
  readonly extras?: () => Promise<ZodType<Extras>>;
  readonly run: (input: CommandInput<OptionsOf<T>, Extras>, context: Context) => Promise<CommandResult>;
}

/** Types the options of `run` by the flag table. The program only calls `run` with what the table describes. */
export function defineCommand<const T extends FlagTable, Extras = undefined>(
  source: CommandSource<T, Extras>,
): CommandDefinition {
  return source as unknown as CommandDefinition;
}

/** `dataPath` -> `data-path` */
export function flagName(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** `dataPath` -> `data_path` */
export function configKey(option: string): string {
  return flagName(option).replaceAll("-", "_");
}

/** `dataPath` -> `MLOPS_DATA_PATH` */
export function environmentName(option: string): string {
  return `MLOPS_${configKey(option).toUpperCase()}`;
}

import path from "node:path";
import {
  configKey,
  environmentName,
  type FlagDefinition,
  type FlagTable,
  flagName,
  type Origin,
} from "../command.ts";
import { MlopsError } from "../errors.ts";
import { type OptionValue, parseFlagText } from "../flag-value.ts";
import type { ConfigFile, ConfigPath } from "./config-file.ts";

export interface Settings {
  /** What was typed, by option name; a list for repeatable flags. */
  readonly typed: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
  /** The command's section of the file, e.g. `gate`. */
  readonly section: string;
  readonly cwd: string;
}

export interface Resolved {
  readonly options: Readonly<Record<string, OptionValue | undefined>>;
  readonly origins: Readonly<Record<string, Origin>>;
}

/** flag > `MLOPS_*` > file > default. Collects every problem, then throws them together as one `usage` error. */
export function resolveOptions(flags: FlagTable, settings: Settings): Resolved {
  const options: Record<string, OptionValue | undefined> = {};
  const origins: Record<string, Origin> = {};
  const problems: string[] = [];
  for (const [option, flag] of Object.entries(flags)) {
    const found =
      fromFlag(option, flag, settings) ?? fromEnv(option, flag, settings) ?? fromFile(option, flag, settings);
    if (found === undefined) {
      options[option] = emptyValue(flag);
      origins[option] = { source: "default", where: "default" };
    } else if ("problem" in found) {
      problems.push(`${found.where} ${found.problem}.`);
    } else {
      options[option] = found.value;
      origins[option] = { source: found.source, where: found.where };
    }
  }
  if (problems.length > 0) {
    throw new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: problems.join("\n") });
  }
  return { options, origins };
}

type Found = Origin & ({ readonly value: OptionValue } | { readonly problem: string });

function fromFlag(option: string, flag: FlagDefinition, { typed }: Settings): Found | undefined {
  const given = typed[option];
  if (given === undefined) return undefined;
  const origin = { source: "flag", where: `--${flagName(option)}` } as const;
  if (typeof given === "string") return { ...origin, ...parseFlagText(flag, given) };
  // `--subgroup "$COLUMN"` with an unset variable would otherwise look like a setting and be none.
  if (Array.isArray(given) && given.includes("")) return { ...origin, problem: "is empty" };
  return { ...origin, value: given };
}

function fromEnv(option: string, flag: FlagDefinition, { env }: Settings): Found | undefined {
  for (const name of [environmentName(option), ...(flag.env ?? [])]) {
    const text = env[name];
    // An empty variable is how GitLab and shells say "not set".
    if (text !== undefined && text !== "")
      return { source: "env", where: name, ...parseFlagText(flag, text) };
  }
  return undefined;
}

function fromFile(option: string, flag: FlagDefinition, { file, section, cwd }: Settings): Found | undefined {
  if (file === undefined) return undefined;
  const key = configKey(option);
  const places: ConfigPath[] = flag.shared === true ? [[section, key], [key]] : [[section, key]];
  for (const place of places) {
    const value = valueAt(file.values, place);
    if (value === undefined || value === null) continue;
    const origin = { source: "file", where: file.locate(place) } as const;
    const parsed = parseFileValue(flag, value);
    if ("problem" in parsed) return { ...origin, problem: `${place.join(".")} ${parsed.problem}` };
    return { ...origin, value: relativeToFile(flag, parsed.value, file, cwd) };
  }
  return undefined;
}

function parseFileValue(flag: FlagDefinition, value: unknown): ReturnType<typeof parseFlagText> {
  if (flag.kind === "list" || flag.kind === "path-list") {
    const items = Array.isArray(value) ? value : [value];
    if (items.every((item) => typeof item === "string" || typeof item === "number"))
      return { value: items.map(String) };
    return { problem: `is ${JSON.stringify(value)}, expected a list of texts` };
  }
  if (flag.kind === "boolean" && typeof value === "boolean") return { value };
  if (typeof value === "string" || typeof value === "number") return parseFlagText(flag, String(value));
  return {
    problem: `is ${JSON.stringify(value)}, expected ${flag.kind === "boolean" ? "true or false" : "one value"}`,
  };
}

/** A path in the file is relative to the file; the command sees it relative to the working folder. */
function relativeToFile(
  flag: FlagDefinition,
  value: OptionValue,
  file: ConfigFile,
  cwd: string,
): OptionValue {
  const moved = (text: string) =>
    path.isAbsolute(text) || /^[a-z][a-z0-9+.-]*:\//i.test(text)
      ? text
      : path.relative(cwd, path.resolve(file.directory, text)) || ".";
  if (flag.kind === "path" && typeof value === "string") return moved(value);
  if (flag.kind === "path-list" && Array.isArray(value)) return value.map(moved);
  return value;
}

function emptyValue(flag: FlagDefinition): OptionValue | undefined {
  if (flag.default !== undefined) return flag.default;
  if (flag.kind === "list" || flag.kind === "path-list") return [];
  return flag.kind === "boolean" && flag.takesBoolean !== true ? false : undefined;
}

function valueAt(values: unknown, place: ConfigPath): unknown {
  let value = values;
  for (const key of place) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.entries(value).find(([name]) => name === key)?.[1];
  }
  return value;
}

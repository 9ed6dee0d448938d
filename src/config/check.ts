import leven from "leven";
import { type CommandDefinition, commonFlags, configKey } from "../command.ts";
import { MlopsError } from "../errors.ts";
import type { ConfigFile, ConfigPath } from "./config-file.ts";

/** The name of the command's section in `mlops.yaml`: `gate`, `store` for `store serve`. */
export function sectionOf(command: CommandDefinition): string {
  return command.name.split(" ")[0] ?? command.name;
}

/** Every key that may stand at the top level, for the check and for the JSON Schema. */
function topLevelKeys(commands: readonly CommandDefinition[]): {
  shared: string[];
  sections: string[];
} {
  const shared = new Set<string>();
  const sections = new Set<string>();
  for (const command of commands) {
    sections.add(sectionOf(command));
    for (const [option, flag] of Object.entries(command.flags))
      if (flag.shared === true) shared.add(configKey(option));
  }
  return { shared: [...shared].sort(), sections: [...sections] };
}

/** The keys of one section that are flags at the same time. */
function sectionKeys(section: string, commands: readonly CommandDefinition[]): string[] {
  const common = Object.keys(commonFlags).filter((option) => option !== "config");
  const own = commands
    .filter((command) => sectionOf(command) === section)
    .flatMap((command) => Object.keys(command.flags));
  return [...new Set([...own, ...common])].map(configKey);
}

/**
 * Checks the whole file, also the sections of other commands: a typo is found in the first job, not in the last.
 * Returns the parsed structured part of `command`'s section. Throws one `usage` error that lists every problem.
 */
export async function checkConfig(
  file: ConfigFile,
  command: CommandDefinition,
  commands: readonly CommandDefinition[],
): Promise<unknown> {
  const { shared, sections } = topLevelKeys(commands);
  const problems: string[] = [];
  const known = ["version", ...shared, ...sections];
  for (const key of Object.keys(file.values)) {
    if (!known.includes(key)) problems.push(unknownKey(file, [key], known));
  }
  const version = file.values["version"];
  if (version !== undefined && version !== 1) {
    problems.push(
      `${file.locate(["version"])}: version is ${JSON.stringify(version)}, this program knows version 1.`,
    );
  }
  let ownExtras: unknown;
  for (const section of sections) {
    const extras = await checkSection(file, section, commands, problems);
    if (section === sectionOf(command)) ownExtras = extras;
  }
  if (problems.length > 0) {
    throw new MlopsError({ kind: "usage", code: "CONFIG_INVALID", message: problems.join("\n") });
  }
  return ownExtras;
}

async function checkSection(
  file: ConfigFile,
  section: string,
  commands: readonly CommandDefinition[],
  problems: string[],
): Promise<unknown> {
  const value = file.values[section] ?? {};
  if (typeof value !== "object" || Array.isArray(value)) {
    problems.push(
      `${file.locate([section])}: ${section} is ${JSON.stringify(value)}, expected settings below it.`,
    );
    return undefined;
  }
  const flagKeys = sectionKeys(section, commands);
  const schema = await commands
    .find((one) => sectionOf(one) === section && one.extras !== undefined)
    ?.extras?.();
  const structured: Record<string, unknown> = {};
  const structuredKeys = schema === undefined ? [] : Object.keys(shapeOf(schema));
  for (const [key, item] of Object.entries(value)) {
    if (structuredKeys.includes(key)) structured[key] = item;
    else if (!flagKeys.includes(key)) {
      problems.push(unknownKey(file, [section, key], [...flagKeys, ...structuredKeys]));
    }
  }
  if (schema === undefined) return undefined;
  // Read once: to compile a reader for every kind of object in it takes longer than to read it.
  const parsed = schema.safeParse(structured, { jitless: true });
  if (parsed.success) return parsed.data;
  problems.push(...schemaProblems(file, schema, { issues: parsed.error.issues, prefix: [section] }));
  return undefined;
}

/** The issues of zod as `mlops.yaml:12: …` lines. `prefix` is where in the file the checked part stands. */
export function schemaProblems(
  file: ConfigFile,
  schema: unknown,
  found: { readonly issues: readonly unknown[]; readonly prefix: ConfigPath },
): string[] {
  return flattenIssues(found.issues).flatMap((issue) => {
    const path: ConfigPath = [
      ...found.prefix,
      ...issue.path.map((key) => (typeof key === "number" ? key : String(key))),
    ];
    if (issue.code === "unrecognized_keys") {
      return (issue.keys ?? []).map((key) =>
        unknownKey(file, [...path, key], knownKeysAt(schema, issue.path)),
      );
    }
    return [`${file.locate(path)}: ${path.join(".")}: ${issue.message}.`];
  });
}

interface FlatIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly keys?: readonly string[] | undefined;
}

/** A union reports every branch: show the branch that came furthest, which is the one the writer meant. */
function flattenIssues(issues: readonly unknown[], prefix: readonly PropertyKey[] = []): FlatIssue[] {
  return issues.flatMap((raw) => {
    const issue = raw as FlatIssue & { readonly errors?: readonly (readonly unknown[])[] };
    const path = [...prefix, ...issue.path];
    if (issue.code !== "invalid_union" || issue.errors === undefined || issue.errors.length === 0)
      return [{ ...issue, path }];
    const branches = issue.errors.map((branch) => flattenIssues(branch, path));
    const deepest = branches.toSorted((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
    return depthOf(deepest) > path.length
      ? deepest
      : [
          {
            ...issue,
            path,
            message: [...new Set(branches.flat().map((one) => one.message))].join(", or "),
          },
        ];
  });
}

function depthOf(issues: readonly FlatIssue[]): number {
  return Math.max(
    0,
    ...issues.map((issue) => issue.path.length + (issue.code === "unrecognized_keys" ? 1 : 0)),
  );
}

function shapeOf(schema: unknown): Record<string, unknown> {
  if (typeof schema !== "object" || schema === null || !("shape" in schema)) return {};
  return typeof schema.shape === "object" && schema.shape !== null ? { ...schema.shape } : {};
}

/** The keys that the schema knows at `path`, for did-you-mean; walks optional, array, record and union wrappers. */
function knownKeysAt(schema: unknown, path: readonly PropertyKey[]): string[] {
  let candidates: unknown[] = unwrap(schema);
  for (const key of path) {
    candidates = candidates.flatMap((one) => {
      const child = typeof key === "number" ? one : shapeOf(one)[String(key)];
      return child === undefined ? [] : unwrap(child);
    });
  }
  return candidates.flatMap((one) => Object.keys(shapeOf(one)));
}

function unwrap(schema: unknown): unknown[] {
  if (typeof schema !== "object" || schema === null || !("def" in schema)) return [];
  const def = schema.def as {
    innerType?: unknown;
    element?: unknown;
    valueType?: unknown;
    options?: unknown[];
    in?: unknown;
  };
  const inner = [def.innerType, def.element, def.valueType, def.in, ...(def.options ?? [])].filter(
    (one) => one !== undefined,
  );
  return inner.length === 0 ? [schema] : [schema, ...inner.flatMap(unwrap)];
}

function unknownKey(file: ConfigFile, path: ConfigPath, known: readonly string[]): string {
  const key = String(path.at(-1));
  // A word of another form of the same thing: `allow` beside `sql`.
  if (known.includes(key))
    return `${file.locate(path)}: ${JSON.stringify(path.join("."))} does not go with the keys beside it.`;
  return `${file.locate(path)}: unknown key ${JSON.stringify(path.join("."))}${didYouMean(key, known)}.`;
}

/** `; did you mean "columns"?` where a known word is near enough, else nothing. */
function didYouMean(word: string, known: readonly string[]): string {
  const nearest = known
    .map((name) => ({ name, distance: leven(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (nearest === undefined || nearest.distance > Math.max(2, Math.floor(word.length / 3))) return "";
  return `; did you mean ${JSON.stringify(nearest.name)}`;
}

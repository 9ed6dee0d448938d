import { readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";

export type ConfigPath = readonly (string | number)[];

/** `mlops.yaml` as read: its plain values, and where each stands. */
export interface ConfigFile {
  /** As the user would type it, for messages. */
  readonly path: string;
  /** Relative paths in the file are relative to this folder. */
  readonly directory: string;
  readonly values: Readonly<Record<string, unknown>>;
  /** `mlops.yaml:12` for the key or item at `path`; the nearest parent that exists otherwise. */
  locate(path: ConfigPath): string;
}

const defaultNames = ["mlops.yaml", "mlops.yml"];

/**
 * Reads the settings file. Without `explicitPath` a missing file is fine (undefined).
 * Throws `usage` for an unreadable file, invalid YAML, duplicate keys, or a document that is not a mapping.
 */
export async function readConfigFile(cwd: string, explicitPath?: string): Promise<ConfigFile | undefined> {
  const candidates = explicitPath === undefined ? defaultNames : [explicitPath];
  for (const candidate of candidates) {
    const text = await readIfThere(path.resolve(cwd, candidate), candidate, explicitPath !== undefined);
    if (text === undefined) continue;
    const { parseConfig } = await import("./parse.ts");
    return parseConfig(text, candidate, path.dirname(path.resolve(cwd, candidate)));
  }
  return undefined;
}

async function readIfThere(
  absolute: string,
  shown: string,
  isRequired: boolean,
): Promise<string | undefined> {
  try {
    return await readFile(absolute, "utf8");
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT" && !isRequired) return undefined;
    throw new MlopsError({
      kind: "usage",
      code: "CONFIG_UNREADABLE",
      message: `The settings file ${shown} cannot be read: ${messageOf(error)}.`,
      hint: "Check --config, or leave it out to use mlops.yaml of the current folder.",
      cause: error,
    });
  }
}

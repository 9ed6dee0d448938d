import { readFile } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import type { ConfigFile } from "./config-file.ts";

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

import { stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError, messageOf } from "../errors.ts";
import { digestOf } from "../files.ts";
import type { ResultInput } from "../results/core.ts";
import type { KeyValue } from "../tracking/types.ts";

/** `key=value` texts as parameters. Throws one `usage` error that lists every wrong one. */
export function parseParams(texts: readonly string[]): readonly KeyValue[] {
  const params = new Map<string, string>();
  const problems: string[] = [];
  for (const text of texts) {
    const at = text.indexOf("=");
    const key = text.slice(0, Math.max(at, 0)).trim();
    if (key === "") problems.push(`--param is ${JSON.stringify(text)}, expected key=value.`);
    else if (params.has(key)) problems.push(`--param ${key} is given twice.`);
    else params.set(key, text.slice(at + 1));
  }
  if (problems.length > 0) {
    throw new MlopsError({ kind: "usage", code: "PARAM_INVALID", message: problems.join("\n") });
  }
  return [...params].map(([key, value]) => ({ key, value }));
}

/** Throws `usage` where a declared output does not lie below the output directory, where it would not be looked for. */
export function checkOutputNames(declared: readonly string[], directory: string): void {
  const outside = declared.filter((name) => {
    const relative = path.relative(path.resolve(directory), path.resolve(directory, name));
    return relative === ".." || relative.startsWith(`..${path.sep}`) || path.isAbsolute(relative);
  });
  if (outside.length === 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "OUTPUT_OUTSIDE",
    message: `--output ${outside.join(", ")} is not below the output directory ${directory}.`,
    hint: "Outputs are relative to --output-dir; set that to the folder that holds all of them.",
  });
}

export function isUri(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** A file or folder or URI that went into the training. Throws `usage` where a local one is not there. */
export async function describeInput(role: string, shown: string, cwd: string): Promise<ResultInput> {
  if (isUri(shown)) return { role, uri: shown, sha256: null, sizeBytes: null };
  const file = path.resolve(cwd, shown);
  try {
    const facts = await stat(file);
    if (!facts.isFile()) return { role, uri: shown, sha256: null, sizeBytes: null };
    return { role, uri: shown, ...(await digestOf(file)) };
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "INPUT_MISSING",
      message: `The ${role} ${shown} cannot be read: ${messageOf(error)}. No run was created.`,
      hint: role === "data" ? "Check --data-path." : "Check the command behind --.",
      cause: error,
    });
  }
}

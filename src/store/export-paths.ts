import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** What MLflow's file-store tree cannot hold, one sentence each. */
export type Losses = string[];

/**
 * Writes the values of a map as one file per key, with `/` in a key as a folder, and lists what cannot be written.
 * `describe` names the owner in messages: `run 1f…`.
 */
export function writeKeyedFiles(
  folder: string,
  values: Iterable<readonly [string, string]>,
  report: { readonly owner: string; readonly losses: Losses; readonly ignoresCase: boolean },
): void {
  const entries = [...values];
  if (entries.length === 0) return;
  const taken = new Map<string, string>();
  for (const [key] of entries) taken.set(report.ignoresCase ? key.toLowerCase() : key, key);
  for (const [key, text] of entries) {
    const reason = whyNot(key, taken, report.ignoresCase);
    if (reason !== undefined) {
      report.losses.push(`${report.owner}: ${path.basename(folder)} key '${key}' ${reason}`);
      continue;
    }
    const loss = lossOf(text);
    if (loss !== undefined) {
      report.losses.push(`${report.owner}: the value of ${path.basename(folder)} key '${key}' ${loss}`);
    }
    const file = path.join(folder, ...key.split("/"));
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/** MLflow reads these files as UTF-8 text with any kind of line end. */
function lossOf(text: string): string | undefined {
  if (!text.isWellFormed()) return "holds half a character (a lone surrogate), which no text file can hold";
  if (text.includes("\r")) return "holds carriage returns, which MLflow reads back as line feeds";
  return undefined;
}

function whyNot(key: string, taken: ReadonlyMap<string, string>, ignoresCase: boolean): string | undefined {
  const fold = (text: string) => (ignoresCase ? text.toLowerCase() : text);
  if (taken.get(fold(key)) !== key) return `differs from '${taken.get(fold(key))}' in capital letters only`;
  const parts = key.split("/");
  for (let length = 1; length < parts.length; length++) {
    const parent = parts.slice(0, length).join("/");
    if (taken.has(fold(parent)))
      return `cannot stand beside '${parent}': one path cannot be a file and a folder`;
  }
  const long = parts.find((part) => Buffer.byteLength(part) > 255);
  return long === undefined ? undefined : "is longer than the 255 bytes of a file name";
}

/** Compact JSON is YAML; what YAML readers fold or refuse is escaped. Numbers must be whole. */
export function writeMeta(folder: string, meta: Readonly<Record<string, unknown>>): void {
  mkdirSync(folder, { recursive: true });
  const json = JSON.stringify(meta).replace(
    /[\u007f-\u009f\u2028\u2029\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  writeFileSync(path.join(folder, "meta.yaml"), `${json}\n`);
}

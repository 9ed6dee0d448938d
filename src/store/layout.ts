import { createHash } from "node:crypto";
import path from "node:path";

/** Where things stand below the store's folder. Every path below is made from ids, never from what a client sent. */
export interface Layout {
  readonly root: string;
  readonly experiments: string;
  readonly models: string;
  /** Artifacts that belong to no run and no logged model. */
  readonly files: string;
  /** Uploads that are not whole yet. */
  readonly incoming: string;
}

export const modelsFolder = "models";
export const artifactsFolder = "artifacts";

export function layoutOf(root: string): Layout {
  return {
    root,
    experiments: path.join(root, "experiments"),
    models: path.join(root, "models"),
    files: path.join(root, "files"),
    incoming: path.join(root, "incoming"),
  };
}

export const defaultExperiment = { id: "0", name: "Default" } as const;

/**
 * The id of the experiment `name`: 18 digits of its sha256, so that jobs that create it at the same time, each in
 * its own copy of the store, create the same one. `attempt` > 0 where a renamed experiment holds the id.
 */
export function experimentIdOf(name: string, attempt = 0): string {
  if (name === defaultExperiment.name && attempt === 0) return defaultExperiment.id;
  const digest = createHash("sha256")
    .update(attempt === 0 ? name : `${name}\n${attempt}`)
    .digest("hex");
  const range = 9n * 10n ** 17n;
  return String(10n ** 17n + (BigInt(`0x${digest.slice(0, 32)}`) % range));
}

/**
 * A folder name for any text: letters, digits, `-`, `_` and inner `.` as they are, other bytes as `~xx`. Capital
 * letters too, because some file systems do not tell them from small ones. Long names end in a digest.
 */
export function encodeName(name: string): string {
  let encoded = "";
  for (const byte of Buffer.from(name, "utf8")) {
    const letter = String.fromCharCode(byte);
    encoded +=
      /[a-z0-9_-]/.test(letter) || (letter === "." && encoded !== "")
        ? letter
        : `~${byte.toString(16).padStart(2, "0")}`;
  }
  if (encoded.length <= 180) return encoded;
  return `${encoded.slice(0, 140)}~~${createHash("sha256").update(name).digest("hex").slice(0, 24)}`;
}

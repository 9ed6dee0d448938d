import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";

export interface OutputFile {
  /** Relative to the output directory, with `/`. */
  readonly path: string;
  readonly absolute: string;
  readonly sizeBytes: number;
  readonly modifiedNs: bigint;
}

export type OutputListing = ReadonlyMap<string, OutputFile>;

/** Never outputs of a training, wherever they lie; nor is any folder whose name begins with a dot. */
const skippedFolders = ["__pycache__", "node_modules"];

/**
 * Every file below `directory`, by its relative path; links count as what they point to, linked folders are not
 * entered. Folders that begin with a dot, `__pycache__`, `node_modules` and the absolute paths `skipped` are left out,
 * these with what stands beside them under the same name (`store.lock.db` for `store`).
 */
export async function listOutputs(directory: string, skipped: readonly string[]): Promise<OutputListing> {
  const found = new Map<string, OutputFile>();
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const absolute = path.join(folder, entry.name);
      if (skipped.some((one) => absolute === one || absolute.startsWith(`${one}.`))) continue;
      if (entry.isDirectory()) {
        if (!entry.name.startsWith(".") && !skippedFolders.includes(entry.name)) await visit(absolute);
        continue;
      }
      const file = await describeFile(directory, absolute);
      if (file !== undefined) found.set(file.path, file);
    }
  };
  await visit(directory);
  return found;
}

async function describeFile(directory: string, absolute: string): Promise<OutputFile | undefined> {
  try {
    const facts = await stat(absolute, { bigint: true });
    if (!facts.isFile()) return undefined;
    return {
      path: slashed(path.relative(directory, absolute)),
      absolute,
      sizeBytes: Number(facts.size),
      modifiedNs: facts.mtimeNs,
    };
  } catch (error) {
    // A link to nothing, or a file that went away meanwhile: nothing to keep.
    if (systemCodeOf(error) === "ENOENT" || systemCodeOf(error) === "ELOOP") return undefined;
    throw error;
  }
}

/** What is new or changed, ordered by path. */
export function changedOutputs(before: OutputListing, after: OutputListing): readonly OutputFile[] {
  return [...after.values()]
    .filter((file) => {
      const old = before.get(file.path);
      return old === undefined || old.modifiedNs !== file.modifiedNs || old.sizeBytes !== file.sizeBytes;
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export interface DeclaredOutputs {
  /** As declared. */
  readonly missing: readonly string[];
  /** There, but left from an earlier run. */
  readonly stale: readonly string[];
}

/** A declared output is a file, or a folder with at least one file, below the output directory. */
export function checkDeclared(
  declared: readonly string[],
  listings: { readonly directory: string; readonly before: OutputListing; readonly after: OutputListing },
): DeclaredOutputs {
  const { directory, before, after } = listings;
  const changed = changedOutputs(before, after);
  const missing: string[] = [];
  const stale: string[] = [];
  for (const name of declared) {
    const wanted = slashed(path.relative(directory, path.resolve(directory, name)));
    const covers = (file: OutputFile) =>
      wanted === "" || file.path === wanted || file.path.startsWith(`${wanted}/`);
    if (![...after.values()].some(covers)) missing.push(name);
    else if (!changed.some(covers)) stale.push(name);
  }
  return { missing, stale };
}

function slashed(text: string): string {
  return text.split(path.sep).join("/");
}

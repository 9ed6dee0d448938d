import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";
import { placeOf, proxiedPath, splitArtifactPath, structuralFolder } from "./artifact-paths.ts";
import type { Layout } from "./layout.ts";
import { optionalList, type View } from "./views.ts";

export interface ListedFile {
  readonly path: string;
  readonly is_dir: boolean;
  /** Absent for folders and, as MLflow has it, for empty files. */
  readonly file_size?: number;
}

/** What stands directly in a folder, sorted by name, with names relative to it; empty for a file or nothing. */
export async function listFolder(layout: Layout, segments: readonly string[]): Promise<ListedFile[]> {
  const entries = new Map<string, ListedFile>();
  for (const entry of await readEntries(placeOf(layout, segments).file)) entries.set(entry.path, entry);
  const above = structuralFolder(layout, segments);
  if (above !== undefined) {
    // Here the journals stand beside the folders: they are not artifacts.
    for (const entry of await readEntries(above)) if (entry.is_dir) entries.set(entry.path, entry);
  }
  return [...entries.values()].sort((left, right) => (left.path < right.path ? -1 : 1));
}

/** The answer of `artifacts/list` and its like for a run's or model's root: names relative to the root. */
export async function listBelowRoot(layout: Layout, rootUri: string, relative: string): Promise<View> {
  const below = splitArtifactPath(relative);
  const root = proxiedPath(rootUri);
  const files = root === undefined ? [] : await listFolder(layout, [...splitArtifactPath(root), ...below]);
  const prefix = below.length === 0 ? "" : `${below.join("/")}/`;
  return {
    root_uri: rootUri,
    files: optionalList(files.map((file) => ({ ...file, path: `${prefix}${file.path}` }))),
  };
}

async function readEntries(folder: string): Promise<ListedFile[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return await Promise.all(
      entries
        .filter((entry) => entry.isDirectory() || entry.isFile())
        .map(async (entry) => {
          if (entry.isDirectory()) return { path: entry.name, is_dir: true };
          const { size } = await stat(path.join(folder, entry.name));
          return { path: entry.name, is_dir: false, ...(size > 0 && { file_size: size }) };
        }),
    );
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) return [];
    throw error;
  }
}

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { systemCodeOf } from "../../errors.ts";
import { refusal, unreadable } from "./refusals.ts";

interface Place {
  readonly uri: string;
  readonly absolutePath: string;
}

/** Hidden files, and those that Spark and others put beside their data: `_SUCCESS`, `_metadata`, `_delta_log`. */
export function isSetAside(name: string): boolean {
  return name.startsWith(".") || name.startsWith("_");
}

/**
 * All files below a folder, by name, those set aside left out. Links are followed; throws `not-evaluable` where a link leads
 * back to a folder above it, and where a folder cannot be read.
 */
export async function filesBelow(folder: Place, signal?: AbortSignal): Promise<Place[]> {
  return await walk(folder, [], signal);
}

async function walk(folder: Place, above: readonly string[], signal?: AbortSignal): Promise<Place[]> {
  signal?.throwIfAborted();
  const { real, entries } = await list(folder);
  if (above.includes(real)) {
    throw refusal(
      "DATA_LINK_LOOP",
      `${folder.uri} is a link to a folder above it, so its files would never end.`,
      "Take the link away, or give the files by a pattern.",
    );
  }
  const found: Place[] = [];
  for (const entry of entries.toSorted((a, b) => compareText(a.name, b.name))) {
    if (isSetAside(entry.name)) continue;
    const place = {
      uri: path.join(folder.uri, entry.name),
      absolutePath: path.join(folder.absolutePath, entry.name),
    };
    if (await isFolder(entry, place)) found.push(...(await walk(place, [...above, real], signal)));
    else found.push(place);
  }
  return found;
}

async function list(folder: Place): Promise<{ readonly real: string; readonly entries: Dirent[] }> {
  try {
    const real = await realpath(folder.absolutePath);
    return { real, entries: await readdir(folder.absolutePath, { withFileTypes: true }) };
  } catch (error) {
    throw unreadable(folder.uri, error);
  }
}

async function isFolder(entry: Dirent, place: Place): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const target = await stat(place.absolutePath).catch((error: unknown) => {
    // A link to nothing is reported with the other files that cannot be read.
    if (systemCodeOf(error) === "ENOENT") return undefined;
    throw unreadable(place.uri, error);
  });
  return target?.isDirectory() ?? false;
}

/** By code units: the same order on every machine. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

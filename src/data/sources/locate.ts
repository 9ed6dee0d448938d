import type { Stats } from "node:fs";
import { glob, lstat, readlink, stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError, systemCodeOf } from "../../errors.ts";
import { mapBounded } from "./bounded.ts";
import { type FileFormat, formatOfName, requireFormat } from "./file-format.ts";
import { compareText, filesBelow, isSetAside } from "./folder-walk.ts";
import type { Located, LocateOptions } from "./located.ts";
import { mutableNameNotes } from "./path-notes.ts";
import { refusal, refuseEach, unreadable } from "./refusals.ts";
import { isRemote, locateRemote } from "./remote.ts";

interface Found {
  readonly files: readonly Located[];
  /** Things to know that are no reason to refuse. */
  readonly notes: readonly string[];
}

const statsAtOnce = 32;

/**
 * The files that `paths` stand for, in the order given: a file, a folder (all data files below it), a pattern (sorted by name), or a
 * remote address. A file whose own name holds `*` or `[` is that file. Throws one error that lists all that cannot be used.
 */
export async function locateAll(paths: readonly string[], options: LocateOptions): Promise<Found> {
  const files: Located[] = [];
  const notes: string[] = [];
  const problems: MlopsError[] = [];
  for (const uri of paths) {
    try {
      const found = await locate(uri, options);
      files.push(...found.files);
      notes.push(...mutableNameNotes(uri), ...found.notes);
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      problems.push(error);
    }
  }
  refuseEach(problems);
  refuseTwice(files);
  return { files, notes };
}

async function locate(uri: string, options: LocateOptions): Promise<Found> {
  if (isRemote(uri)) return { files: await locateRemote(uri, options), notes: [] };
  const absolutePath = path.resolve(options.cwd, uri);
  const found = await statOf({ uri, absolutePath });
  if (found === undefined) return await locatePattern(uri, absolutePath, options);
  if (/[/\\]$/.test(uri) && !found.isDirectory())
    throw refusal("DATA_FILE_MISSING", `${uri} is a file, not a folder.`, "Take the / at its end away.");
  const notes = await linkNotes(uri, absolutePath);
  if (!found.isDirectory())
    return { files: [located({ uri, absolutePath }, found, requireFormat(uri))], notes };
  const inFolder = await locateFolder(uri, absolutePath, options);
  return { files: inFolder.files, notes: [...notes, ...inFolder.notes] };
}

async function linkNotes(uri: string, absolutePath: string): Promise<string[]> {
  const own = await lstat(absolutePath).catch(() => undefined);
  if (own?.isSymbolicLink() !== true) return [];
  return [`${uri} is a link to ${await readlink(absolutePath)}, which may be another file tomorrow.`];
}

async function locateFolder(uri: string, absolutePath: string, options: LocateOptions): Promise<Found> {
  const all = await filesBelow({ uri, absolutePath }, options.signal);
  const data = all.filter((file) => formatOfName(file.uri) !== undefined);
  if (data.length === 0) {
    throw refusal(
      "DATA_FOLDER_EMPTY",
      `The folder ${uri} holds no data file (${all.length} other files; hidden ones and those that begin with _ do not count).`,
      "Check the path; data files end in .csv, .parquet, .arrow or the like.",
    );
  }
  const others = all.filter((file) => formatOfName(file.uri) === undefined);
  const shown = others.slice(0, 3).map((file) => path.basename(file.uri));
  const note = `${uri}: ${others.length} files that are no data were left out: ${shown.join(", ")}${others.length > 3 ? ", …" : ""}.`;
  return { files: await locateEach(data), notes: others.length === 0 ? [] : [note] };
}

async function locatePattern(uri: string, absolutePath: string, options: LocateOptions): Promise<Found> {
  if (!/[*?[{]/.test(uri)) {
    throw refusal(
      "DATA_FILE_MISSING",
      `The data file ${uri} does not exist (looked for ${absolutePath}).`,
      "Check the path, and in CI that the job has the artifacts of the job that made it (needs: or dependencies:).",
    );
  }
  const wantsSetAside = isSetAside(path.basename(uri));
  const names: string[] = [];
  for await (const name of glob(uri, { cwd: options.cwd })) {
    options.signal?.throwIfAborted();
    if (wantsSetAside || !isSetAside(path.basename(name))) names.push(name);
  }
  const places = names.toSorted(compareText).map((name) => placeOf(name, options.cwd));
  const kinds = await mapBounded(places, statsAtOnce, statOf);
  const files = places.filter((_, index) => kinds[index]?.isDirectory() === false);
  if (files.length > 0) return { files: await locateEach(files), notes: [] };
  // A pattern that names folders only means what is in them.
  const folders = places.filter((_, index) => kinds[index]?.isDirectory() === true);
  const inside = await mapBounded(folders, 1, (place) =>
    locateFolder(place.uri, place.absolutePath, options),
  );
  if (inside.length === 0) {
    throw refusal(
      "DATA_FILE_MISSING",
      `No file matches ${uri} (looked for ${absolutePath}).`,
      "Check the pattern and quote it, so that the shell hands it on; in CI check that the job has the artifacts of the job that made the files.",
    );
  }
  return { files: inside.flatMap((one) => one.files), notes: inside.flatMap((one) => one.notes) };
}

interface Place {
  readonly uri: string;
  readonly absolutePath: string;
}

function placeOf(name: string, cwd: string): Place {
  return { uri: name, absolutePath: path.resolve(cwd, name) };
}

async function locateEach(places: readonly Place[]): Promise<Located[]> {
  const problems: MlopsError[] = [];
  const files = await mapBounded(places, statsAtOnce, async (place) => {
    try {
      const found = await statOf(place);
      if (found !== undefined) return [located(place, found, requireFormat(place.uri))];
      throw refusal(
        "DATA_FILE_MISSING",
        `${place.uri} is a link to a file that does not exist.`,
        "Mend or remove the link.",
      );
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      problems.push(error);
      return [];
    }
  });
  refuseEach(problems);
  return files.flat();
}

async function statOf({ uri, absolutePath }: Place): Promise<Stats | undefined> {
  return await stat(absolutePath).catch((error: unknown) => {
    if (systemCodeOf(error) !== "ENOENT" && systemCodeOf(error) !== "ENOTDIR") throw unreadable(uri, error);
    return undefined;
  });
}

function located(place: Place, found: Stats, format: FileFormat): Located {
  const { uri, absolutePath } = place;
  // Opening a pipe or a socket waits for somebody at the other end, perhaps for ever.
  if (!found.isFile()) {
    throw refusal(
      "DATA_NOT_A_FILE",
      `${uri} is a pipe, a socket or a device, not a file.`,
      "Write the data to a file first; it is read more than once.",
    );
  }
  if (found.size === 0)
    throw refusal("DATA_FILE_EMPTY", `${uri} is empty (0 bytes).`, "Check the step that writes this file.");
  return { uri, absolutePath, sizeBytes: found.size, modifiedMs: found.mtimeMs, etag: null, ...format };
}

function refuseTwice(files: readonly Located[]): void {
  const seen = new Set<string>();
  const twice = files.filter((file) => seen.size === seen.add(file.absolutePath).size);
  if (twice.length === 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "DATA_FILE_TWICE",
    message: `${[...new Set(twice.map((file) => file.uri))].slice(0, 5).join(", ")}: given more than once, so its rows would count more than once.`,
    hint: "Give each file once; see that patterns and folders do not overlap.",
  });
}

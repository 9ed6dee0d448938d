import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { MlopsError, messageOf, systemCodeOf } from "./errors.ts";

/** Writes to a temporary name beside `file` and renames it: a reader sees the old file or the whole new one. */
export async function writeFileAtomically(file: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await makeFolders(path.dirname(file));
    const handle = await open(temporary, "wx");
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    // Where even that fails (a file in the place of a folder) the first error is the one that says why.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new MlopsError({
      kind: "usage",
      code: "FILE_NOT_WRITTEN",
      message: `${file} cannot be written: ${messageOf(error)}.`,
      hint: "Check that the folder exists, is a folder, and may be written to.",
      cause: error,
    });
  }
}

/**
 * Makes a folder and those above it that are missing. Not Node's own `recursive`: that tries for ever where a file
 * system says ENOENT for a folder that it does not want to have (Linux's /proc).
 */
async function makeFolders(folder: string): Promise<void> {
  const parent = path.dirname(folder);
  try {
    await mkdir(folder);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "EEXIST" && (await stat(folder)).isDirectory()) return;
    if (code !== "ENOENT" || parent === folder) throw error;
    await makeFolders(parent);
    // Made by somebody else in between is as good.
    await mkdir(folder).catch((again: unknown) => {
      if (systemCodeOf(again) !== "EEXIST") throw again;
    });
  }
}

/** Makes a folder and those above it. Throws `usage` where that is not possible. */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await makeFolders(folder);
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "FOLDER_NOT_MADE",
      message: `The folder ${folder} cannot be made: ${messageOf(error)}.`,
      hint: "Check that no file stands in its place and that the folder above may be written to.",
      cause: error,
    });
  }
}

/** A new folder below the system's temporary one, or another. Throws `usage` where none can be made there. */
export async function makeTemporaryFolder(prefix: string, parent = tmpdir()): Promise<string> {
  try {
    return await mkdtemp(path.join(parent, prefix));
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "TEMPORARY_FOLDER",
      message: `No folder can be made in the temporary folder ${parent}: ${messageOf(error)}.`,
      hint: "Set TMPDIR to a folder that exists and may be written to.",
      cause: error,
    });
  }
}

/** Removes a folder with all that is in it; it need not be there. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

/** Removes a file; it need not be there. */
export async function removeFile(file: string): Promise<void> {
  try {
    await rm(file, { force: true });
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "FILE_NOT_REMOVED",
      message: `${file}, left by an earlier start, cannot be removed: ${messageOf(error)}.`,
      cause: error,
    });
  }
}

export async function writeJsonFile(file: string, value: unknown): Promise<void> {
  await writeFileAtomically(file, `${JSON.stringify(value, undefined, 2)}\n`);
}

/** Size in bytes and sha256 (hex) of a file, streamed. Throws what the file system throws. */
export async function digestOf(
  file: string,
): Promise<{ readonly sha256: string; readonly sizeBytes: number }> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  return { sha256: hash.digest("hex"), sizeBytes: (await stat(file)).size };
}

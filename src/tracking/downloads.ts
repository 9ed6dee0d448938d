import { createWriteStream } from "node:fs";
import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { answerError } from "../http/answer.ts";
import type { HttpClient } from "../http/client.ts";
import { encodePath } from "./artifact-uri.ts";
import { mapBounded } from "./bounded.ts";

interface Transfer {
  readonly http: HttpClient;
  randomHex(byteCount: number): string;
}

interface RemoteFile {
  readonly remotePath: string;
  /** From the listing. */
  readonly sizeBytes: number;
}

const parallelTransfers = 4;

/** Downloads one file to a temporary name beside `localFile`, checks its length against the listing, renames it. */
export async function downloadFile(transfer: Transfer, file: RemoteFile, localFile: string): Promise<void> {
  const temporary = `${localFile}.${transfer.randomHex(6)}.part`;
  try {
    await mkdir(path.dirname(localFile), { recursive: true });
    await fetchTo(transfer, file, temporary);
    await rename(temporary, localFile);
  } catch (error) {
    await discard(temporary);
    throw localError(error, localFile);
  }
}

/** Downloads files into a temporary folder beside `localFolder`, which appears only when all are there. */
export async function downloadFolder(
  transfer: Transfer,
  files: readonly (RemoteFile & { readonly name: string })[],
  localFolder: string,
): Promise<void> {
  await refuseFilled(localFolder);
  const temporary = `${path.resolve(localFolder)}.${transfer.randomHex(6)}.part`;
  try {
    await mapBounded(files, parallelTransfers, async (file) => {
      const target = path.join(temporary, ...file.name.split("/"));
      await mkdir(path.dirname(target), { recursive: true });
      await fetchTo(transfer, file, target);
    });
    await removeEmptyFolder(localFolder);
    await rename(temporary, localFolder);
  } catch (error) {
    await discard(temporary);
    throw localError(error, localFolder);
  }
}

async function fetchTo({ http }: Transfer, file: RemoteFile, target: string): Promise<void> {
  const answer = await http.download(
    { path: `/api/2.0/mlflow-artifacts/artifacts/${encodePath(file.remotePath)}`, retry: "idempotent" },
    // "w": a second attempt begins anew.
    async (body) => await pipeline(body, createWriteStream(target, { flags: "w" })),
  );
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, http.server);
  const { size } = await stat(target);
  if (size === file.sizeBytes) return;
  throw new MlopsError({
    kind: "unavailable",
    code: "DOWNLOAD_INCOMPLETE",
    message: `${file.remotePath} came with ${size} bytes, the server lists ${file.sizeBytes}.`,
    hint: "It may have been replaced meanwhile; the job can be started again.",
  });
}

/** A folder with files in it is somebody's: it is neither merged into nor removed. */
async function refuseFilled(folder: string): Promise<void> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    throw localError(error, folder);
  }
  if (names.length === 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "DOWNLOAD_TARGET_EXISTS",
    message: `${folder} is there already and holds ${names.length} files; nothing was downloaded.`,
    hint: "Choose another folder or remove that one.",
  });
}

async function discard(temporary: string): Promise<void> {
  try {
    await rm(temporary, { recursive: true, force: true });
  } catch {
    // What the reader must hear of is the error before this one.
  }
}

async function removeEmptyFolder(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (systemCodeOf(error) !== "ENOENT") throw error;
  }
}

function localError(error: unknown, target: string): unknown {
  const code = systemCodeOf(error);
  const isFileSystem = error instanceof Error && "syscall" in error && code !== undefined;
  if (error instanceof MlopsError || !isFileSystem) return error;
  return new MlopsError({
    kind: "usage",
    code: "FILE_NOT_WRITTEN",
    message: `${target} cannot be written: ${messageOf(error)}.`,
    cause: error,
  });
}

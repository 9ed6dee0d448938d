import { statfs } from "node:fs/promises";
import { MlopsError } from "../../errors.ts";

/** Throws `not-evaluable` where a folder has no room for rows that are written twice, and some of each once. */
export async function requireDisk(
  folder: string,
  table: {
    readonly uri: string;
    readonly rows: number;
    readonly bytesEach: number;
    readonly bytesOnce?: number;
  },
): Promise<void> {
  const { uri, rows, bytesEach, bytesOnce = 0 } = table;
  const { bavail, bsize } = await statfs(folder);
  const [needed, free] = [rows * (2 * bytesEach + bytesOnce), bavail * bsize];
  if (needed <= free) return;
  const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;
  throw diskError(
    `${uri} does not fit into memory; to measure its ${rows} rows from disk the temporary folder needs ${gigabytes(needed)}, and has ${gigabytes(free)}`,
  );
}

/** What it means that a file could not be written; undefined where it is not the disk. */
export function fullDisk(error: unknown, uri: string): MlopsError | undefined {
  if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) return undefined;
  return diskError(`${uri} does not fit into memory, and the temporary folder is full`);
}

function diskError(message: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "DISK_TOO_SMALL",
    message: `${message}.`,
    hint: "Give the job more memory or disk, or set TMPDIR to a folder with more room.",
  });
}

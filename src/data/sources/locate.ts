import { stat } from "node:fs/promises";
import path from "node:path";
import { MlopsError, systemCodeOf } from "../../errors.ts";
import type { Compression } from "./csv-file.ts";
import { refusal, unreadable } from "./refusals.ts";

export type TableFormat = "csv" | "parquet";

/** A data file that is there, before anything of it was read. */
export interface Located {
  readonly uri: string;
  readonly absolutePath: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
  readonly format: TableFormat;
  readonly compression: Compression;
}

/** Finds every one of `paths`; throws one `not-evaluable` error that lists all that cannot be used. */
export async function locateAll(paths: readonly string[], cwd: string): Promise<Located[]> {
  const located: Located[] = [];
  const problems: MlopsError[] = [];
  for (const uri of paths) {
    try {
      located.push(await locate(uri, cwd));
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      problems.push(error);
    }
  }
  const [first, ...others] = problems;
  if (first === undefined) return located;
  if (others.length === 0) throw first;
  throw refusal(first.code, problems.map((one) => one.message).join("\n"), first.hint ?? "Check the paths.");
}

async function locate(uri: string, cwd: string): Promise<Located> {
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(uri)) {
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: `${uri}: only local files can be read so far.`,
      hint: "Fetch the file in an earlier step and give its path.",
    });
  }
  const absolutePath = path.resolve(cwd, uri);
  const found = await stat(absolutePath).catch((error: unknown) => {
    if (systemCodeOf(error) !== "ENOENT" && systemCodeOf(error) !== "ENOTDIR") throw unreadable(uri, error);
    throw refusal(
      "DATA_FILE_MISSING",
      `The data file ${uri} does not exist (looked for ${absolutePath}).`,
      "Check the path, and in CI that the job has the artifacts of the job that made it (needs: or dependencies:).",
    );
  });
  if (found.isDirectory()) {
    throw refusal("DATA_IS_DIRECTORY", `${uri} is a folder, not a file.`, "Give the file or files in it.");
  }
  if (found.size === 0) {
    throw refusal("DATA_FILE_EMPTY", `${uri} is empty (0 bytes).`, "Check the step that writes this file.");
  }
  return { uri, absolutePath, sizeBytes: found.size, modifiedMs: found.mtimeMs, ...formatOf(uri) };
}

function formatOf(uri: string): { readonly format: TableFormat; readonly compression: Compression } {
  const match = /\.(csv|tsv|txt)(\.gz|\.zst|\.zstd)?$/i.exec(uri);
  if (match !== null) {
    const ending = match[2]?.toLowerCase();
    if (ending === undefined) return { format: "csv", compression: "none" };
    return { format: "csv", compression: ending === ".gz" ? "gzip" : "zstd" };
  }
  if (/\.(parquet|pq)$/i.test(uri)) return { format: "parquet", compression: "none" };
  throw refusal(
    "DATA_FORMAT_UNKNOWN",
    `${uri}: the ending ${path.extname(uri) === "" ? "is missing" : `${path.extname(uri)} is not known`}, so the format is not known.`,
    "Known endings: .csv .tsv .txt (also with .gz or .zst), .parquet .pq.",
  );
}

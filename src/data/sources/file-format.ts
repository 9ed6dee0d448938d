import path from "node:path";
import { refusal } from "./refusals.ts";

export type TableFormat = "csv" | "parquet" | "arrow";
export type Compression = "none" | "gzip" | "zstd";

export interface FileFormat {
  readonly format: TableFormat;
  readonly compression: Compression;
}

const knownEndings =
  "Known endings: .csv .tsv .txt (also with .gz or .zst), .parquet .pq, .arrow .arrows .feather .ipc.";

/** The format that the ending of a file name stands for; undefined for endings that no data file has. */
export function formatOfName(name: string): FileFormat | undefined {
  const match = /\.(csv|tsv|txt)(\.gz|\.zst|\.zstd)?$/i.exec(name);
  if (match !== null) {
    const ending = match[2]?.toLowerCase();
    if (ending === undefined) return { format: "csv", compression: "none" };
    return { format: "csv", compression: ending === ".gz" ? "gzip" : "zstd" };
  }
  if (/\.(parquet|pq)$/i.test(name)) return { format: "parquet", compression: "none" };
  if (/\.(arrows?|feather|ipc)$/i.test(name)) return { format: "arrow", compression: "none" };
  return undefined;
}

/** As `formatOfName`; throws `not-evaluable` for an unknown ending. */
export function requireFormat(uri: string): FileFormat {
  const found = formatOfName(uri);
  if (found !== undefined) return found;
  const ending = path.extname(uri);
  throw refusal(
    "DATA_FORMAT_UNKNOWN",
    `${uri}: the ending ${ending === "" ? "is missing" : `${ending} is not known`}, so the format is not known.`,
    knownEndings,
  );
}

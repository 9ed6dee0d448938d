import path from "node:path";
import type { DuckDb } from "../engine/duckdb.ts";
import type { Located } from "./located.ts";
import { positional } from "./parquet-file.ts";
import { type PartitionColumn, partitionColumns, partitionSql, partitionValues } from "./partitions.ts";
import { readError } from "./read-error.ts";
import { refusal } from "./refusals.ts";
import type { SourceColumn, SourceFile, SourceOptions } from "./table-source.ts";

/** What every format makes a table of. */
export interface OpenRequest {
  readonly files: readonly Located[];
  readonly notes: readonly string[];
  readonly db: DuckDb;
  readonly options: SourceOptions;
}

/** The partition columns of the files, by their paths as far as the user chose them. */
export function partitionsOf({ files, options }: OpenRequest): PartitionColumn[] {
  if (options.partitions === false) return [];
  return partitionColumns(
    files.map(({ uri }) => ({ uri, partitions: partitionValues(chosenPart(uri, options.cwd)) })),
  );
}

/** Folders above the working folder are chance: a checkout below `run=7/` makes no column. */
function chosenPart(uri: string, cwd: string): string {
  if (!path.isAbsolute(uri)) return uri;
  const relative = path.relative(cwd, uri);
  return relative.startsWith("..") ? uri : relative;
}

interface NamedColumn {
  readonly name: string;
  readonly engineType: string;
}

/** The columns of a table: those of the files, then the partitions that are not in the files as well. */
export function sourceColumns(
  stored: readonly NamedColumn[],
  partitions: readonly PartitionColumn[],
): SourceColumn[] {
  const names = new Set(stored.map((column) => column.name));
  const added = partitions.filter((column) => !names.has(column.name));
  const make = (origin: SourceColumn["origin"], offset: number) => (column: NamedColumn, index: number) => ({
    name: column.name,
    sql: positional(offset + index),
    engineType: column.engineType,
    origin,
  });
  return [...stored.map(make("file", 0)), ...added.map(make("partition", stored.length))];
}

/** A table expression with all `columns`, over a reader whose own columns come in the same order. */
export function tableExpression(
  reader: string,
  columns: readonly SourceColumn[],
  partitions: readonly PartitionColumn[],
): string {
  const stored = columns.filter((column) => column.origin === "file").map((column) => column.sql);
  const added = columns.flatMap((column) => {
    const partition =
      column.origin === "partition" ? partitions.find((one) => one.name === column.name) : undefined;
    return partition === undefined ? [] : [`${partitionSql(partition)} AS ${column.sql}`];
  });
  return `(SELECT ${[...stored, ...added].join(", ")} FROM ${reader} AS t(${stored.join(", ")}))`;
}

/**
 * Throws `not-evaluable` where a partition key is a column of the files too and a row says otherwise than the folder that it is in.
 * Reads those columns.
 */
export async function refuseContradictions(
  request: OpenRequest,
  parts: {
    readonly reader: string;
    readonly columns: readonly SourceColumn[];
    readonly partitions: readonly PartitionColumn[];
  },
): Promise<void> {
  const stored = parts.columns.filter((column) => column.origin === "file");
  const names = stored.map((column) => column.sql).join(", ");
  for (const partition of parts.partitions) {
    const column = stored.find((one) => one.name === partition.name);
    if (column === undefined) continue;
    const folder = partitionSql(partition);
    const isOther =
      column.engineType === "VARCHAR"
        ? `TRY_CAST(${column.sql} AS ${partition.engineType}) IS DISTINCT FROM ${folder}`
        : `CAST(${column.sql} AS VARCHAR) IS DISTINCT FROM CAST(${folder} AS VARCHAR)`;
    const sql = `SELECT file_index FROM ${parts.reader} AS t(${names}) WHERE ${isOther} LIMIT 1`;
    const rows = await request.db.query(sql).catch((error: unknown) => {
      const format = request.files[0]?.format === "csv" ? "csv" : "parquet";
      throw readError(error, format, request.files);
    });
    const [wrong] = rows;
    if (wrong === undefined) continue;
    const at = Number(wrong["file_index"]);
    throw refusal(
      "DATA_PARTITION_CONTRADICTED",
      `${request.files[at]?.uri}: a row has another value in column ${JSON.stringify(partition.name)} than the folder ${partition.name}=${partition.values[at] ?? "(missing)"} says.`,
      "Mend the step that writes the files, or switch partition columns off.",
    );
  }
}

/** The figures of each file for the report. */
export function sourceFiles(
  files: readonly Located[],
  found: readonly { readonly sha256: string | null; readonly rows: number }[],
): SourceFile[] {
  return files.map((file, index) => {
    const { uri, absolutePath, sizeBytes, etag } = file;
    const { sha256 = null, rows = 0 } = found[index] ?? {};
    return { uri, absolutePath, sizeBytes, etag, sha256, rows };
  });
}

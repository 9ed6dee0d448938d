import { Background } from "./background.ts";
import { digestsOf } from "./digest.ts";
import type { Located } from "./located.ts";
import { refuseMissingPages } from "./parquet-pages.ts";
import { parquetStretches } from "./parquet-stretches.ts";
import { openParquet } from "./parquet-table.ts";
import { readError } from "./read-error.ts";
import {
  type OpenRequest,
  partitionsOf,
  refuseContradictions,
  sourceColumns,
  sourceFiles,
  tableExpression,
} from "./source-parts.ts";
import type { TableSource } from "./table-source.ts";

/**
 * A table of Parquet files; `copies` are the files that DuckDB reads, where they are not the files themselves. Throws
 * `not-evaluable` as `openParquet` does.
 */
export async function openParquetSource(
  request: OpenRequest,
  copies: readonly Located[] = request.files,
): Promise<TableSource> {
  const { files, db, options } = request;
  const partitions = partitionsOf(request);
  const table = await openParquet(copies, db);
  const columns = sourceColumns(table.columns, partitions);
  await refuseContradictions(request, { reader: table.reader, columns, partitions });
  const pages = new Background((signal) => refuseMissingPages(copies, signal), options.signal);
  const digests = new Background((signal) => digestsOf(files, { ...options, signal }), options.signal);
  if (options.readsAhead !== true) await Promise.all([pages.result, digests.result]);
  return {
    format: files[0]?.format ?? "parquet",
    files: files.map((file, index) => ({
      ...file,
      readPath: copies[index]?.absolutePath ?? file.absolutePath,
    })),
    columns,
    csv: undefined,
    notes: [...request.notes, ...table.notes],
    sql: tableExpression(table.reader, columns, partitions),
    optimistic: undefined,
    stretches: (mostRows) =>
      partitions.length > 0 ? undefined : parquetStretches({ files: copies, table, columns }, mostRows),
    typedSql: () => undefined,
    likelyRows: () => undefined,
    forms: () => new Map(),
    heldForms: async () => new Map(),
    async facts() {
      await pages.result;
      const found = await digests.result;
      return sourceFiles(
        files,
        table.rows.map((rows, index) => ({ rows, sha256: found[index] ?? null })),
      );
    },
    explain: (error) => readError(error, "parquet", copies),
    close() {
      pages.close();
      digests.close();
    },
  };
}

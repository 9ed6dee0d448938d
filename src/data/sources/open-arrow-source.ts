import { mkdtemp, stat } from "node:fs/promises";
import path from "node:path";
import { rewriteArrow } from "./arrow-file.ts";
import type { Located } from "./located.ts";
import { openParquetSource } from "./open-parquet-source.ts";
import { refuseEach } from "./refusals.ts";
import type { OpenRequest } from "./source-parts.ts";
import type { TableSource } from "./table-source.ts";

/**
 * A table of Arrow files, which DuckDB reads as Parquet: they are rewritten first, in the folder of the database. Throws
 * `not-evaluable` for files that are damaged or of types that cannot be kept, and as `openParquetSource` does.
 */
export async function openArrowSource(request: OpenRequest): Promise<TableSource> {
  const { files, db, options } = request;
  const folder = await mkdtemp(path.join(db.folder, "arrow-"));
  const refused: unknown[] = [];
  const notes: string[] = [];
  const copies: Located[] = [];
  for (const [index, file] of files.entries()) {
    const target = path.join(folder, `${index}.parquet`);
    try {
      notes.push(...(await rewriteArrow(file, target, options.signal)));
      copies.push({ ...file, absolutePath: target, sizeBytes: (await stat(target)).size });
    } catch (error) {
      options.signal?.throwIfAborted();
      refused.push(error);
    }
  }
  refuseEach(refused);
  return await openParquetSource({ ...request, notes: [...request.notes, ...notes] }, copies);
}

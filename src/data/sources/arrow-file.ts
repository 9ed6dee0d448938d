import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { type RecordBatch, RecordBatchReader, type Schema } from "apache-arrow";
import { MlopsError, messageOf } from "../../errors.ts";
import { checkBatch } from "./arrow-batch.ts";
import { registerCodecs } from "./arrow-codecs.ts";
import { checkArrowMetadata } from "./arrow-metadata.ts";
import { pagesOf } from "./arrow-nested.ts";
import { type ArrowTable, arrowTable } from "./arrow-schema.ts";
import type { Range } from "./arrow-values.ts";
import type { Located } from "./located.ts";
import { type ParquetPage, ParquetWriter } from "./parquet-writer.ts";
import { refusal, refuseDuplicates, unreadable } from "./refusals.ts";

registerCodecs();

/** A batch of a file may be as large as the file; a page of Parquet may not. */
const rowsPerPage = 65_536;
const broken = "DATA_ARROW_BROKEN";

/**
 * Writes the table of an Arrow file, stream or Feather file (version 2) as Parquet to `target`, batch by batch; returns things to
 * know. Throws `not-evaluable` for a file that is cut off or damaged, and for columns of types that cannot be kept.
 */
export async function rewriteArrow(
  file: Located,
  target: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const handle = await open(file.absolutePath).catch((error: unknown) => {
    throw unreadable(file.uri, error);
  });
  let output: FileHandle | undefined;
  try {
    const isFile = await isFileFormat(file, handle);
    await checkArrowMetadata(handle, file.sizeBytes, isFile);
    output = await open(target, "wx");
    const reader = isFile
      ? await RecordBatchReader.from(handle)
      : await RecordBatchReader.from(createReadStream(file.absolutePath, { highWaterMark: 1 << 20 }));
    await reader.open();
    const table = tableOf(file, reader.schema);
    const writer = new ParquetWriter(output, table.schema, table.leaves);
    for await (const batch of reader) {
      checkBatch(batch);
      for (let start = 0; start < batch.numRows; start += rowsPerPage) {
        signal?.throwIfAborted();
        await writer.write(pages(table, batch, { start, end: Math.min(start + rowsPerPage, batch.numRows) }));
      }
    }
    await writer.end();
    return table.notes.map((note) => `${file.uri}: ${note}`);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof MlopsError) throw error;
    throw refusal(
      broken,
      `${file.uri} is not a readable Arrow file: ${messageOf(error)}.`,
      "It is cut off or damaged, or of a kind that is not known here: fetch or write it again, or write it as Parquet.",
      error,
    );
  } finally {
    await output?.close();
    await handle.close();
  }
}

function pages(table: ArrowTable, batch: RecordBatch, range: Range): ParquetPage[] {
  return table.nodes.flatMap((node, index) => {
    const data = batch.data.children[index];
    if (data === undefined) throw new RangeError("a batch has fewer columns than the schema");
    return pagesOf(node, table.leaves, { data, range });
  });
}

/** Tells the two formats apart, and refuses what does not end as it should: a reader would take it for the whole. */
async function isFileFormat({ uri, sizeBytes }: Located, handle: FileHandle): Promise<boolean> {
  const ends = Buffer.alloc(16);
  await handle.read(ends, 0, 8, 0);
  await handle.read(ends, 8, 8, Math.max(0, sizeBytes - 8));
  const again = "Fetch or write it again.";
  if (ends.toString("latin1", 0, 4) === "FEA1")
    throw refusal(
      "DATA_FEATHER_V1",
      `${uri} is a Feather file of version 1, which is not read.`,
      "Write it again as Feather version 2 (the default of pyarrow since 2020) or as Parquet.",
    );
  if (ends.toString("latin1", 0, 6) === "ARROW1") {
    if (sizeBytes >= 20 && ends.toString("latin1", 10) === "ARROW1") return true;
    throw refusal(broken, `${uri} is an Arrow file that is cut off: it does not end with ARROW1.`, again);
  }
  if (ends.readUInt32LE(0) !== 0xffff_ffff)
    throw refusal(broken, `${uri} is not an Arrow file: it begins neither as a file nor as a stream.`, again);
  if (ends.toString("hex", 8) === "ffffffff00000000") return false;
  throw refusal(broken, `${uri} is an Arrow stream that is cut off: its end mark is missing.`, again);
}

function tableOf({ uri }: Located, { fields }: Schema): ArrowTable {
  if (fields.length === 0)
    throw refusal("DATA_NO_COLUMNS", `${uri} has no columns.`, "Check the step that writes this file.");
  refuseDuplicates(
    uri,
    fields.map((field) => field.name),
  );
  const table = arrowTable(fields);
  if (table.lost.length === 0) return table;
  const shown = table.lost.map((field) => `${JSON.stringify(field.name)} is ${field.type}`).join(", ");
  throw refusal(
    "DATA_TYPE_UNKNOWN",
    `${uri}: columns of these types cannot be read from Arrow: ${shown}.`,
    "Leave them out, or write them as a type that Parquet knows.",
  );
}

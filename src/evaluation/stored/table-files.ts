import path from "node:path";
import type { StoredRows, WritableColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { ColumnFile } from "./column-file.ts";

/** The files of a table of two classes. Must be closed. */
export interface TableFiles {
  /** In the order of the table. */
  readonly stored: StoredRows<WritableColumn>;
  /** Room for the same rows in another order. */
  readonly room: StoredRows<WritableColumn>;
  /** Of predicted classes beside the scores: a byte a row. */
  readonly predictions: WritableColumn | undefined;
  close(): Promise<void>;
}

/** Makes the files, empty, in a folder that has none of them. */
export async function makeTableFiles(
  folder: string,
  { isWeighted, hasPredictions }: { readonly isWeighted: boolean; readonly hasPredictions: boolean },
): Promise<TableFiles> {
  const made: ColumnFile[] = [];
  const make = async (name: string) => {
    const file = await ColumnFile.make(path.join(folder, `${name}.column`));
    made.push(file);
    return file;
  };
  const rowsOf = async (prefix: string) => ({
    scores: await make(`${prefix}scores`),
    payloads: await make(`${prefix}payloads`),
    weights: isWeighted ? await make(`${prefix}weights`) : undefined,
  });
  const close = async () => {
    await Promise.all(made.map((file) => file.close()));
  };
  try {
    return {
      stored: await rowsOf(""),
      room: await rowsOf("sorted-"),
      predictions: hasPredictions ? await make("predictions") : undefined,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const blockRows = 2 ** 18;

/** A column of bytes, block by block, in memory that the next one uses again; nothing where there is none. */
export async function* bytesOfColumn(
  column: Pick<WritableColumn, "read"> | undefined,
  rows: number,
): AsyncIterable<Uint8Array> {
  if (column === undefined) return;
  const block = new Uint8Array(Math.min(blockRows, rows));
  for (let start = 0; start < rows; start += blockRows) {
    const own = block.subarray(0, Math.min(blockRows, rows - start));
    await column.read(start, own);
    yield own;
  }
}

import path from "node:path";
import type { StoredRows, WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { ColumnFile } from "../column-file.ts";

/** The files of a table of two classes. Must be closed. */
export interface BinaryFiles {
  /** In the order of the table. */
  readonly stored: StoredRows<WritableColumn>;
  /** Room for the same rows in another order. */
  readonly room: StoredRows<WritableColumn>;
  close(): Promise<void>;
}

/** Makes the files, empty, in a folder that has none of them. */
export async function makeBinaryFiles(folder: string, isWeighted: boolean): Promise<BinaryFiles> {
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
    return { stored: await rowsOf(""), room: await rowsOf("sorted-"), close };
  } catch (error) {
    await close();
    throw error;
  }
}

import type { WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { ColumnFile } from "../column-file.ts";

/** Columns of as many rows, one after the other in one file: a table may have more columns than a program may open files. */
export class ColumnStore {
  readonly columns: readonly WritableColumn[];
  readonly #file: ColumnFile;

  private constructor(file: ColumnFile, columns: readonly WritableColumn[]) {
    this.#file = file;
    this.columns = columns;
  }

  /** Makes the file, which must not be there, for columns of so many bytes a row at most: 1, 2, 4 or 8 each. */
  static async make(name: string, rows: number, bytesEach: readonly number[]): Promise<ColumnStore> {
    const file = await ColumnFile.make(name);
    let start = 0;
    const columns = bytesEach.map((bytes) => {
      const own = columnAt(file, start);
      start += Math.ceil((rows * bytes) / 8) * 8;
      return own;
    });
    return new ColumnStore(file, columns);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

/** From a byte on where values of any width may begin. */
function columnAt(file: ColumnFile, first: number): WritableColumn {
  return {
    read: (start, into) => file.read(first / into.BYTES_PER_ELEMENT + start, into),
    write: (start, from) => file.write(first / from.BYTES_PER_ELEMENT + start, from),
  };
}

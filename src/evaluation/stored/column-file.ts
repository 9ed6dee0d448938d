import { type FileHandle, open } from "node:fs/promises";
import type { WritableColumn } from "../../metrics/binary/stored/stored-rows.ts";

type Values = Parameters<WritableColumn["write"]>[1];

/** A column in a file of its own: the values as they lie in memory, one after the other. Must be closed. */
export class ColumnFile implements WritableColumn {
  readonly #file: FileHandle;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Makes the file, which must not be there. */
  static async make(name: string): Promise<ColumnFile> {
    return new ColumnFile(await open(name, "wx+"));
  }

  async read(start: number, into: Values): Promise<void> {
    const bytes = bytesOf(into);
    const at = start * into.BYTES_PER_ELEMENT;
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#file.read(bytes, done, bytes.length - done, at + done);
      if (bytesRead === 0) throw new RangeError("the column ends before its rows do");
      done += bytesRead;
    }
  }

  async write(start: number, from: Values): Promise<void> {
    const bytes = bytesOf(from);
    const at = start * from.BYTES_PER_ELEMENT;
    for (let done = 0; done < bytes.length; ) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
  }
}

function bytesOf(values: Values): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

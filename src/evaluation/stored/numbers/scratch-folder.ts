import { rm } from "node:fs/promises";
import path from "node:path";
import type { ScratchFile, ScratchRoom } from "../../../metrics/stored/bucket-file.ts";
import { ColumnFile } from "../column-file.ts";

/** Files of doubles in a folder, which is to be removed with what is left in it. */
export class ScratchFolder implements ScratchRoom {
  readonly #folder: string;
  readonly #open = new Set<ColumnFile>();
  #made = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async file(): Promise<ScratchFile> {
    this.#made += 1;
    const name = path.join(this.#folder, `scratch-${this.#made}.column`);
    const file = await ColumnFile.make(name);
    this.#open.add(file);
    return {
      read: (start, into) => file.read(start, into),
      write: (start, from) => file.write(start, from),
      remove: async () => {
        this.#open.delete(file);
        await file.close();
        await rm(name);
      },
    };
  }

  /** Closes files that were not removed. */
  async close(): Promise<void> {
    const open = [...this.#open];
    this.#open.clear();
    await Promise.all(open.map((file) => file.close()));
  }
}

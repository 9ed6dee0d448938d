import type { NaiveScale } from "../../../metrics/forecasting/naive-scales.ts";
import type { ColumnFile } from "../column-file.ts";
import type { NameKey } from "../name-order.ts";

/** Of 64 bits: the key has two at most. */
const wordsEach = 4;
const blockRecords = 4096;

/** The naive errors of training series in the order of their keys, in a file that may be too large for memory. */
export class ScaleFile {
  readonly #file: ColumnFile;
  readonly #records = new Records();
  #filled = 0;
  #written = 0;

  /** A file that is empty. */
  constructor(file: ColumnFile) {
    this.#file = file;
  }

  async add(key: NameKey, scale: NaiveScale): Promise<void> {
    this.#records.set(this.#filled, key, scale);
    this.#filled += 1;
    if (this.#filled === blockRecords) await this.finish();
  }

  /** When all were added. */
  async finish(): Promise<void> {
    if (this.#filled > 0)
      await this.#file.write(this.#written * wordsEach, this.#records.words(this.#filled));
    this.#written += this.#filled;
    this.#filled = 0;
  }

  /** Finds series whose keys ascend; undefined for one that was not added. */
  finder(): (key: NameKey) => Promise<NaiveScale | undefined> {
    const records = new Records();
    const [file, all] = [this.#file, this.#written];
    let [next, place, filled] = [0, 0, 0];
    return async (key) => {
      for (;;) {
        if (place === filled) {
          [place, filled] = [0, Math.min(blockRecords, all - next)];
          if (filled === 0) return undefined;
          await file.read(next * wordsEach, records.words(filled));
          next += filled;
        }
        const order = records.compare(place, key);
        if (order === 0) return records.scaleAt(place);
        if (order > 0) return undefined;
        place += 1;
      }
    };
  }
}

/** A block of them in memory. */
class Records {
  readonly #keys = new BigInt64Array(blockRecords * wordsEach);
  readonly #doubles = new Float64Array(this.#keys.buffer);

  /** As they lie in the file. */
  words(count: number): Float64Array {
    return this.#doubles.subarray(0, count * wordsEach);
  }

  set(place: number, key: NameKey, { mae, rmse }: NaiveScale): void {
    const at = place * wordsEach;
    this.#keys[at] = key[0] ?? 0n;
    this.#keys[at + 1] = key[1] ?? 0n;
    this.#doubles[at + 2] = mae;
    this.#doubles[at + 3] = rmse;
  }

  scaleAt(place: number): NaiveScale {
    const at = place * wordsEach;
    return { mae: this.#doubles[at + 2] ?? Number.NaN, rmse: this.#doubles[at + 3] ?? Number.NaN };
  }

  /** Below 0: the key there comes first. */
  compare(place: number, key: NameKey): number {
    for (const [index, word] of key.entries()) {
      const own = this.#keys[place * wordsEach + index] ?? 0n;
      if (own !== word) return own < word ? -1 : 1;
    }
    return 0;
  }
}

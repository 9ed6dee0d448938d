import type { DirectReader } from "./direct-read.ts";

/** What one part needs while it is read: memory, and a connection of its own where reads go directly. */
export interface PartSlot {
  readonly buffer: Buffer;
  readonly reader: DirectReader | undefined;
}

/**
 * 8 MiB: long enough that the time to the first byte (some 30 ms at Amazon) hardly counts, within the 8 to 16 MB that Amazon
 * advises, and short enough that a cut costs little.
 */
export const partBytes = 8 << 20;
/** Amazon gives about 85 MB/s a connection: eight fill a link of 5 Gbit/s with 64 MiB of memory, whatever the object's size. */
const slotCount = 8;

/** Hands out the slots of a process; who asks for one waits in line. */
export class PartSlots {
  #free: PartSlot[] = [];
  readonly #waiting: ((slot: PartSlot) => void)[] = [];
  readonly #makeReader: () => DirectReader | undefined;
  #made = 0;

  constructor(makeReader: () => DirectReader | undefined) {
    this.#makeReader = makeReader;
  }

  async use<T>(work: (slot: PartSlot) => Promise<T>): Promise<T> {
    const slot = await this.#take();
    try {
      return await work(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(slot);
      else next(slot);
    }
  }

  /** How many can be in use at a time. */
  get count(): number {
    return slotCount;
  }

  /** Gives back the memory and the connections of all slots that nobody uses. */
  release(): void {
    for (const slot of this.#free) slot.reader?.close();
    this.#made -= this.#free.length;
    this.#free = [];
  }

  async #take(): Promise<PartSlot> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#made < slotCount) {
      this.#made += 1;
      return { buffer: Buffer.allocUnsafeSlow(partBytes), reader: this.#makeReader() };
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }
}

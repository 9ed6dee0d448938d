import type { DirectReader } from "./direct-read.ts";

/** What one request needs: a little memory, and a connection of its own where reads go directly. */
export interface PartSlot {
  readonly buffer: Buffer;
  readonly reader: DirectReader | undefined;
}

/** What the journal and the verification count in: a job that was ended goes on at such a boundary. */
export const partBytes = 8 << 20;
/** Parts that one request asks for at most: 64 MiB, so that requests cost nothing beside their bytes. */
export const mostPartsAtOnce = 8;
/** Received, checked and written at a time; all slots together stay within the processor's cache. */
const bufferBytes = 256 << 10;
/** Amazon gives about 85 MB/s a connection: eight fill a link of 5 Gbit/s. */
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
      return { buffer: Buffer.allocUnsafeSlow(bufferBytes), reader: this.#makeReader() };
    }
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }
}

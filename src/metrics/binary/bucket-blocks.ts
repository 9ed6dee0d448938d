import { setImmediate } from "node:timers/promises";
import { type Columns, partOf } from "../score-columns.ts";
import { BlockRoom } from "./block-room.ts";
import { type Partition, TagReader } from "./rows-by-score.ts";
import type { PlacedBlocks } from "./score-blocks.ts";
import { TiedBlocks } from "./tied-blocks.ts";

export interface PartRequest {
  readonly partition: Partition;
  /** Groups of each slot. */
  readonly groups: readonly number[];
  /** The next part that nobody works at; threads share it. */
  readonly next: Int32Array;
  /** By slot: negative and positive rows of each group in turn, bucket by bucket. Threads share them; `countParts` fills them. */
  readonly tallies: readonly Uint32Array[];
}

/** The parts that nobody else takes, one by one; others have their turn between them. */
export async function* partsLeft({ next, partition }: PartRequest): AsyncIterable<number> {
  const parts = partition.parts.length - 1;
  for (let part = Atomics.add(next, 0, 1); part < parts; part = Atomics.add(next, 0, 1)) {
    yield part;
    await setImmediate();
  }
}

/** Rows of the largest bucket that is sorted, 1 at least; a larger one has one score, and is looked at in stretches. */
export function mostSorted({ buckets, mostRows }: Partition): number {
  let most = 1;
  for (let bucket = 0; bucket + 1 < buckets.length; bucket += 1) {
    const rows = (buckets[bucket + 1] ?? 0) - (buckets[bucket] ?? 0);
    most = Math.max(most, Math.min(rows, mostRows));
  }
  return most;
}

export function* stretchesOf(rows: Columns, most: number): Iterable<Columns> {
  for (let start = 0; start < rows.scores.length; start += most) yield partOf(rows, start, start + most);
}

/** Undefined: all rows. */
export function groupingOf(slot: number): number | undefined {
  return slot === 0 ? undefined : slot - 1;
}

export type TakeBlocks = (slot: number, group: number, blocks: PlacedBlocks) => void;

/** Sorts buckets and makes blocks of them, in memory that is used again for the next one. */
export class BucketBlocks {
  readonly room: BlockRoom;
  readonly #partition: Partition;
  readonly #groups: readonly number[];
  readonly #tallies: readonly Uint32Array[];
  readonly #reader: TagReader;
  readonly #weights: Float64Array | undefined;

  constructor(request: Omit<PartRequest, "next">, room = roomFor(request)) {
    const { partition, groups, tallies } = request;
    const { tagging } = partition;
    this.room = room;
    this.#partition = partition;
    this.#groups = groups;
    this.#tallies = tallies;
    this.#reader = new TagReader(tagging, room.tags);
    this.#weights = tagging.weights === undefined ? undefined : new Float64Array(room.mostRows);
  }

  /** Closes the room too. */
  close(): void {
    this.room.close();
  }

  /** What `take` gets is good until it returns. */
  each(bucket: number, take: TakeBlocks): void {
    const { rows, buckets, isSorted = false } = this.#partition;
    const own = partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0);
    if (own.scores.length > this.room.mostRows) {
      this.#eachTied(bucket, own, take);
      return;
    }
    const sorted = this.room.inOrder(own, isSorted);
    const weights = this.#weightsOf(sorted);
    this.#reader.start(sorted);
    for (const slot of this.#groups.keys()) {
      const tags = this.#reader.tags(groupingOf(slot));
      const made = { scores: sorted.scores, tags, weights };
      const counts = this.#countsOf(bucket, slot);
      const blocks = slot === 0 ? [this.room.maker.all(made, counts)] : this.room.maker.groups(made, counts);
      for (const [group, one] of blocks.entries()) if (one !== undefined) take(slot, group, one);
    }
  }

  #eachTied(bucket: number, own: Columns, take: TakeBlocks): void {
    const { tagging } = this.#partition;
    const tied = new TiedBlocks(own.scores[0] ?? 0, this.#groups, tagging.weights !== undefined);
    for (const slot of this.#groups.keys()) tied.count(slot, this.#countsOf(bucket, slot));
    for (const some of stretchesOf(own, this.room.mostRows)) {
      const weights = this.#weightsOf(some);
      if (weights === undefined) break;
      this.#reader.start(some);
      for (const slot of this.#groups.keys()) tied.weigh(slot, this.#reader.tags(groupingOf(slot)), weights);
    }
    tied.each(this.room.maker, take);
  }

  #countsOf(bucket: number, slot: number): Uint32Array {
    const count = this.#groups[slot] ?? 0;
    return this.#tallies[slot]?.subarray(2 * count * bucket, 2 * count * (bucket + 1)) ?? new Uint32Array();
  }

  #weightsOf({ payloads }: Columns): Float64Array | undefined {
    const { weights } = this.#partition.tagging;
    if (weights === undefined || this.#weights === undefined) return undefined;
    const sorted = this.#weights.subarray(0, payloads.length);
    for (let place = 0; place < payloads.length; place += 1)
      sorted[place] = weights[payloads[place] ?? 0] ?? 0;
    return sorted;
  }
}

function roomFor({ partition, groups }: Omit<PartRequest, "next">): BlockRoom {
  return new BlockRoom({
    like: partition.rows,
    // And not what the largest has: the next rows need as much then, and take the same kernel.
    mostRows: partition.mostRows,
    mostGroups: Math.max(...groups),
    isWeighted: partition.tagging.weights !== undefined,
  });
}

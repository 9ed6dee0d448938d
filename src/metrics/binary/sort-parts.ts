import { setImmediate } from "node:timers/promises";
import { sortInPlace } from "../kernel/sort-room.ts";
import { partOf } from "../score-columns.ts";
import type { Partition } from "./rows-by-score.ts";

export interface SortRequest {
  readonly partition: Pick<Partition, "rows" | "buckets" | "parts">;
  /** The next part that nobody works at; threads share it. */
  readonly next: Int32Array;
}

/** Puts the rows in order, highest scores first, part by part; answers when no part is left. Others have their turn between parts. */
export async function sortParts({ partition, next }: SortRequest): Promise<undefined> {
  const { rows, buckets, parts } = partition;
  const count = parts.length - 1;
  for (let part = Atomics.add(next, 0, 1); part < count; part = Atomics.add(next, 0, 1)) {
    for (let bucket = parts[part] ?? 0; bucket < (parts[part + 1] ?? 0); bucket += 1) {
      sortInPlace(partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0));
    }
    await setImmediate();
  }
}

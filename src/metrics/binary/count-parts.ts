import { sortInPlace } from "../kernel/sort-room.ts";
import { partOf } from "../score-columns.ts";
import { groupingOf, mostSorted, type PartRequest, partsLeft, stretchesOf } from "./bucket-blocks.ts";
import { TagReader } from "./rows-by-score.ts";
import { countRows } from "./score-blocks.ts";

/** Counts rows by label, part by part; answers when no part is left. Rows with weights are also put in order. */
export async function countParts(request: PartRequest): Promise<undefined> {
  const { partition, groups, tallies } = request;
  const { rows, buckets, parts, tagging } = partition;
  const most = mostSorted(partition);
  const reader = new TagReader(tagging, new Uint32Array(most));
  // Weights are gone down more than once: sorted here, and not each time.
  const sortsRows = tagging.weights !== undefined;
  for await (const part of partsLeft(request)) {
    for (let bucket = parts[part] ?? 0; bucket < (parts[part + 1] ?? 0); bucket += 1) {
      const own = partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0);
      if (sortsRows && own.scores.length <= most) sortInPlace(own);
      for (const some of stretchesOf(own, most)) {
        reader.start(some);
        for (const [slot, count] of groups.entries()) {
          const counts = tallies[slot]?.subarray(2 * count * bucket, 2 * count * (bucket + 1));
          const found = countRows(reader.tags(groupingOf(slot)), some.scores.length, count);
          if (counts !== undefined) addTo(counts, found);
        }
      }
    }
  }
}

function addTo(counts: Uint32Array, more: Uint32Array): void {
  for (let place = 0; place < more.length; place += 1)
    counts[place] = (counts[place] ?? 0) + (more[place] ?? 0);
}

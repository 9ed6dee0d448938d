import { inSharedMemory } from "./columns.ts";
import type { Crew } from "./crew.ts";
import { emptyTravel, type Partition, type Travel } from "./rows-by-score.ts";
import { type CellRange, type Cells, finiteCells, firstSigned } from "./score-cells.ts";

/** The figures of parts are sent between threads. */
const mostParts = 32;
const mostBuckets = 1024;
const leastBucketRows = 8192;
const mostCellBits = 18;

/** Throws a RangeError for scores that are not finite. */
export async function partitionRows(given: Travel, crew: Crew): Promise<Partition> {
  const rows = given.scores.length;
  const stretches = crew.stretches(rows);
  const found = joinedRange(
    await crew.run(
      "range",
      stretches.map((stretch) => ({ ...stretch, scores: given.scores })),
    ),
  );
  if (rows > 0) refuseInfinite(given, found);
  const isSigned = found.highest >= firstSigned;
  const travel = isSigned ? { ...given, scores: unsignedZeros(given, crew) } : given;
  // The number of 0 is the one before that of -0.
  const range = isSigned ? { ...found, lowest: Math.min(found.lowest, firstSigned - 1) } : found;
  const cells = cellsOf(range, rows);
  const shared = crew.isShared;
  const to = emptyTravel(travel, shared);
  const counts = await crew.run(
    "cells",
    stretches.map((stretch) => ({
      ...stretch,
      scores: travel.scores,
      cells,
      counts: countsOf(range, cells, shared),
    })),
  );
  const { bucketOf, sizes } = bucketsOf(counts, rows, shared);
  const buckets = startsOf(sizes.map((perStretch) => perStretch.reduce((sum, size) => sum + size, 0)));
  const tagging = travel.tagging;
  await crew.run(
    "scatter",
    stretches.map((stretch, index) => {
      const places = Uint32Array.from(sizes, (perStretch, bucket) =>
        perStretch.slice(0, index).reduce((sum, size) => sum + size, buckets[bucket] ?? 0),
      );
      return { ...stretch, travel, cells, bucketOf, places, to };
    }),
  );
  return { rows: to, buckets, parts: partsOf(buckets), tagging, isSigned };
}

function refuseInfinite({ scores, rows }: Travel, { lowest, highest }: CellRange): void {
  const finite = finiteCells(scores);
  if (lowest >= finite.lowest && highest <= finite.highest) return;
  const place = scores.findIndex((score) => !Number.isFinite(score));
  throw new RangeError(`row ${rows === undefined ? place : rows[place]} has the score ${scores[place]}`);
}

/** One range of several. */
export function joinedRange(ranges: readonly CellRange[]): CellRange {
  return {
    lowest: Math.min(...ranges.map((range) => range.lowest)),
    highest: Math.max(...ranges.map((range) => range.highest)),
  };
}

/** -0 becomes 0, with which it is tied. */
function unsignedZeros({ scores }: Travel, { isShared }: Crew): Travel["scores"] {
  const plain = scores.map((score) => score + 0);
  return isShared ? inSharedMemory(plain) : plain;
}

/** Cells so narrow that buckets of about equal size can be made of them. */
export function cellsOf({ lowest, highest }: CellRange, rows: number): Cells {
  const bits = rows <= leastBucketRows ? 0 : Math.min(mostCellBits, 32 - Math.clz32(rows));
  const rangeBits = 32 - Math.clz32(Math.max(0, highest - lowest));
  return { lowest, shift: Math.min(31, Math.max(0, rangeBits - bits)) };
}

/** Zeros, one a cell. */
export function countsOf({ lowest, highest }: CellRange, { shift }: Cells, isShared: boolean): Uint32Array {
  const length = highest < lowest ? 1 : ((highest - lowest) >>> shift) + 1;
  return new Uint32Array(isShared ? new SharedArrayBuffer(4 * length) : new ArrayBuffer(4 * length));
}

/** Neighbouring cells make a bucket. `sizes`: rows of each bucket by stretch. */
export function bucketsOf(
  counts: readonly Uint32Array[],
  rows: number,
  isShared: boolean,
): { readonly bucketOf: Uint16Array; readonly sizes: readonly number[][] } {
  const cells = counts[0]?.length ?? 0;
  const bucketOf = new Uint16Array(isShared ? new SharedArrayBuffer(2 * cells) : new ArrayBuffer(2 * cells));
  const wanted = Math.max(leastBucketRows, Math.ceil(rows / mostBuckets));
  let own = counts.map(() => 0);
  const sizes = [own];
  let size = 0;
  for (let cell = 0; cell < cells; cell += 1) {
    let more = 0;
    for (let index = 0; index < counts.length; index += 1) more += counts[index]?.[cell] ?? 0;
    if (more === 0) continue;
    if (size > 0 && size + more > wanted) {
      own = counts.map(() => 0);
      sizes.push(own);
      size = 0;
    }
    bucketOf[cell] = sizes.length - 1;
    for (let index = 0; index < counts.length; index += 1) {
      own[index] = (own[index] ?? 0) + (counts[index]?.[cell] ?? 0);
    }
    size += more;
  }
  return { bucketOf, sizes };
}

/** Where each begins that has so many rows, and where the last one ends. */
export function startsOf(sizes: readonly number[]): Uint32Array {
  const starts = new Uint32Array(sizes.length + 1);
  for (const [index, size] of sizes.entries()) starts[index + 1] = (starts[index] ?? 0) + size;
  return starts;
}

/** The first bucket of each part, and the end. */
export function partsOf(buckets: Uint32Array): Uint32Array {
  const last = buckets.length - 1;
  const wanted = (buckets[last] ?? 0) / mostParts;
  const parts = [0];
  let start = 0;
  for (let bucket = 1; bucket < last; bucket += 1) {
    const at = buckets[bucket] ?? 0;
    if (at - start < wanted) continue;
    parts.push(bucket);
    start = at;
  }
  return Uint32Array.of(...parts, last);
}

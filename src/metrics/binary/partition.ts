import { type Columns, emptyScores, inSharedMemory, partOf } from "../score-columns.ts";
import type { Crew } from "./crew.ts";
import { cutRows } from "./cut-buckets.ts";
import { bucketsOf } from "./join-cells.ts";
import { emptyTravel, type Partition, type Travel } from "./rows-by-score.ts";
import { type CellRange, type Cells, cellRange, finiteCells, firstSigned } from "./score-cells.ts";

/** The figures of parts are sent between threads. */
const mostParts = 32;
const mostBuckets = 1024;
const leastBucketRows = 8192;
const mostCellBits = 18;

/** Throws a RangeError for scores that are not finite. */
export async function partitionRows(given: Travel, crew: Crew): Promise<Partition> {
  const rows = given.scores.length;
  const stretches = crew.stretches(rows);
  const found = knownRange(given) ?? (await foundRange(given, crew));
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
  const mostRows = mostInBucket(rows);
  const { bucketOf, sizes } = bucketsOf(counts, mostRows, shared);
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
  const cut = cutBuckets(to, buckets, mostRows);
  return { rows: to, buckets: cut, parts: partsOf(cut), tagging, mostRows };
}

/** Where it is known, and says that no score is 0: that may be -0, which is told by looking only. */
function knownRange({ scores, range }: Travel): CellRange | undefined {
  if (range === undefined || !(range.smallest > 0)) return undefined;
  const ends = emptyScores(scores, 2, false);
  ends.set([range.smallest, range.largest]);
  return cellRange({ scores: ends, start: 0, end: 2 });
}

async function foundRange({ scores }: Travel, crew: Crew): Promise<CellRange> {
  const stretches = crew.stretches(scores.length);
  return joinedRange(
    await crew.run(
      "range",
      stretches.map((stretch) => ({ ...stretch, scores })),
    ),
  );
}

/** A bucket of more rows has one score only. */
export function mostInBucket(rows: number): number {
  return Math.max(leastBucketRows, Math.ceil(rows / mostBuckets));
}

/** Cells of too many rows are cut further. */
function cutBuckets(rows: Columns, buckets: Uint32Array, mostRows: number): Uint32Array {
  const cut: number[] = [];
  for (let bucket = 0; bucket + 1 < buckets.length; bucket += 1) {
    cut.push(...cutRows(partOf(rows, buckets[bucket] ?? 0, buckets[bucket + 1] ?? 0), mostRows));
  }
  return startsOf(cut);
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

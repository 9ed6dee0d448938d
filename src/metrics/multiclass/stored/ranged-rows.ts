import { startsOf } from "../../binary/partition.ts";
import { type Cells, firstSigned, placeInCells } from "../../binary/score-cells.ts";
import { blocksOf, countedBlocks, type RowForm, type StoredBlock } from "../../binary/stored/stored-rows.ts";
import { partOf } from "../../score-columns.ts";
import { type Batch, BatchRoom, batchOf, type RangedMemory } from "./batch-memory.ts";
import { distribute, type RangedRows } from "./distribute-ranges.ts";
import { type PieceRule, rangesOf, type ScoreRange, widthRule } from "./score-ranges.ts";

export interface RangedWays {
  /** So many rows are given at once at most. */
  readonly mostRows: number;
  readonly memory: RangedMemory;
  readonly signal: AbortSignal | undefined;
}

/** Neighbouring rows by score, in buckets: every score of one is above every score of the next, or equal to it; in no order within one. */
interface Buckets extends Batch {
  /** Where each bucket starts, and where the last one ends. */
  readonly buckets: Uint32Array;
}

const cellBits = 18;
/** Buckets that are sorted in the caches of a processor. */
const leastBucketRows = 8192;
const mostBuckets = 1024;

/**
 * All rows of a weight above 0, highest scores first, some buckets at a time in memory that the next ones use again. They are written once, in the order of
 * the buckets. A bucket that does not fit into memory is cut into narrower ones, or has rows of one score only and comes in stretches.
 */
export async function* rangedRows(rows: RangedRows, ways: RangedWays): AsyncIterable<Buckets> {
  const { stored, form } = rows;
  const wanted = Math.max(leastBucketRows, Math.ceil(form.rows / mostBuckets));
  const { rule, cells } = cellRule(form);
  const counted = countedBlocks(stored, form, { signal: ways.signal });
  const ranges = await rangesOf(counted, rule, Math.min(wanted, ways.mostRows));
  await distribute(rows, { ranges, cells, cellBits, ...ways, memory: ways.memory.block });
  const isWeighted = rows.room.weights !== undefined;
  const room = new BatchRoom(form, { ...ways, isWeighted, memory: ways.memory.batch });
  let start = 0;
  for (const batch of batchesOf(ranges, ways.mostRows)) {
    const end = batch.reduce((sum, range) => sum + range.rows, start);
    const [first] = batch;
    if (first !== undefined && first.rows > ways.mostRows)
      yield* narrower(rows, { ...rangeOf(first), start, end }, { ways, room });
    else {
      const blocks = blocksOf(rows.room, form, { start, end, signal: ways.signal });
      yield { ...(await room.read(blocks)), buckets: startsOf(batch.map((range) => range.rows)) };
    }
    start = end;
  }
}

/** Neighbours that are in memory at once; one that does not fit is by itself. */
function batchesOf<Range extends ScoreRange>(ranges: readonly Range[], mostRows: number): Range[][] {
  const batches: Range[][] = [];
  let rows = Number.POSITIVE_INFINITY;
  for (const range of ranges) {
    rows += range.rows;
    if (rows > mostRows) {
      batches.push([]);
      rows = range.rows;
    }
    batches.at(-1)?.push(range);
  }
  return batches;
}

function rangeOf({ lowest, highest, rows }: ScoreRange): ScoreRange {
  return { lowest, highest, rows };
}

/** Some rows of the room, of which those of a range are meant. */
interface RoomRange extends ScoreRange {
  readonly start: number;
  readonly end: number;
}

/** Of more rows than fit into memory. */
async function* narrower(
  rows: RangedRows,
  range: RoomRange,
  how: { readonly ways: RangedWays; readonly room: BatchRoom },
): AsyncIterable<Buckets> {
  const { mostRows, signal } = how.ways;
  const between = (own: RoomRange) => blocksBetween(rows, own, signal);
  if (range.lowest === range.highest) {
    for await (const block of between(range))
      yield { ...batchOf(block), buckets: startsOf([block.scores.length]) };
    return;
  }
  for (const found of await rangesOf(between(range), widthRule(range), mostRows)) {
    const own = { ...range, ...rangeOf(found) };
    if (own.rows > mostRows) yield* narrower(rows, own, how);
    else yield { ...(await how.room.read(between(own))), buckets: startsOf([own.rows]) };
  }
}

async function* blocksBetween(
  { room, form }: RangedRows,
  { start, end, lowest, highest }: RoomRange,
  signal: AbortSignal | undefined,
): AsyncIterable<StoredBlock> {
  for await (const block of blocksOf(room, form, { start, end, signal })) {
    const { scores, payloads, weights } = block;
    let kept = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      scores[kept] = score;
      payloads[kept] = payloads[row] ?? 0;
      if (weights !== undefined) weights[kept] = weights[row] ?? 0;
      if (score >= lowest && score <= highest) kept += 1;
    }
    if (kept > 0) yield { ...partOf(block, 0, kept), weights: weights?.subarray(0, kept) };
  }
}

/** By the upper bits of the scores, so that those near to 0 are told apart too. */
function cellRule({ range }: RowForm): { readonly rule: PieceRule; readonly cells: Cells } {
  // The number of 0 is the one before that of -0.
  const lowest = range.highest >= firstSigned ? Math.min(range.lowest, firstSigned - 1) : range.lowest;
  const bits = 32 - Math.clz32(range.highest - lowest);
  const cells = { lowest, shift: Math.max(0, bits - cellBits) };
  const pieces = ((range.highest - lowest) >>> cells.shift) + 1;
  return { cells, rule: { pieces, place: (scores, into) => placeInCells(scores, cells, into) } };
}

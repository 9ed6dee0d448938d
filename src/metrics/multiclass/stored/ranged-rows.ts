import { startsOf } from "../../binary/partition.ts";
import { type Cells, firstSigned, placeInCells } from "../../binary/score-cells.ts";
import {
  blocksOf,
  type RowForm,
  type StoredRows,
  type WritableColumn,
} from "../../binary/stored/stored-rows.ts";
import { type Columns, emptyPayloads, emptyScores, partOf } from "../../score-columns.ts";
import { type PieceRule, rangesOf, type ScoreRange, widthRule } from "./score-ranges.ts";

/** Rows of one column of scores. */
export interface RangedRows {
  /** In the order of the table. */
  readonly stored: StoredRows;
  /** Room for as many rows of the same form. */
  readonly room: StoredRows<WritableColumn>;
  readonly form: RowForm;
}

export interface RangedWays {
  /** So many rows are given at once at most. */
  readonly mostRows: number;
  /** Whether they are to lie in memory that threads share. */
  readonly isShared: boolean;
  readonly signal: AbortSignal | undefined;
}

/** Neighbouring rows by score, in buckets: every score of one is above every score of the next, or equal to it. */
export interface Buckets {
  /** In no order within a bucket. */
  readonly rows: Columns;
  /** Where each bucket starts, and where the last one ends. */
  readonly buckets: Uint32Array;
}

const cellBits = 18;
/** Buckets that are sorted in the caches of a processor. */
const leastBucketRows = 8192;
const mostBuckets = 1024;

/**
 * All rows, highest scores first, some buckets at a time in memory that the next ones use again. They are written once, in the order of
 * the buckets. A bucket that does not fit into memory is cut into narrower ones, or has rows of one score only and comes in stretches.
 */
export async function* rangedRows(rows: RangedRows, ways: RangedWays): AsyncIterable<Buckets> {
  const { stored, form } = rows;
  const all = { start: 0, end: form.rows, signal: ways.signal };
  const wanted = Math.max(leastBucketRows, Math.ceil(form.rows / mostBuckets));
  const { rule, cells } = cellRule(form);
  const ranges = await rangesOf(blocksOf(stored, form, all), rule, Math.min(wanted, ways.mostRows));
  await distribute(rows, { ranges, cells, ...ways });
  const memory = new BatchMemory(form, ways);
  let start = 0;
  for (const batch of batchesOf(ranges, ways.mostRows)) {
    const end = batch.reduce((sum, range) => sum + range.rows, start);
    const [first] = batch;
    if (first !== undefined && first.rows > ways.mostRows)
      yield* narrower(rows, { ...rangeOf(first), start, end }, { ways, memory });
    else {
      const blocks = blocksOf(rows.room, form, { start, end, signal: ways.signal });
      yield { rows: await memory.read(blocks), buckets: startsOf(batch.map((range) => range.rows)) };
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
  how: { readonly ways: RangedWays; readonly memory: BatchMemory },
): AsyncIterable<Buckets> {
  const { mostRows, signal } = how.ways;
  const between = (own: RoomRange) => blocksBetween(rows, own, signal);
  if (range.lowest === range.highest) {
    for await (const block of between(range)) yield { rows: block, buckets: startsOf([block.scores.length]) };
    return;
  }
  for (const found of await rangesOf(between(range), widthRule(range), mostRows)) {
    const own = { ...range, ...rangeOf(found) };
    if (own.rows > mostRows) yield* narrower(rows, own, how);
    else yield { rows: await how.memory.read(between(own)), buckets: startsOf([own.rows]) };
  }
}

/** Room for some rows, which is used again and again. */
class BatchMemory {
  readonly #all: Columns;

  constructor({ like, payloadBytes, rows }: RowForm, { mostRows, isShared }: RangedWays) {
    const most = Math.min(rows, mostRows);
    this.#all = {
      scores: emptyScores(like, most, isShared),
      payloads: emptyPayloads(payloadBytes, most, isShared),
    };
  }

  async read(blocks: AsyncIterable<Columns>): Promise<Columns> {
    let rows = 0;
    for await (const { scores, payloads } of blocks) {
      this.#all.scores.set(scores, rows);
      this.#all.payloads.set(payloads, rows);
      rows += scores.length;
    }
    return partOf(this.#all, 0, rows);
  }
}

async function* blocksBetween(
  { room, form }: RangedRows,
  { start, end, lowest, highest }: RoomRange,
  signal: AbortSignal | undefined,
): AsyncIterable<Columns> {
  for await (const block of blocksOf(room, form, { start, end, signal })) {
    const { scores, payloads } = block;
    let kept = 0;
    for (let row = 0; row < scores.length; row += 1) {
      const score = scores[row] ?? 0;
      scores[kept] = score;
      payloads[kept] = payloads[row] ?? 0;
      if (score >= lowest && score <= highest) kept += 1;
    }
    if (kept > 0) yield partOf(block, 0, kept);
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

/** Rows of a block that is put in order before it is written. */
const mostBlockRows = 2 ** 20;
const leastBlockRows = 2 ** 19;

/** Writes the rows range by range. */
async function distribute(
  { stored, room, form }: RangedRows,
  by: {
    readonly ranges: readonly (ScoreRange & { readonly first: number; readonly end: number })[];
    readonly cells: Cells;
    readonly mostRows: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { ranges, cells, mostRows, signal } = by;
  const placeOf = new Uint16Array(2 ** cellBits);
  for (const [place, { first, end }] of ranges.entries()) placeOf.fill(place, first, end);
  let begin = 0;
  const written = ranges.map(({ rows }) => {
    begin += rows;
    return begin - rows;
  });
  const most = Math.min(form.rows, mostBlockRows, Math.max(leastBlockRows, Math.ceil(mostRows / 2)));
  const ordered = {
    scores: emptyScores(form.like, most, false),
    payloads: emptyPayloads(form.payloadBytes, most, false),
  };
  const places = new Uint32Array(most);
  for await (const block of blocksOf(stored, form, { start: 0, end: form.rows, signal, size: most })) {
    placeInCells(block.scores, cells, places);
    for (let row = 0; row < block.scores.length; row += 1) places[row] = placeOf[places[row] ?? 0] ?? 0;
    const starts = putInOrder(block, places, { ranges: ranges.length, to: ordered });
    for (let range = 0; range < ranges.length; range += 1) {
      const own = partOf(ordered, starts[range] ?? 0, starts[range + 1] ?? 0);
      if (own.scores.length === 0) continue;
      await room.scores.write(written[range] ?? 0, own.scores);
      await room.payloads.write(written[range] ?? 0, own.payloads);
      written[range] = (written[range] ?? 0) + own.scores.length;
    }
  }
}

/** Writes rows range by range; where those of each range start, and where the last ones end. */
function putInOrder(
  { scores, payloads }: Columns,
  rangeOf: Uint32Array,
  { ranges, to }: { readonly ranges: number; readonly to: Columns },
): Uint32Array {
  const sizes = Array.from({ length: ranges }, () => 0);
  for (let row = 0; row < scores.length; row += 1) {
    const range = rangeOf[row] ?? 0;
    sizes[range] = (sizes[range] ?? 0) + 1;
  }
  const starts = startsOf(sizes);
  const next = starts.slice();
  for (let row = 0; row < scores.length; row += 1) {
    const range = rangeOf[row] ?? 0;
    const place = next[range] ?? 0;
    next[range] = place + 1;
    to.scores[place] = scores[row] ?? 0;
    to.payloads[place] = payloads[row] ?? 0;
  }
  return starts;
}

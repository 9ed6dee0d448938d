import { type Columns, emptyPayloads, emptyScores, partOf } from "../../binary/columns.ts";
import { type Cells, firstSigned, placeInCells, scatterBlock } from "../../binary/score-cells.ts";
import {
  blocksOf,
  type RowForm,
  type StoredRows,
  type WritableColumn,
} from "../../binary/stored/stored-rows.ts";
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
  /** So many rows are given at once. */
  readonly mostRows: number;
  /** Whether they are to lie in memory that threads share. */
  readonly isShared: boolean;
  readonly signal: AbortSignal | undefined;
}

const cellBits = 16;

/**
 * The rows range by range, highest scores first, in no order within one: each fits into memory, or has rows of one score only, which
 * come in several stretches. What is given is good until the next range is asked for. Rows are written once in the order of the ranges.
 */
export async function* rangedRows(rows: RangedRows, ways: RangedWays): AsyncIterable<Columns> {
  const { stored, form } = rows;
  const all = { start: 0, end: form.rows };
  if (form.rows <= ways.mostRows) {
    yield await readAll(stored, { ...all, form, ways });
    return;
  }
  const { rule, cells } = cellRule(form);
  const ranges = await rangesOf(blocksOf(stored, form, { ...all, signal: ways.signal }), rule, ways.mostRows);
  await distribute(rows, { ranges, cells, signal: ways.signal });
  let start = 0;
  for (const range of ranges) {
    const end = start + range.rows;
    yield* inMemory(rows, { ...range, start, end }, ways);
    start = end;
  }
}

/** Some rows of the room, of which those of a range are meant. */
interface RoomRange extends ScoreRange {
  readonly start: number;
  readonly end: number;
}

async function* inMemory(rows: RangedRows, range: RoomRange, ways: RangedWays): AsyncIterable<Columns> {
  const { room, form } = rows;
  const between = () => blocksBetween(rows, range, ways.signal);
  if (range.rows <= ways.mostRows) {
    const { start, end } = range;
    if (end - start === range.rows) yield await readAll(room, { start, end, form, ways });
    else yield await readBlocks(between(), { rows: range.rows, form, ways });
    return;
  }
  if (range.lowest === range.highest) {
    yield* between();
    return;
  }
  const narrower = await rangesOf(between(), widthRule(range), ways.mostRows);
  for (const { lowest, highest, rows: count } of narrower)
    yield* inMemory(rows, { ...range, lowest, highest, rows: count }, ways);
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

async function readAll(
  stored: StoredRows,
  from: { readonly start: number; readonly end: number; readonly form: RowForm; readonly ways: RangedWays },
): Promise<Columns> {
  const { start, end, form, ways } = from;
  const blocks = blocksOf(stored, form, { start, end, signal: ways.signal });
  return await readBlocks(blocks, { rows: end - start, form, ways });
}

async function readBlocks(
  blocks: AsyncIterable<Columns>,
  { rows, form, ways }: { readonly rows: number; readonly form: RowForm; readonly ways: RangedWays },
): Promise<Columns> {
  const scores = emptyScores(form.like, rows, ways.isShared);
  const payloads = emptyPayloads(form.payloadBytes, rows, ways.isShared);
  let done = 0;
  for await (const block of blocks) {
    scores.set(block.scores, done);
    payloads.set(block.payloads, done);
    done += block.scores.length;
  }
  return { scores, payloads };
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

/** Rows of a block that are written at once to each range. */
const blockRows = 2 ** 20;

/** Writes the rows range by range. */
async function distribute(
  { stored, room, form }: RangedRows,
  by: {
    readonly ranges: readonly (ScoreRange & { readonly first: number; readonly end: number })[];
    readonly cells: Cells;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { ranges, cells, signal } = by;
  const rangeOf = new Uint16Array(2 ** cellBits);
  for (const [place, { first, end }] of ranges.entries()) rangeOf.fill(place, first, end);
  let begin = 0;
  const written = ranges.map(({ rows }) => {
    begin += rows;
    return begin - rows;
  });
  const most = Math.min(blockRows, form.rows);
  const ordered = {
    scores: emptyScores(form.like, most, false),
    payloads: emptyPayloads(form.payloadBytes, most, false),
  };
  const places = new Uint32Array(most);
  for await (const block of blocksOf(stored, form, { start: 0, end: form.rows, signal, size: most })) {
    placeInCells(block.scores, cells, places);
    const starts = new Uint32Array(ranges.length + 1);
    for (let row = 0; row < block.scores.length; row += 1) {
      const next = (rangeOf[places[row] ?? 0] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
    for (let range = 1; range < starts.length; range += 1)
      starts[range] = (starts[range] ?? 0) + (starts[range - 1] ?? 0);
    scatterBlock({ cells, bucketOf: rangeOf, places: starts.slice() }, block, ordered);
    for (let range = 0; range < ranges.length; range += 1) {
      const own = partOf(ordered, starts[range] ?? 0, starts[range + 1] ?? 0);
      if (own.scores.length === 0) continue;
      await room.scores.write(written[range] ?? 0, own.scores);
      await room.payloads.write(written[range] ?? 0, own.payloads);
      written[range] = (written[range] ?? 0) + own.scores.length;
    }
  }
}

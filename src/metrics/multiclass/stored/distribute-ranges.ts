import { startsOf } from "../../binary/partition.ts";
import { type Cells, placeInCells } from "../../binary/score-cells.ts";
import type { BucketMemory } from "../../binary/stored/read-buckets.ts";
import {
  countedBlocks,
  type RowForm,
  type StoredBlock,
  type StoredRows,
  type WritableColumn,
} from "../../binary/stored/stored-rows.ts";
import { partOf } from "../../score-columns.ts";
import type { ScoreRange } from "./score-ranges.ts";

/** Rows of one column of scores. */
export interface RangedRows {
  /** In the order of the table. */
  readonly stored: StoredRows;
  /** Room for as many rows of the same form. */
  readonly room: StoredRows<WritableColumn>;
  readonly form: RowForm;
}

/** Rows of a block that is put in order before it is written. */
const mostBlockRows = 2 ** 20;
const leastBlockRows = 2 ** 19;

/** Writes the rows range by range. Each range is of some cells; `cellBits` number them all. */
export async function distribute(
  { stored, room, form }: RangedRows,
  by: {
    readonly ranges: readonly (ScoreRange & { readonly first: number; readonly end: number })[];
    readonly cells: Cells;
    readonly cellBits: number;
    readonly mostRows: number;
    readonly memory: BucketMemory;
    readonly signal: AbortSignal | undefined;
  },
): Promise<void> {
  const { ranges, cells, cellBits, mostRows, memory, signal } = by;
  const placeOf = new Uint16Array(2 ** cellBits);
  for (const [place, { first, end }] of ranges.entries()) placeOf.fill(place, first, end);
  let begin = 0;
  const written = ranges.map(({ rows }) => {
    begin += rows;
    return begin - rows;
  });
  const most = Math.min(form.rows, mostBlockRows, Math.max(leastBlockRows, Math.ceil(mostRows / 2)));
  const ordered = {
    scores: memory.scores(form.like, most),
    payloads: memory.payloads("payloads", form.payloadBytes, most),
    weights: stored.weights && memory.weights(most),
  };
  const places = memory.tallies(0, most);
  for await (const block of countedBlocks(stored, form, { signal, size: most })) {
    placeInCells(block.scores, cells, places);
    for (let row = 0; row < block.scores.length; row += 1) places[row] = placeOf[places[row] ?? 0] ?? 0;
    const starts = putInOrder(block, places, { ranges: ranges.length, to: ordered });
    for (let range = 0; range < ranges.length; range += 1) {
      const [start, end] = [starts[range] ?? 0, starts[range + 1] ?? 0];
      if (start === end) continue;
      const own = partOf(ordered, start, end);
      const at = written[range] ?? 0;
      await room.scores.write(at, own.scores);
      await room.payloads.write(at, own.payloads);
      if (ordered.weights !== undefined) await room.weights?.write(at, ordered.weights.subarray(start, end));
      written[range] = at + end - start;
    }
  }
}

/** Writes rows range by range; where those of each range start, and where the last ones end. */
function putInOrder(
  { scores, payloads, weights }: StoredBlock,
  rangeOf: Uint32Array,
  { ranges, to }: { readonly ranges: number; readonly to: StoredBlock },
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
    if (to.weights !== undefined) to.weights[place] = weights?.[row] ?? 0;
  }
  return starts;
}

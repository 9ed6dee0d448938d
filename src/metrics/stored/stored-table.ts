import { mostSortedAtOnce } from "../kernel/sort-room.ts";
import { ColumnSorter } from "../sort-columns.ts";
import { type Buckets, BucketWriter, type ScratchRoom } from "./bucket-file.ts";
import type { SortWays } from "./sorted-stream.ts";

/** A table of doubles that lies elsewhere than in memory. */
export interface StoredTable {
  readonly rows: number;
  /** Weights are the last one. */
  readonly columns: number;
  readonly isWeighted: boolean;
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  /** In the order of the table, in arrays that the next block may use again; `codes` by grouping. */
  blocks(): AsyncIterable<{
    readonly columns: readonly Float64Array[];
    readonly codes: readonly Uint32Array[];
  }>;
}

/** All rows that count, or those of a group. They can be read again and again. */
export interface StoredSample {
  /** So many at most. */
  readonly rows: number;
  readonly columns: number;
  readonly isWeighted: boolean;
  /** Those of a weight above 0, in arrays that the next block may use again. */
  blocks(): AsyncIterable<readonly Float64Array[]>;
}

/** How the work is done. */
export interface StoredWays {
  readonly room: ScratchRoom;
  /** About so many bytes of rows are in memory at once. */
  readonly memoryBytes: number;
  readonly signal?: AbortSignal | undefined;
  /** Told how far it is, 0 to 1. */
  readonly onShare?: (share: number) => void;
}

/** What a row takes where three columns are sorted and measured, and what is written of them beside it. */
const bytesOfSorted = 150;
const bytesOfWritten = 250;
const bytesOfColumn = 24;
const fewestRows = 1024;

type Measure<Metrics> = (
  sample: StoredSample,
  /** `rows`: those of weight 0 included. */
  of: { readonly rows: number; readonly isWhole: boolean; readonly ways: SortWays },
) => Promise<Metrics>;

/**
 * Measures all rows, then each group. `rounds`: how often each row is read for that, about, of all and of a group. Throws the reason of the
 * signal soon after it is aborted.
 */
export async function measureTable<Metrics>(
  table: StoredTable,
  given: StoredWays & { readonly rounds: { readonly all: number; readonly group: number } },
  measure: Measure<Metrics>,
): Promise<{ readonly overall: Metrics; readonly groups: readonly (readonly Metrics[])[] }> {
  const { rows, columns, isWeighted, groups } = table;
  const ways = sortWays(table, given);
  const whole = { rows, columns, isWeighted, blocks: () => counting(table) };
  const overall = await measure(whole, { rows, isWhole: true, ways });
  const found: Metrics[][] = [];
  for (const [grouping, count] of groups.entries()) {
    const file = await ways.room.file();
    try {
      const writer = new BucketWriter(file, { columns, buckets: count, blockRows: ways.blockRows });
      const { buckets, sizes } = await divide(table, { writer, grouping, count, ways });
      const own: Metrics[] = [];
      for (const [group, size] of sizes.entries()) {
        const sample = {
          ...{ rows: buckets.rows[group] ?? 0, columns, isWeighted },
          blocks: () => buckets.blocks(group),
        };
        own.push(await measure(sample, { rows: size, isWhole: false, ways }));
      }
      found.push(own);
    } finally {
      await file.remove();
    }
  }
  return { overall, groups: found };
}

function sortWays(
  { rows, columns, groups }: StoredTable,
  {
    room,
    memoryBytes,
    signal,
    onShare,
    rounds,
  }: StoredWays & { readonly rounds: { readonly all: number; readonly group: number } },
): SortWays {
  const more = bytesOfColumn * Math.max(0, columns - 3);
  const rowsIn = (bytes: number) => Math.max(fewestRows, Math.floor(memoryBytes / (bytes + more)));
  const sortRows = Math.min(rowsIn(bytesOfSorted), mostSortedAtOnce);
  const all = rows * (rounds.all + groups.length * (1 + rounds.group));
  let done = 0;
  return {
    room,
    sorter: new ColumnSorter(Math.min(sortRows, rows)),
    sortRows,
    blockRows: Math.min(rows, rowsIn(bytesOfWritten)),
    signal,
    onRows(read) {
      done += read;
      onShare?.(Math.min(1, done / all));
    },
  };
}

async function* counting(table: StoredTable): AsyncIterable<readonly Float64Array[]> {
  for await (const { columns } of table.blocks()) {
    const keeps = countingRows(table, columns);
    yield keeps === undefined ? columns : columns.map((column) => column.filter(keeps));
  }
}

/** Whether a row has a weight above 0; undefined where all have. */
function countingRows(
  { isWeighted }: StoredTable,
  columns: readonly Float64Array[],
): ((value: number, row: number) => boolean) | undefined {
  const weights = isWeighted ? columns.at(-1) : undefined;
  if (weights === undefined || !weights.includes(0)) return undefined;
  return (_, row) => weights[row] !== 0;
}

/** Writes the rows group by group, without those of weight 0, and counts all. */
async function divide(
  table: StoredTable,
  to: {
    readonly writer: BucketWriter;
    readonly grouping: number;
    readonly count: number;
    readonly ways: SortWays;
  },
): Promise<{ readonly buckets: Buckets; readonly sizes: Float64Array }> {
  const { writer, grouping, count, ways } = to;
  const sizes = new Float64Array(count);
  for await (const { columns, codes } of table.blocks()) {
    ways.signal?.throwIfAborted();
    const own = codes[grouping] ?? new Uint32Array();
    for (const code of own) sizes[code] = (sizes[code] ?? 0) + 1;
    const keeps = countingRows(table, columns);
    if (keeps === undefined) await writer.add(columns, own);
    else
      await writer.add(
        columns.map((column) => column.filter(keeps)),
        own.filter(keeps),
      );
    ways.onRows(own.length);
  }
  return { buckets: await writer.finish(), sizes };
}

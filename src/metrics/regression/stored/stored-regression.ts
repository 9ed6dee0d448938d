import { ColumnSorter } from "../../sort-columns.ts";
import { measuredPowers } from "../deviances.ts";
import { groupMetrics, type RegressionMetrics, usualPowers } from "../regression.ts";
import { countingRows, type RegressionRows } from "../regression-sample.ts";
import { type Buckets, BucketWriter, type ScratchRoom } from "./bucket-file.ts";
import type { SortWays } from "./sorted-stream.ts";
import { measureStoredSample, roundsOf, type StoredSample } from "./stored-sample.ts";

/** A table that lies elsewhere than in memory. */
export interface StoredTable {
  readonly rows: number;
  readonly isWeighted: boolean;
  /** Groups of each grouping. */
  readonly groups: readonly number[];
  /** In the order of the table, in arrays that the next block may use again; `codes` by grouping. */
  blocks(): AsyncIterable<RegressionRows & { readonly codes: readonly Uint32Array[] }>;
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

/** What a row takes where it is sorted and measured, and what is written beside it. */
const bytesOfSorted = 150;
const bytesOfWritten = 250;

/**
 * `regressionMetrics` of rows that do not fit into memory: they are sorted in files, group after group, and looked at some at a time. The
 * figures are those of rows in memory to the last bit. Throws the reason of `signal` soon after it is aborted.
 */
export async function storedRegression(table: StoredTable, ways: StoredWays): Promise<RegressionMetrics> {
  const { rows, groups } = table;
  const sortRows = Math.max(1024, Math.floor(ways.memoryBytes / bytesOfSorted));
  const powers = measuredPowers(usualPowers);
  const all = rows * (roundsOf({ powers, wantsDetails: true }) + groups.length * (1 + 8));
  let done = 0;
  const sorting: SortWays = {
    room: ways.room,
    sorter: new ColumnSorter(Math.min(sortRows, rows)),
    sortRows,
    blockRows: Math.max(1024, Math.min(rows, Math.floor(ways.memoryBytes / bytesOfWritten))),
    signal: ways.signal,
    onRows(more) {
      done += more;
      ways.onShare?.(Math.min(1, done / all));
    },
  };
  const measure = async (sample: StoredSample, of: { readonly rows: number; readonly isWhole: boolean }) => {
    const figures = await measureStoredSample(sample, { ...sorting, powers, wantsDetails: of.isWhole });
    const metrics = groupMetrics(figures, { rows: of.rows, tweediePowers: usualPowers });
    return of.isWhole ? { ...metrics, ...figures.details } : metrics;
  };
  const overall = await measure({ ...table, blocks: () => counting(table) }, { rows, isWhole: true });
  const found: RegressionMetrics["groups"][number][] = [];
  for (const [grouping, count] of groups.entries()) {
    const file = await ways.room.file();
    try {
      const writer = new BucketWriter(file, {
        ...{ columns: table.isWeighted ? 3 : 2, buckets: count, blockRows: sorting.blockRows },
      });
      const { buckets, sizes } = await divide(table, { writer, grouping, count, ways: sorting });
      const own: Awaited<ReturnType<typeof measure>>[] = [];
      for (const [group, size] of sizes.entries()) {
        const sample = groupSample(buckets, group, table.isWeighted);
        own.push(await measure(sample, { rows: size, isWhole: false }));
      }
      found.push(own);
    } finally {
      await file.remove();
    }
  }
  return { overall, groups: found };
}

async function* counting(table: StoredTable): AsyncIterable<RegressionRows> {
  for await (const block of table.blocks()) yield countingRows(block);
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
  for await (const { truths, predictions, weights, codes } of table.blocks()) {
    ways.signal?.throwIfAborted();
    const own = codes[grouping] ?? new Uint32Array();
    for (const code of own) sizes[code] = (sizes[code] ?? 0) + 1;
    if (weights === undefined) await writer.add([truths, predictions], own);
    else {
      const isCounting = (_: number, row: number) => (weights[row] ?? 0) !== 0;
      const columns = [truths, predictions, weights].map((column) => column.filter(isCounting));
      await writer.add(columns, own.filter(isCounting));
    }
    ways.onRows(truths.length);
  }
  return { buckets: await writer.finish(), sizes };
}

function groupSample(buckets: Buckets, group: number, isWeighted: boolean): StoredSample {
  return {
    rows: buckets.rows[group] ?? 0,
    isWeighted,
    async *blocks() {
      for await (const block of buckets.blocks(group)) {
        const [truths = new Float64Array(), predictions = truths, weights] = block;
        yield { truths, predictions, weights };
      }
    },
  };
}

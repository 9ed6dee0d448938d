import type { ColumnSorter } from "../sort-columns.ts";
import { type Buckets, BucketWriter, type ScratchRoom } from "./bucket-file.ts";
import { type SortedRows, slicesOf } from "./sorted-rows.ts";
import { Splitters } from "./splitters.ts";

/** Rows that are to be sorted by their first column. */
export interface RowStream {
  /** So many at most. */
  readonly rows: number;
  readonly columns: number;
  /** Values of the first column, from all over the rows; put in order. */
  readonly sample: Float64Array;
  /** To be called once; arrays may be used again for the next block. */
  blocks(): AsyncIterable<readonly Float64Array[]>;
}

/** How rows are sorted that do not fit into memory. */
export interface SortWays {
  readonly room: ScratchRoom;
  /** For as many rows as are sorted in memory at once. */
  readonly sorter: ColumnSorter;
  readonly sortRows: number;
  /** Rows that are collected before they are written. */
  readonly blockRows: number;
  readonly signal: AbortSignal | undefined;
  /** Told how many rows more were read. */
  readonly onRows: (rows: number) => void;
}

/** Some of the rows in order; `start`: how many are before them. */
export interface SortedSlice extends SortedRows {
  readonly start: number;
}

/** Which rows are wanted of those from `start` to before `end`. */
type Wanted = (start: number, end: number) => boolean;

/**
 * The rows by their first column, lowest first; rows of equal values in the order in which they come. They are written to a file in
 * buckets by value, which are read and sorted one by one; a bucket that is too large is divided again, and one of equal values is read as
 * it stands. Buckets without a row that is wanted are left out.
 */
export async function* sortedSlices(
  stream: RowStream,
  ways: SortWays,
  { isWanted = () => true, from = 0 }: { readonly isWanted?: Wanted; readonly from?: number } = {},
): AsyncIterable<SortedSlice> {
  if (stream.rows <= ways.sortRows) {
    yield* placed(slicesOf(ways.sorter.sort(await collect(stream.blocks(), stream))), from);
    return;
  }
  const file = await ways.room.file();
  try {
    const splitters = new Splitters(stream.sample, (2 * stream.rows) / ways.sortRows);
    const of = { columns: stream.columns, buckets: splitters.buckets, blockRows: ways.blockRows };
    const writer = new BucketWriter(file, of);
    let places = new Uint32Array();
    for await (const block of stream.blocks()) {
      ways.signal?.throwIfAborted();
      const [values = new Float64Array()] = block;
      if (places.length < values.length) places = new Uint32Array(values.length);
      splitters.place(values, places);
      await writer.add(block, places);
      ways.onRows(values.length);
    }
    const buckets = await writer.finish();
    let start = from;
    for (const [bucket, rows] of buckets.rows.entries()) {
      const end = start + rows;
      if (rows > 0 && isWanted(start, end))
        yield* bucketSlices({ buckets, bucket, start, stream, ways, isWanted });
      start = end;
      ways.onRows(rows);
    }
  } finally {
    await file.remove();
  }
}

interface OneBucket {
  readonly buckets: Buckets;
  readonly bucket: number;
  readonly start: number;
  readonly stream: RowStream;
  readonly ways: SortWays;
  readonly isWanted: Wanted;
}

async function* bucketSlices(one: OneBucket): AsyncIterable<SortedSlice> {
  const { buckets, bucket, start, stream, ways, isWanted } = one;
  ways.signal?.throwIfAborted();
  const rows = buckets.rows[bucket] ?? 0;
  if (Splitters.isOfEqual(bucket)) {
    let done = 0;
    for await (const block of buckets.blocks(bucket)) {
      ways.signal?.throwIfAborted();
      const length = block[0]?.length ?? 0;
      yield* placed(slicesOf(block, rows - done - length), start + done);
      done += length;
    }
    return;
  }
  const blocks = () => buckets.blocks(bucket);
  const sample = rows <= ways.sortRows ? new Float64Array() : await sampleOf(blocks(), rows);
  const { columns } = stream;
  // What is told of rows that are read again would be too much.
  const quiet = { ...ways, onRows: () => undefined };
  yield* sortedSlices({ rows, columns, sample, blocks }, quiet, { isWanted, from: start });
}

function* placed(slices: Iterable<SortedRows>, from: number): Generator<SortedSlice> {
  let start = from;
  for (const slice of slices) {
    yield { ...slice, start };
    start += slice.columns[0]?.length ?? 0;
  }
}

const sampleRows = 2 ** 15;

/** Values from all over the rows, by which these can be divided into parts of about equal size. */
export class RowSample {
  readonly #stride: number;
  readonly #found: number[] = [];
  /** The row of the next block that is taken. */
  #next = 0;

  /** Of so many rows. */
  constructor(rows: number) {
    this.#stride = Math.max(1, Math.ceil(rows / sampleRows));
  }

  take(values: Float64Array): void {
    for (; this.#next < values.length; this.#next += this.#stride) this.#found.push(values[this.#next] ?? 0);
    this.#next -= values.length;
  }

  get values(): Float64Array {
    return Float64Array.from(this.#found);
  }
}

async function sampleOf(blocks: AsyncIterable<readonly Float64Array[]>, rows: number): Promise<Float64Array> {
  const sample = new RowSample(rows);
  for await (const [values = new Float64Array()] of blocks) sample.take(values);
  return sample.values;
}

/** All rows, of which there are so many at most. */
export async function collect(
  blocks: AsyncIterable<readonly Float64Array[]>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): Promise<Float64Array[]> {
  const all = Array.from({ length: columns }, () => new Float64Array(rows));
  let done = 0;
  for await (const block of blocks) {
    for (const [index, column] of all.entries()) {
      const own = block[index];
      if (own !== undefined) column.set(own, done);
    }
    done += block[0]?.length ?? 0;
  }
  return all.map((column) => column.subarray(0, done));
}

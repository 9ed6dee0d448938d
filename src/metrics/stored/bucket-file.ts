/** Doubles that lie elsewhere than in memory, for a while. */
export interface ScratchFile {
  /** Fills `into` with the doubles from a place on. */
  read(start: number, into: Float64Array): Promise<void>;
  write(start: number, from: Float64Array): Promise<void>;
  remove(): Promise<void>;
}

/** Room for files. */
export interface ScratchRoom {
  file(): Promise<ScratchFile>;
}

/** Rows that were put into buckets. */
export interface Buckets {
  /** Of each bucket. */
  readonly rows: Float64Array;
  /** The rows of one, as they came, in arrays that the next call uses again. */
  blocks(bucket: number): AsyncIterable<readonly Float64Array[]>;
}

/** One block of the file: bucket by bucket, and in each column by column. */
interface Block {
  /** The first row. */
  readonly at: number;
  /** Where the rows of each bucket start among those of the block, and where the last ones end. */
  readonly starts: Uint32Array;
}

/** Writes rows, which are columns of doubles, to a file bucket by bucket: some rows at a time are put in the order of their buckets. */
export class BucketWriter {
  readonly #file: ScratchFile;
  readonly #buckets: number;
  readonly #blockRows: number;
  readonly #columns: readonly Float64Array[];
  readonly #bucketOf: Uint32Array;
  readonly #ordered: Float64Array;
  readonly #blocks: Block[] = [];
  #filled = 0;
  #written = 0;

  constructor(
    file: ScratchFile,
    of: { readonly columns: number; readonly buckets: number; readonly blockRows: number },
  ) {
    const { columns, buckets, blockRows } = of;
    this.#file = file;
    this.#buckets = buckets;
    this.#blockRows = blockRows;
    this.#columns = Array.from({ length: columns }, () => new Float64Array(blockRows));
    this.#bucketOf = new Uint32Array(blockRows);
    this.#ordered = new Float64Array(blockRows * columns);
  }

  async add(columns: readonly Float64Array[], bucketOf: Uint32Array): Promise<void> {
    const rows = columns[0]?.length ?? 0;
    for (let start = 0; start < rows; ) {
      const end = Math.min(rows, start + this.#blockRows - this.#filled);
      for (const [index, own] of this.#columns.entries()) {
        const column = columns[index];
        if (column !== undefined) own.set(column.subarray(start, end), this.#filled);
      }
      this.#bucketOf.set(bucketOf.subarray(start, end), this.#filled);
      this.#filled += end - start;
      start = end;
      if (this.#filled === this.#blockRows) await this.#flush();
    }
  }

  /** When all rows were added. */
  async finish(): Promise<Buckets> {
    await this.#flush();
    const blocks = this.#blocks;
    const rows = new Float64Array(this.#buckets);
    for (const { starts } of blocks) {
      for (let bucket = 0; bucket < rows.length; bucket += 1)
        rows[bucket] = (rows[bucket] ?? 0) + (starts[bucket + 1] ?? 0) - (starts[bucket] ?? 0);
    }
    const [file, width] = [this.#file, this.#columns.length];
    return { rows, blocks: (bucket) => readBlocks(blocks, { file, width, bucket }) };
  }

  async #flush(): Promise<void> {
    const rows = this.#filled;
    if (rows === 0) return;
    const bucketOf = this.#bucketOf.subarray(0, rows);
    const starts = new Uint32Array(this.#buckets + 1);
    for (const bucket of bucketOf) starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1;
    for (let bucket = 0; bucket < this.#buckets; bucket += 1)
      starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0);
    const width = this.#columns.length;
    const next = new Uint32Array(this.#buckets);
    const ordered = this.#ordered.subarray(0, rows * width);
    for (const [index, column] of this.#columns.entries()) {
      for (let bucket = 0; bucket < next.length; bucket += 1) {
        const start = starts[bucket] ?? 0;
        next[bucket] = start * width + index * ((starts[bucket + 1] ?? 0) - start);
      }
      for (let row = 0; row < rows; row += 1) {
        const bucket = bucketOf[row] ?? 0;
        const place = next[bucket] ?? 0;
        next[bucket] = place + 1;
        ordered[place] = column[row] ?? 0;
      }
    }
    await this.#file.write(this.#written * width, ordered);
    this.#blocks.push({ at: this.#written, starts });
    this.#written += rows;
    this.#filled = 0;
  }
}

async function* readBlocks(
  blocks: readonly Block[],
  { file, width, bucket }: { readonly file: ScratchFile; readonly width: number; readonly bucket: number },
): AsyncIterable<readonly Float64Array[]> {
  let memory = new Float64Array();
  for (const { at, starts } of blocks) {
    const start = starts[bucket] ?? 0;
    const rows = (starts[bucket + 1] ?? 0) - start;
    if (rows === 0) continue;
    if (memory.length < rows * width) memory = new Float64Array(rows * width);
    await file.read((at + start) * width, memory.subarray(0, rows * width));
    yield Array.from({ length: width }, (_, index) => memory.subarray(index * rows, (index + 1) * rows));
  }
}

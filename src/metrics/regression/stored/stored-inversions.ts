import { BucketWriter, type ScratchFile } from "../../stored/bucket-file.ts";
import { collect, type SortWays } from "../../stored/sorted-stream.ts";
import { countInversions } from "../inversions.ts";

/** Where ranks are divided, so that few enough are in each part to be looked at in memory; rows of one rank stay together. */
export class RankParts {
  readonly #mostRows: number;
  /** Rows before each part. */
  readonly starts: number[] = [0];
  #end = 0;

  constructor(mostRows: number) {
    this.#mostRows = mostRows;
  }

  /** Ranks that ascend; the mean of their places for equal ones. */
  take(ranks: Float64Array): void {
    for (let row = 0; row < ranks.length; row += 1) {
      const rank = ranks[row] ?? 0;
      if (rank <= this.#end) continue;
      // The rank is the mean of the places from the one after the last.
      const end = 2 * rank - this.#end - 1;
      const start = this.starts[this.starts.length - 1] ?? 0;
      if (end - start > this.#mostRows && this.#end > start) this.starts.push(this.#end);
      this.#end = end;
    }
  }
}

/** Counts the inversions of ranks that do not fit into memory. */
export class StoredInversions {
  readonly #starts: Float64Array;
  readonly #writer: BucketWriter;
  readonly #ways: SortWays;
  /** Ranks so far by part, summed up as a Fenwick tree (1994). */
  readonly #tree: Float64Array;
  #places = new Uint32Array();
  #done = 0;
  #between = 0;

  constructor(file: ScratchFile, starts: readonly number[], ways: SortWays) {
    const { blockRows } = ways;
    this.#starts = Float64Array.from(starts);
    this.#tree = new Float64Array(starts.length + 1);
    this.#ways = ways;
    this.#writer = new BucketWriter(file, { columns: 1, buckets: starts.length, blockRows });
  }

  async add(ranks: Float64Array): Promise<void> {
    if (this.#places.length < ranks.length) this.#places = new Uint32Array(ranks.length);
    const places = this.#places;
    for (let row = 0; row < ranks.length; row += 1) {
      const part = this.#partOf(ranks[row] ?? 0);
      places[row] = part;
      this.#between += this.#done + row - this.#countUpTo(part);
      this.#count(part);
    }
    this.#done += ranks.length;
    await this.#writer.add([ranks], places);
  }

  /** When all ranks were added. */
  async finish(): Promise<number> {
    const buckets = await this.#writer.finish();
    let found = this.#between;
    for (const [part, rows] of buckets.rows.entries()) {
      this.#ways.signal?.throwIfAborted();
      // Too many for one part are of one rank.
      if (rows < 2 || rows > this.#ways.sortRows) continue;
      const start = this.#starts[part] ?? 0;
      const [ranks = new Float64Array()] = await collect(buckets.blocks(part), { rows, columns: 1 });
      found += countInversions(Uint32Array.from(ranks, (rank) => 2 * (rank - start)));
    }
    return found;
  }

  #partOf(rank: number): number {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#starts[middle] ?? 0) < rank) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #count(part: number): void {
    const tree = this.#tree;
    for (let place = part + 1; place < tree.length; place += place & -place)
      tree[place] = (tree[place] ?? 0) + 1;
  }

  /** Ranks of this part and of those below it. */
  #countUpTo(part: number): number {
    let sum = 0;
    for (let place = part + 1; place > 0; place -= place & -place) sum += this.#tree[place] ?? 0;
    return sum;
  }
}

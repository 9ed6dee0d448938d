import { type Kernel, takeKernel } from "../kernel/kernel.ts";
import { allotColumns, RowSorter } from "../kernel/row-sorter.ts";
import { type Columns, partOf } from "../score-columns.ts";
import { BlockMaker } from "./score-blocks.ts";

export interface RoomNeeds {
  /** Of the types of the columns. */
  readonly like: Columns;
  /** Of a bucket that is sorted. */
  readonly mostRows: number;
  /** Of one grouping. */
  readonly mostGroups: number;
  readonly isWeighted: boolean;
}

/** Memory of one thread in which rows are sorted and made blocks of, bucket after bucket; to be closed. The walks down the blocks use its kernel too. */
export class BlockRoom {
  readonly kernel: Kernel;
  readonly mostRows: number;
  readonly maker: BlockMaker;
  /** For tags that are looked up. */
  readonly tags: Uint32Array;
  readonly #rows: Columns;
  readonly #sorter: RowSorter;

  constructor(needs: RoomNeeds) {
    const { like, mostRows, mostGroups } = needs;
    const kernel = takeKernel(256 * mostRows + 8 * mostGroups + 2 ** 19);
    this.kernel = kernel;
    this.mostRows = mostRows;
    this.maker = new BlockMaker(kernel, needs);
    this.tags = kernel.allot(Uint32Array, mostRows);
    this.#rows = allotColumns(kernel, like, mostRows);
    this.#sorter = new RowSorter(kernel, this.#rows);
  }

  close(): void {
    this.kernel.close();
  }

  /** A copy of the rows, highest scores first, which is good until the next one. `isSorted`: they are in order already. */
  inOrder({ scores, payloads }: Columns, isSorted: boolean): Columns {
    const copy = partOf(this.#rows, 0, scores.length);
    copy.scores.set(scores);
    copy.payloads.set(payloads);
    return isSorted ? copy : this.#sorter.sort(copy);
  }
}

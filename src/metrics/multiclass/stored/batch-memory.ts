import { Crew } from "../../binary/crew.ts";
import { BucketMemory } from "../../binary/stored/read-buckets.ts";
import type { RowForm, StoredBlock } from "../../binary/stored/stored-rows.ts";
import { type Columns, type Payloads, partOf } from "../../score-columns.ts";
import type { NumberedRows } from "../numbered-rows.ts";

/** Some rows that are in memory at once. */
export interface Batch {
  /** With weights their numbers travel with the scores. */
  readonly rows: Columns;
  /** What stands behind these; undefined without weights. */
  readonly known: NumberedRows | undefined;
}

/** Bytes of a row in a batch. */
export function batchRowBytes({ like, payloadBytes }: RowForm, isWeighted: boolean): number {
  return like.BYTES_PER_ELEMENT + payloadBytes + (isWeighted ? 12 : 0);
}

/** Memory for rows of one column after the other, which the next ones use again. */
export class RangedMemory {
  /** Of rows that are in memory at once. */
  readonly batch: BucketMemory;
  /** Of those that are put in order before they are written. */
  readonly block = new BucketMemory(new Crew([]));

  /** The threads of `crew` share the rows of a batch. */
  constructor(crew: Crew) {
    this.batch = new BucketMemory(crew);
  }
}

/** Room for so many rows. */
export class BatchRoom {
  readonly #rows: Columns;
  /** With weights. */
  readonly #numbered: { readonly numbers: Payloads; readonly weights: Float64Array } | undefined;

  constructor(
    { like, payloadBytes, rows }: RowForm,
    how: { readonly mostRows: number; readonly isWeighted: boolean; readonly memory: BucketMemory },
  ) {
    const { memory } = how;
    const most = Math.min(rows, how.mostRows);
    this.#rows = {
      scores: memory.scores(like, most),
      payloads: memory.payloads("payloads", payloadBytes, most),
    };
    this.#numbered = how.isWeighted
      ? { numbers: memory.payloads("numbers", 4, most), weights: memory.weights(most) }
      : undefined;
  }

  async read(blocks: AsyncIterable<StoredBlock>): Promise<Batch> {
    let count = 0;
    for await (const { scores, payloads, weights } of blocks) {
      this.#rows.scores.set(scores, count);
      this.#rows.payloads.set(payloads, count);
      if (weights !== undefined) this.#numbered?.weights.set(weights, count);
      count += scores.length;
    }
    const rows = partOf(this.#rows, 0, count);
    if (this.#numbered === undefined) return { rows, known: undefined };
    const { numbers, weights } = this.#numbered;
    return numberedBatch({ ...rows, weights }, numbers.subarray(0, count));
  }
}

/** Of rows that are in memory: `numbers` has room for theirs. */
function numberedBatch({ scores, payloads, weights }: StoredBlock, numbers: Payloads): Batch {
  for (let row = 0; row < numbers.length; row += 1) numbers[row] = row;
  return { rows: { scores, payloads: numbers }, known: { weights, tags: { packed: payloads } } };
}

/** A block as it was read. */
export function batchOf(block: StoredBlock): Batch {
  const { scores, weights } = block;
  if (weights !== undefined) return numberedBatch(block, new Uint32Array(scores.length));
  return { rows: partOf(block, 0, scores.length), known: undefined };
}

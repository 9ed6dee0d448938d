import type { RowForm, StoredBlock } from "../../binary/stored/stored-rows.ts";
import {
  type Columns,
  emptyPayloads,
  emptyScores,
  type Payloads,
  partOf,
  type Scores,
} from "../../score-columns.ts";
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

/** Room for some rows, which is used again and again. */
export class BatchMemory {
  readonly #scores: Scores;
  readonly #payloads: Payloads;
  /** With weights. */
  readonly #numbered: { readonly numbers: Uint32Array; readonly weights: Float64Array } | undefined;

  constructor(
    { like, payloadBytes, rows }: RowForm,
    how: { readonly mostRows: number; readonly isShared: boolean; readonly isWeighted: boolean },
  ) {
    const { isShared, isWeighted } = how;
    const most = Math.min(rows, how.mostRows);
    this.#scores = emptyScores(like, most, isShared);
    this.#payloads = emptyPayloads(payloadBytes, most, isShared);
    if (!isWeighted) return;
    const memory = isShared ? new SharedArrayBuffer(4 * most) : new ArrayBuffer(4 * most);
    this.#numbered = { numbers: new Uint32Array(memory), weights: new Float64Array(most) };
  }

  async read(blocks: AsyncIterable<StoredBlock>): Promise<Batch> {
    let rows = 0;
    for await (const { scores, payloads, weights } of blocks) {
      this.#scores.set(scores, rows);
      this.#payloads.set(payloads, rows);
      if (weights !== undefined) this.#numbered?.weights.set(weights, rows);
      rows += scores.length;
    }
    const [scores, payloads] = [this.#scores.subarray(0, rows), this.#payloads.subarray(0, rows)];
    if (this.#numbered === undefined) return { rows: { scores, payloads }, known: undefined };
    const numbers = this.#numbered.numbers.subarray(0, rows);
    return numberedBatch({ scores, payloads, weights: this.#numbered.weights }, numbers);
  }
}

/** Of rows that are in memory: `numbers` has room for theirs. */
function numberedBatch({ scores, payloads, weights }: StoredBlock, numbers: Uint32Array): Batch {
  for (let row = 0; row < numbers.length; row += 1) numbers[row] = row;
  return { rows: { scores, payloads: numbers }, known: { weights, tags: { packed: payloads } } };
}

/** A block as it was read. */
export function batchOf(block: StoredBlock): Batch {
  const { scores, weights } = block;
  if (weights !== undefined) return numberedBatch(block, new Uint32Array(scores.length));
  return { rows: partOf(block, 0, scores.length), known: undefined };
}

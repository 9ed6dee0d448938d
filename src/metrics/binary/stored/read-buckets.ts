import { emptyPayloads, emptyScores } from "../columns.ts";
import type { Crew } from "../crew.ts";
import type { Partition } from "../rows-by-score.ts";
import type { RowPlan } from "./plan-rows.ts";
import { blocksOf, type RowForm, type StoredBlock, type StoredRows } from "./stored-rows.ts";

interface BucketRequest {
  readonly room: StoredRows;
  readonly plan: RowPlan;
  /** Among these rows those of the buckets are found. */
  readonly start: number;
  readonly end: number;
  readonly firstBucket: number;
  readonly endBucket: number;
  /** Of the buckets; the first bucket of each, and the end. */
  readonly parts: Uint32Array;
  readonly crew: Crew;
  readonly signal: AbortSignal | undefined;
}

/** Reads some buckets into memory. Of rows with weights their numbers, in the order in which they are read, stand among the scores. */
export async function readBuckets(request: BucketRequest): Promise<Partition> {
  const { plan, firstBucket, endBucket, start, end, signal } = request;
  const { form } = plan;
  const edge = plan.buckets[firstBucket] ?? 0;
  const buckets = plan.buckets.subarray(firstBucket, endBucket + 1).map((bucket) => bucket - edge);
  const memory = memoryFor(request, buckets[buckets.length - 1] ?? 0);
  const next = buckets.slice();
  let places = new Uint32Array();
  for await (const block of blocksOf(request.room, form, { start, end, signal })) {
    const rows = block.scores.length;
    if (places.length < rows) places = new Uint32Array(rows);
    plan.place(block.scores, places);
    for (let row = 0; row < rows; row += 1) {
      const bucket = (places[row] ?? 0) - firstBucket;
      if (bucket < 0 || bucket >= endBucket - firstBucket) continue;
      const place = next[bucket] ?? 0;
      next[bucket] = place + 1;
      memory.take(block, row, place);
    }
  }
  const { parts } = request;
  const { isSigned, mostRows } = plan;
  return { rows: memory.rows, buckets, parts, tagging: memory.tagging, isSigned, mostRows };
}

/** Bytes that a row takes where its bucket is in memory. */
export function bucketRowBytes({ like, payloadBytes }: RowForm, isWeighted: boolean): number {
  return like.BYTES_PER_ELEMENT + payloadBytes + (isWeighted ? 12 : 0);
}

interface BucketMemory extends Pick<Partition, "rows" | "tagging"> {
  take(block: StoredBlock, row: number, place: number): void;
}

function memoryFor({ room, plan, crew }: BucketRequest, length: number): BucketMemory {
  const { like, payloadBytes, fields } = plan.form;
  const { isShared } = crew;
  const scores = emptyScores(like, length, isShared);
  const packed = emptyPayloads(payloadBytes, length, isShared);
  const known = { fields, labels: new Uint8Array(), codes: [] };
  if (room.weights === undefined) {
    return {
      rows: { scores, payloads: packed },
      tagging: { ...known, weights: undefined },
      take(block, row, place) {
        scores[place] = block.scores[row] ?? 0;
        packed[place] = block.payloads[row] ?? 0;
      },
    };
  }
  const weights = new Float64Array(crew.memory(8 * length));
  const numbers = emptyPayloads(4, length, isShared);
  let taken = 0;
  return {
    rows: { scores, payloads: numbers },
    tagging: { ...known, packed, weights },
    take(block, row, place) {
      scores[place] = block.scores[row] ?? 0;
      numbers[place] = taken;
      packed[taken] = block.payloads[row] ?? 0;
      weights[taken] = block.weights?.[row] ?? 0;
      taken += 1;
    },
  };
}

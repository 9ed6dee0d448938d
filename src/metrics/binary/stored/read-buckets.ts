import type { Payloads, Scores } from "../../score-columns.ts";
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
  readonly memory: BucketMemory;
  readonly signal: AbortSignal | undefined;
}

/**
 * Memory for buckets, which the next ones use again: what threads share is only given back when both have looked for what is no more in
 * use.
 */
export class BucketMemory {
  readonly #crew: Crew;
  readonly #buffers = new Map<string, ArrayBufferLike>();

  constructor(crew: Crew) {
    this.#crew = crew;
  }

  scores(like: Scores, length: number): Scores {
    const buffer = this.#buffer("scores", length * like.BYTES_PER_ELEMENT);
    return like instanceof Float64Array
      ? new Float64Array(buffer, 0, length)
      : new Float32Array(buffer, 0, length);
  }

  payloads(name: string, bytesEach: number, length: number): Payloads {
    const buffer = this.#buffer(name, length * bytesEach);
    if (bytesEach === 1) return new Uint8Array(buffer, 0, length);
    return bytesEach === 2 ? new Uint16Array(buffer, 0, length) : new Uint32Array(buffer, 0, length);
  }

  weights(length: number): Float64Array {
    return new Float64Array(this.#buffer("weights", 8 * length), 0, length);
  }

  /** Zeros. */
  tallies(slot: number, length: number): Uint32Array {
    return new Uint32Array(this.#buffer(`tallies ${slot}`, 4 * length), 0, length).fill(0);
  }

  #buffer(name: string, bytes: number): ArrayBufferLike {
    const known = this.#buffers.get(name);
    if (known !== undefined && known.byteLength >= bytes) return known;
    const made = this.#crew.memory(bytes);
    this.#buffers.set(name, made);
    return made;
  }
}

/** Reads some buckets into memory. Of rows with weights their numbers, in the order in which they are read, stand among the scores. */
export async function readBuckets(request: BucketRequest): Promise<Partition> {
  const { plan, firstBucket, endBucket, start, end, signal } = request;
  const { form } = plan;
  const edge = plan.buckets[firstBucket] ?? 0;
  const buckets = plan.buckets.subarray(firstBucket, endBucket + 1).map((bucket) => bucket - edge);
  const to = placesFor(request, buckets[buckets.length - 1] ?? 0);
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
      to.take(block, row, place);
    }
  }
  const { parts } = request;
  const { mostRows } = plan;
  return { rows: to.rows, buckets, parts, tagging: to.tagging, mostRows };
}

/** Bytes that a row takes where its bucket is in memory. */
export function bucketRowBytes({ like, payloadBytes }: RowForm, isWeighted: boolean): number {
  return like.BYTES_PER_ELEMENT + payloadBytes + (isWeighted ? 12 : 0);
}

interface BucketPlaces extends Pick<Partition, "rows" | "tagging"> {
  take(block: StoredBlock, row: number, place: number): void;
}

function placesFor({ room, plan, memory }: BucketRequest, length: number): BucketPlaces {
  const { like, payloadBytes, fields } = plan.form;
  const scores = memory.scores(like, length);
  const packed = memory.payloads("packed", payloadBytes, length);
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
  const weights = memory.weights(length);
  const numbers = memory.payloads("numbers", 4, length);
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

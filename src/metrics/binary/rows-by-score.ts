import type { Grouping } from "../metric-set.ts";
import { type Columns, emptyPayloads, emptyScores, type Payloads } from "../score-columns.ts";
import type { BinaryInput } from "./binary-input.ts";

/** What each row is, of one grouping: bit 0 of a value is the label; `(value >>> shift) & mask` is the group. */
export interface Tags {
  readonly values: Payloads;
  readonly shift: number;
  readonly mask: number;
}

/** How the tags of rows are found from what travels with their scores: label and groups as a few bits, or the number of the row. */
export interface Tagging {
  /** Of each grouping; undefined: row numbers travel, and labels and groups are looked up. */
  readonly fields: readonly Omit<Tags, "values">[] | undefined;
  /** Where row numbers travel and fields are there: the bits of each row. */
  readonly packed?: Payloads;
  /** 0 and 1; or, without codes, all that travels. */
  readonly labels: Payloads;
  readonly codes: readonly Grouping["codes"][];
  readonly weights: Float64Array | undefined;
}

/**
 * What is to be sorted. Labels and group codes travel as bits; with weights, or with more groups than 31 bits tell apart, the row
 * number travels in their place, and rows of weight 0 are left out.
 */
export interface Travel {
  readonly tagging: Tagging;
  readonly scores: BinaryInput["scores"];
  readonly range?: BinaryInput["range"];
  readonly bytesEach: number;
  /** Where row numbers travel and some rows are left out: those of the scores. */
  readonly rows: Uint32Array | undefined;
}

/** Of a type of arrays that holds so many bits: there is none of three bytes. */
export function payloadBytes(bits: number): 1 | 2 | 4 {
  if (bits <= 8) return 1;
  return bits <= 16 ? 2 : 4;
}

/** Where labels and groups stand where they travel as bits, of so many groups each, and how many bits these are. */
export function fieldsOf(groups: readonly number[]): {
  readonly fields: readonly Omit<Tags, "values">[];
  readonly bits: number;
} {
  let bits = 1;
  const fields = groups.map((count) => {
    const width = count <= 1 ? 0 : 32 - Math.clz32(count - 1);
    const field = { shift: bits, mask: 2 ** width - 1 };
    bits += width;
    return field;
  });
  return { fields, bits };
}

export function travelOf(input: BinaryInput, groupings: readonly Grouping[]): Travel {
  const { labels, scores, range, weights } = input;
  const codes = groupings.map((grouping) => grouping.codes);
  const { fields, bits } = fieldsOf(groupings.map((grouping) => grouping.count));
  const known = { labels, codes, weights };
  if (weights === undefined && bits <= 32) {
    return { tagging: { ...known, fields }, scores, range, bytesEach: payloadBytes(bits), rows: undefined };
  }
  const numbered = { tagging: numberedTagging({ ...known, fields }, bits), bytesEach: 4 };
  let kept = 0;
  for (let row = 0; row < labels.length; row += 1) kept += weights?.[row] === 0 ? 0 : 1;
  if (kept === labels.length) return { ...numbered, scores, range, rows: undefined };
  const isShared = labels.buffer instanceof SharedArrayBuffer;
  const rows = new Uint32Array(isShared ? new SharedArrayBuffer(4 * kept) : new ArrayBuffer(4 * kept));
  const counting = emptyScores(scores, kept, isShared);
  for (let row = 0, place = 0; row < labels.length; row += 1) {
    if (weights?.[row] === 0) continue;
    rows[place] = row;
    counting[place] = scores[row] ?? 0;
    place += 1;
  }
  return { ...numbered, scores: counting, rows };
}

/** Of rows whose numbers travel: their bits are put together once, where they fit. */
function numberedTagging(tagging: Tagging, bits: number): Tagging {
  if (bits > 32) return { ...tagging, fields: undefined };
  const { labels } = tagging;
  const packed = emptyPayloads(payloadBytes(bits), labels.length, labels.buffer instanceof SharedArrayBuffer);
  packBits(tagging, 0, packed);
  return { ...tagging, packed };
}

/** What travels with the scores from `start` on, so many as `packed` has room for; it may be filled and given back. */
export function packRows(
  { tagging, rows }: Omit<Travel, "scores">,
  start: number,
  packed: Payloads,
): Payloads {
  if (rows !== undefined) return rows.subarray(start, start + packed.length);
  if (tagging.fields === undefined || tagging.packed !== undefined) {
    for (let place = 0; place < packed.length; place += 1) packed[place] = start + place;
    return packed;
  }
  packBits(tagging, start, packed);
  return packed;
}

function packBits({ labels, codes, fields = [] }: Tagging, start: number, packed: Payloads): void {
  const end = start + packed.length;
  packed.set(labels.subarray(start, end));
  for (const [index, column] of codes.entries()) {
    const { shift } = fields[index] ?? { shift: 0 };
    const own = column.subarray(start, end);
    for (let place = packWords(packed, own, shift); place < packed.length; place += 1)
      packed[place] = (packed[place] ?? 0) | ((own[place] ?? 0) << shift);
  }
}

const rowsOfWord = 4;

/**
 * Four rows at a time where each is a byte, which holds all bits of its row, so that none gets into the next one's. Answers how many rows
 * these were.
 */
function packWords(packed: Payloads, codes: Grouping["codes"], shift: number): number {
  const words = Math.floor(packed.length / rowsOfWord);
  const [into, own] = [wordsOf(packed, words), wordsOf(codes, words)];
  if (into === undefined || own === undefined) return 0;
  for (let word = 0; word < words; word += 1) into[word] = (into[word] ?? 0) | ((own[word] ?? 0) << shift);
  return words * rowsOfWord;
}

/** Undefined for other than bytes, and where words cannot begin. */
function wordsOf(values: Payloads, words: number): Uint32Array | undefined {
  if (!(values instanceof Uint8Array) || values.byteOffset % rowsOfWord !== 0) return undefined;
  return new Uint32Array(values.buffer, values.byteOffset, words);
}

/** Reads the tags of some rows at a time, of each grouping in turn. */
export class TagReader {
  readonly #tagging: Tagging;
  readonly #scratch: Uint32Array;
  #values: Payloads = new Uint8Array();

  /** `scratch`: for the tags that are looked up, of as many rows as there are at once. */
  constructor(tagging: Tagging, scratch: Uint32Array) {
    this.#tagging = tagging;
    this.#scratch = scratch;
  }

  /** The rows that the tags are then of. */
  start({ payloads }: Columns): void {
    const { fields, packed } = this.#tagging;
    this.#values = payloads;
    if (fields === undefined || packed === undefined) return;
    const scratch = this.#scratch;
    for (let place = 0; place < payloads.length; place += 1)
      scratch[place] = packed[payloads[place] ?? 0] ?? 0;
    this.#values = scratch;
  }

  /** Without a grouping all rows are in group 0. The tags are good until others are asked for. */
  tags(grouping: number | undefined): Tags {
    const { fields, labels, codes } = this.#tagging;
    const values = this.#values;
    if (fields !== undefined) {
      const field = grouping === undefined ? undefined : fields[grouping];
      return { values, shift: field?.shift ?? 0, mask: field?.mask ?? 0 };
    }
    const column = grouping === undefined ? undefined : codes[grouping];
    const scratch = this.#scratch;
    for (let place = 0; place < values.length; place += 1) {
      const row = values[place] ?? 0;
      scratch[place] = (labels[row] ?? 0) | ((column?.[row] ?? 0) << 1);
    }
    return { values: scratch, shift: 1, mask: column === undefined ? 0 : 0x7fffffff };
  }
}

/** Empty columns for what travels, in memory that threads share or not. */
export function emptyTravel({ scores, bytesEach }: Travel, isShared: boolean): Columns {
  return {
    scores: emptyScores(scores, scores.length, isShared),
    payloads: emptyPayloads(bytesEach, scores.length, isShared),
  };
}

/**
 * Rows in buckets: every score of one is above every score of the next, equal scores share one. A bucket is small enough to be sorted
 * and measured in the caches of a processor. Where buckets and parts end is told by the scores alone, neither by the order
 * of the rows nor by the threads.
 */
export interface Partition {
  /** Bucket by bucket, in no order within one. */
  readonly rows: Columns;
  /** Where each bucket starts, highest scores first, and where the last one ends. */
  readonly buckets: Uint32Array;
  /** The first bucket of each part, and the end: neighbouring buckets that one thread measures. */
  readonly parts: Uint32Array;
  readonly tagging: Tagging;
  /** A bucket of more rows has one score only. */
  readonly mostRows: number;
  /** Whether the rows of a bucket stand in the order of their scores already. */
  readonly isSorted?: boolean;
}

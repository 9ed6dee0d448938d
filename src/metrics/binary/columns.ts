/** Finite numbers. */
export type Scores = Float64Array | Float32Array;
/** What travels with each score. */
export type Payloads = Uint8Array | Uint16Array | Uint32Array;
/** Numbers of rows, in as few bytes as they need; or sums of weights. */
export type Amounts = Payloads | Float64Array;

export interface Columns {
  readonly scores: Scores;
  readonly payloads: Payloads;
}

/** `start` to before `end`, of the same memory. */
export function partOf({ scores, payloads }: Columns, start: number, end: number): Columns {
  return { scores: scores.subarray(start, end), payloads: payloads.subarray(start, end) };
}

/** Empty columns of the same types and size; in memory that threads share where the others are. */
export function sameSize({ scores, payloads }: Columns): Columns {
  const isShared = scores.buffer instanceof SharedArrayBuffer;
  return {
    scores: emptyScores(scores, scores.length, isShared),
    payloads: emptyPayloads(payloads.BYTES_PER_ELEMENT, payloads.length, isShared),
  };
}

/** Of the type of `like`. */
export function emptyScores(like: Scores, length: number, isShared: boolean): Scores {
  const memory = memoryOf(length * like.BYTES_PER_ELEMENT, isShared);
  return like instanceof Float64Array ? new Float64Array(memory) : new Float32Array(memory);
}

/** Whole numbers of so many bytes. */
export function emptyPayloads(bytesEach: number, length: number, isShared: boolean): Payloads {
  const memory = memoryOf(length * bytesEach, isShared);
  if (bytesEach === 1) return new Uint8Array(memory);
  return bytesEach === 2 ? new Uint16Array(memory) : new Uint32Array(memory);
}

/** Zeros, which can be counted up to `most`. */
export function emptyCounts(most: number, length: number, isShared: boolean): Payloads {
  if (most < 2 ** 8) return emptyPayloads(1, length, isShared);
  return emptyPayloads(most < 2 ** 16 ? 2 : 4, length, isShared);
}

function memoryOf(bytes: number, isShared: boolean): ArrayBufferLike {
  return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** 32-bit words, the lower one of a double first: all machines that Node runs DuckDB on are little-endian. */
export function wordsOf(scores: Scores): Uint32Array {
  return new Uint32Array(scores.buffer, scores.byteOffset, scores.byteLength / 4);
}

/** Finite numbers. */
export type Scores = Float64Array | Float32Array;
/** What travels with each score. */
export type Payloads = Uint8Array | Uint16Array | Uint32Array;

export interface Columns {
  readonly scores: Scores;
  readonly payloads: Payloads;
}

/** `start` to before `end`, of the same memory. */
export function partOf({ scores, payloads }: Columns, start: number, end: number): Columns {
  return { scores: scores.subarray(start, end), payloads: payloads.subarray(start, end) };
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

function memoryOf(bytes: number, isShared: boolean): ArrayBufferLike {
  return isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
}

/** The same values in memory that threads share: themselves where they lie there already. */
export function inSharedMemory<Values extends Scores | Payloads>(values: Values): Values {
  if (values.buffer instanceof SharedArrayBuffer) return values;
  const bytes = new Uint8Array(new SharedArrayBuffer(values.byteLength));
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  const shared = values.slice(0, 0).constructor;
  return Reflect.construct(shared, [bytes.buffer]);
}

/** 32-bit words, the lower one of a double first: all machines that Node runs DuckDB on are little-endian. */
export function wordsOf(scores: Scores): Uint32Array {
  return new Uint32Array(scores.buffer, scores.byteOffset, scores.byteLength / 4);
}

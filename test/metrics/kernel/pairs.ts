import type { Columns } from "../../../src/metrics/score-columns.ts";

export interface Pair {
  readonly score: number;
  readonly payload: number;
}

/** All types of columns that are sorted. */
export const likes: readonly (readonly [string, Columns])[] = [
  ["doubles with bytes", { scores: new Float64Array(), payloads: new Uint8Array() }],
  ["doubles with 16 bits", { scores: new Float64Array(), payloads: new Uint16Array() }],
  ["doubles with 32 bits", { scores: new Float64Array(), payloads: new Uint32Array() }],
  ["floats with bytes", { scores: new Float32Array(), payloads: new Uint8Array() }],
  ["floats with 16 bits", { scores: new Float32Array(), payloads: new Uint16Array() }],
  ["floats with 32 bits", { scores: new Float32Array(), payloads: new Uint32Array() }],
];

export function pairsOf({ scores, payloads }: Columns): Pair[] {
  return Array.from(scores, (score, row) => ({ score, payload: payloads[row] ?? Number.NaN }));
}

/** By a comparison: highest scores first, those of one score by payload. */
export function sortedPairs(pairs: readonly Pair[]): Pair[] {
  return pairs.toSorted((one, other) => other.score - one.score || one.payload - other.payload);
}

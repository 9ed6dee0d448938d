import { gather } from "../sample.ts";
import type { RankingInput } from "./ranking-input.ts";

export interface QueryFigures {
  readonly rows: number;
  /** By metric; undefined where no row is relevant. */
  readonly values: Readonly<Record<string, number>> | undefined;
}

/** Rows of one score, all on equal places, block by block. */
interface Blocks {
  readonly count: number;
  /** How many rows are above each block, and above the end. */
  readonly starts: Uint32Array;
  /** Relevant rows in it. */
  readonly relevant: Uint32Array;
  readonly gains: Float64Array;
}

/** All figures of one query. Throws `RangeError` for a negative relevance. */
export function queryFigures(
  { relevances, scores }: Pick<RankingInput, "relevances" | "scores">,
  rows: Uint32Array,
  ks: readonly number[],
): QueryFigures {
  const gains = gather(relevances, rows).sort();
  if ((gains[0] ?? 0) < 0) throw new RangeError(`a relevance is negative: ${gains[0]}`);
  if (!((gains.at(-1) ?? 0) > 0)) return { rows: rows.length, values: undefined };
  const blocks = blocksOf({ relevances, scores }, rows);
  const ideal = gains.reverse();
  const relevant = ideal.indexOf(0);
  const total = relevant < 0 ? ideal.length : relevant;
  const values: Record<string, number> = {
    ndcg: ndcg(blocks, ideal, rows.length),
    map: averagePrecision(blocks, rows.length) / total,
    mrr: reciprocalRank(blocks),
  };
  for (const k of ks) {
    const hits = hitsWithin(blocks, k);
    values[`ndcg@${k}`] = ndcg(blocks, ideal, k);
    values[`map@${k}`] = averagePrecision(blocks, k) / Math.min(total, k);
    values[`precision@${k}`] = hits / k;
    values[`recall@${k}`] = hits / total;
    values[`hit_rate@${k}`] = 1 - missWithin(blocks, k);
  }
  return { rows: rows.length, values };
}

function blocksOf(
  { relevances, scores }: Pick<RankingInput, "relevances" | "scores">,
  rows: Uint32Array,
): Blocks {
  // By relevance too, so that the sums of a block do not depend on the order of the rows.
  const order = rows
    .slice()
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || (relevances[a] ?? 0) - (relevances[b] ?? 0));
  const starts = new Uint32Array(order.length + 1);
  const relevant = new Uint32Array(order.length);
  const gains = new Float64Array(order.length);
  let count = 0;
  for (let start = 0; start < order.length; count += 1) {
    const score = scores[order[start] ?? 0];
    let [end, found, gain] = [start, 0, 0];
    for (; end < order.length && scores[order[end] ?? 0] === score; end += 1) {
      const relevance = relevances[order[end] ?? 0] ?? 0;
      gain += relevance;
      if (relevance > 0) found += 1;
    }
    relevant[count] = found;
    gains[count] = gain;
    starts[count + 1] = end;
    start = end;
  }
  return { count, starts, relevant, gains };
}

/** Of the place counted from 0. */
function discount(place: number): number {
  return 1 / Math.log2(place + 2);
}

function ndcg({ count, starts, gains }: Blocks, ideal: Float64Array, k: number): number {
  let [found, best] = [0, 0];
  for (let block = 0; block < count && (starts[block] ?? 0) < k; block += 1) {
    const [start, end] = [starts[block] ?? 0, starts[block + 1] ?? 0];
    const each = (gains[block] ?? 0) / (end - start);
    for (let place = start; place < Math.min(end, k); place += 1) found += each * discount(place);
  }
  for (let place = 0; place < Math.min(ideal.length, k); place += 1)
    best += (ideal[place] ?? 0) * discount(place);
  return found / best;
}

/** The sum of the precisions at relevant rows within the first k; expected over all orders of equal scores. */
function averagePrecision({ count, starts, relevant }: Blocks, k: number): number {
  let [sum, above] = [0, 0];
  for (let block = 0; block < count && (starts[block] ?? 0) < k; block += 1) {
    const [start, end, own] = [starts[block] ?? 0, starts[block + 1] ?? 0, relevant[block] ?? 0];
    const size = end - start;
    const others = size > 1 ? (own - 1) / (size - 1) : 0;
    for (let place = start; place < Math.min(end, k); place += 1)
      sum += ((own / size) * (above + 1 + (place - start) * others)) / (place + 1);
    above += own;
  }
  return sum;
}

/** The first block with a relevant row; undefined without any. */
function firstRelevant({ count, starts, relevant }: Blocks) {
  const block = relevant.findIndex((own) => own > 0);
  if (block < 0 || block >= count) return undefined;
  const start = starts[block] ?? 0;
  return { start, size: (starts[block + 1] ?? 0) - start, relevant: relevant[block] ?? 0 };
}

/** 1 / place of the first relevant row; expected over all orders of equal scores. */
function reciprocalRank(blocks: Blocks): number {
  const first = firstRelevant(blocks);
  if (first === undefined) return 0;
  let [sum, notYet] = [0, 1];
  for (let place = 0; place < first.size && notYet > 0; place += 1) {
    const chance = Math.min(1, first.relevant / (first.size - place));
    sum += (notYet * chance) / (first.start + place + 1);
    notYet *= 1 - chance;
  }
  return sum;
}

/** Relevant rows among the first k; expected over all orders of equal scores. */
function hitsWithin({ count, starts, relevant }: Blocks, k: number): number {
  let sum = 0;
  for (let block = 0; block < count && (starts[block] ?? 0) < k; block += 1) {
    const start = starts[block] ?? 0;
    const size = (starts[block + 1] ?? 0) - start;
    sum += ((relevant[block] ?? 0) * Math.min(k - start, size)) / size;
  }
  return sum;
}

/** How likely it is that none of the first k is relevant. */
function missWithin(blocks: Blocks, k: number): number {
  const first = firstRelevant(blocks);
  if (first === undefined) return 1;
  let missed = 1;
  for (let place = 0; place < Math.min(k - first.start, first.size) && missed > 0; place += 1)
    missed *= Math.max(0, 1 - first.relevant / (first.size - place));
  return missed;
}

import { descendingOrder } from "../score-order.ts";
import type { Linearised } from "./linear.ts";

/** Labels are 0 or 1, scores finite, weights at least 0. */
interface RankedRows {
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  readonly weights?: Float64Array | undefined;
}

interface Block {
  readonly start: number;
  readonly end: number;
  /** Weights of the rows of one score. */
  readonly up: number;
  readonly down: number;
}

interface Ranked {
  readonly order: Uint32Array;
  readonly blocks: readonly Block[];
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The area under the ROC curve with its influences, which are its placement values (DeLong): of a positive how much of the negatives lies
 * below it, of a negative how much of the positives lies above it. Undefined where a class is missing.
 */
export function areaInfluences(rows: RankedRows): Linearised | undefined {
  const { order, blocks, positives, negatives } = rankedOf(rows);
  if (positives === 0 || negatives === 0) return undefined;
  const placements = new Float64Array(order.length);
  let [above, falsely, area] = [0, 0, 0];
  for (const { start, end, up, down } of blocks) {
    const ofPositive = (negatives - falsely - down / 2) / negatives;
    const ofNegative = (above + up / 2) / positives;
    for (let place = start; place < end; place += 1) {
      const row = order[place] ?? 0;
      placements[row] = rows.labels[row] === 1 ? ofPositive : ofNegative;
    }
    area += down * ofNegative;
    above += up;
    falsely += down;
  }
  const value = area / negatives;
  const influences = placements.map((placement, row) => {
    const weight = rows.weights?.[row] ?? 1;
    return (order.length * weight * (placement - value)) / (rows.labels[row] === 1 ? positives : negatives);
  });
  return { value, influences };
}

/**
 * Average precision (a step function, as scikit-learn's) with its influences: a positive adds the precision at its own score, and every
 * row moves the precision at all positives that are not above it. Undefined where a class is missing.
 */
export function precisionInfluences(rows: RankedRows): Linearised | undefined {
  const { order, blocks, positives, negatives } = rankedOf(rows);
  if (positives === 0 || negatives === 0) return undefined;
  let [above, all, sum] = [0, 0, 0];
  const steps = blocks.map(({ up, down }) => {
    above += up;
    all += up + down;
    const precision = above / all;
    sum += up * precision;
    return { precision, ofPositive: (up * (1 - precision)) / all, ofNegative: (-up * precision) / all };
  });
  const value = sum / positives;
  const influences = new Float64Array(order.length);
  let [ofPositives, ofNegatives] = [0, 0];
  for (let index = blocks.length - 1; index >= 0; index -= 1) {
    const { start = 0, end = 0 } = blocks[index] ?? {};
    const { precision = 0, ofPositive = 0, ofNegative = 0 } = steps[index] ?? {};
    ofPositives += ofPositive;
    ofNegatives += ofNegative;
    for (let place = start; place < end; place += 1) {
      const row = order[place] ?? 0;
      const moved = rows.labels[row] === 1 ? precision - value + ofPositives : ofNegatives;
      influences[row] = (order.length * (rows.weights?.[row] ?? 1) * moved) / positives;
    }
  }
  return { value, influences };
}

function rankedOf({ labels, scores, weights }: RankedRows): Ranked {
  const order = descendingOrder(scores);
  const blocks: Block[] = [];
  let [positives, negatives] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start] ?? 0];
    let [up, down] = [0, 0];
    for (end = start; end < order.length && scores[order[end] ?? 0] === score; end += 1) {
      const row = order[end] ?? 0;
      if (labels[row] === 1) up += weights?.[row] ?? 1;
      else down += weights?.[row] ?? 1;
    }
    if (up + down > 0) blocks.push({ start, end, up, down });
    positives += up;
    negatives += down;
  }
  return { order, blocks, positives, negatives };
}

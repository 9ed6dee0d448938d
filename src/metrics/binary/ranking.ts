import { areaInterval } from "../intervals/area.ts";
import { type MetricInterval, type MetricOutcome, ratio } from "../metric-set.ts";
import { RunningSum, runLength } from "../sums/running-sum.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/**
 * `roc_auc, average_precision, ks, gini` by scikit-learn's definitions (1.9.1): ROC over distinct scores with trapezoids (ties count
 * half), average precision as a step function, KS the largest distance of true and false positive rate. Without weights the pairs
 * of the area are counted in whole numbers.
 */
export function rankingOutcomes(blocks: ScoreBlocks, totals: Totals): Record<string, MetricOutcome> {
  const { positives, negatives } = totals;
  if (positives === 0 || negatives === 0) {
    const reason = oneClass(blocks);
    return { roc_auc: reason, average_precision: reason, ks: reason, gini: reason };
  }
  const { doubledPairs, precisionAtPositives, distance } = walk(blocks, totals);
  const pairs = 2 * positives * negatives;
  return {
    roc_auc: doubledPairs / pairs,
    average_precision: precisionAtPositives / positives,
    ks: distance / (positives * negatives),
    gini: (2 * doubledPairs - pairs) / pairs,
  };
}

/** Why a group without positives or without negatives has no ranking. */
function oneClass(blocks: ScoreBlocks): { readonly undefined: string } {
  return { undefined: `one class only: ${blocks.positiveRows} positives, ${blocks.negativeRows} negatives` };
}

/**
 * In runs of blocks: plain sums within a run, and a RunningSum of the runs. So the sums keep their digits without an addition more
 * for each block.
 */
function walk({ scores, positives, negatives, rows }: ScoreBlocks, totals: Totals) {
  const { positives: allPositives, negatives: allNegatives } = totals;
  const [pairs, precisions] = [new RunningSum(), new RunningSum()];
  let [above, falsely, distance] = [0, 0, 0];
  for (let start = 0; start < scores.length; start += runLength) {
    const end = Math.min(scores.length, start + runLength);
    let [runPairs, runPrecisions] = [0, 0];
    for (let block = start; block < end; block += 1) {
      const up = positives[block] ?? 0;
      const down = negatives[block] ?? 0;
      runPairs += down * (2 * above + up);
      above += up;
      falsely += down;
      if (up > 0) runPrecisions += up * (above / (above + falsely));
      const off = above * allNegatives - falsely * allPositives;
      if (off > distance) distance = off;
      else if (-off > distance) distance = -off;
    }
    pairs.add(runPairs);
    precisions.add(runPrecisions);
  }
  const isExact = rows !== undefined || 2 * allPositives * allNegatives <= Number.MAX_SAFE_INTEGER;
  return {
    doubledPairs: isExact ? pairs.value : manyPairs(positives, negatives),
    precisionAtPositives: precisions.value,
    distance,
  };
}

/** More pairs than a double counts one by one. */
function manyPairs(positives: ScoreBlocks["positives"], negatives: ScoreBlocks["negatives"]): number {
  let [pairs, above, part] = [0n, 0, 0];
  for (const [block, up] of positives.entries()) {
    const down = negatives[block] ?? 0;
    const product = down * (2 * above + up);
    if (product > Number.MAX_SAFE_INTEGER) pairs += BigInt(down) * BigInt(2 * above + up);
    else if (part + product > Number.MAX_SAFE_INTEGER) {
      pairs += BigInt(part);
      part = product;
    } else part += product;
    above += up;
  }
  return Number(pairs + BigInt(part));
}

/**
 * 95 % interval of `roc_auc` after DeLong, DeLong & Clarke-Pearson (1988), by placement values from the sorted scores (Sun & Xu
 * 2014). None with weights, with fewer than two rows of a class, and where all rows are tied.
 */
export function rocAucInterval(blocks: ScoreBlocks, area: number): MetricInterval | undefined {
  const { positiveRows, negativeRows } = blocks;
  if (blocks.rows !== undefined || positiveRows < 2 || negativeRows < 2) return undefined;
  if (blocks.scores.length === 1) return undefined;
  const variance = delongVariance(blocks);
  return areaInterval(area, variance, Math.min(positiveRows, negativeRows));
}

/**
 * A positive's placement is the share of negatives above it, ties half, a negative's the share of positives below it: what
 * is wrong about each, which is small for a good model, so that the differences below lose few digits.
 */
function delongVariance(blocks: ScoreBlocks): number {
  const { scores, positives: ups, negatives: downs, positiveRows, negativeRows } = blocks;
  let [above, falsely] = [0, 0];
  let [ofPositives, squaredOfPositives, ofNegatives, squaredOfNegatives] = [0, 0, 0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    const positives = ups[block] ?? 0;
    const negatives = downs[block] ?? 0;
    const negativesAbove = 2 * falsely + negatives;
    above += positives;
    falsely += negatives;
    const positivesBelow = 2 * (positiveRows - above) + positives;
    ofPositives += positives * negativesAbove;
    squaredOfPositives += positives * negativesAbove * negativesAbove;
    ofNegatives += negatives * positivesBelow;
    squaredOfNegatives += negatives * positivesBelow * positivesBelow;
  }
  const spread = (sum: number, squares: number, rows: number, others: number) =>
    (squares - (sum / rows) * sum) / (rows - 1) / (2 * others) ** 2;
  return (
    spread(ofPositives, squaredOfPositives, positiveRows, negativeRows) / positiveRows +
    spread(ofNegatives, squaredOfNegatives, negativeRows, positiveRows) / negativeRows
  );
}

/**
 * `roc_auc@fpr<=0.1`: area up to a false positive rate, standardised after McClish (1989): 0.5 is chance, 1 is perfect; what
 * scikit-learn calls `max_fpr`.
 */
export function partialArea(blocks: ScoreBlocks, totals: Totals, maxFpr: number): MetricOutcome {
  const { positives: allPositives, negatives: allNegatives } = totals;
  if (allPositives === 0 || allNegatives === 0) return oneClass(blocks);
  const cut = maxFpr * allNegatives;
  const area = new RunningSum();
  let [above, falsely] = [0, 0];
  for (let block = 0; block < blocks.scores.length; block += 1) {
    const positives = blocks.positives[block] ?? 0;
    const negatives = blocks.negatives[block] ?? 0;
    if (falsely + negatives > cut) {
      const taken = cut - falsely;
      area.add(taken * (above + (positives * taken) / negatives / 2));
      break;
    }
    area.add(negatives * (above + positives / 2));
    above += positives;
    falsely += negatives;
  }
  const share = area.value / allPositives / allNegatives;
  const chance = maxFpr ** 2 / 2;
  return 0.5 * (1 + (share - chance) / (maxFpr - chance));
}

/**
 * `lift@k` and `gain@k`: the share of positives among the k of all weight with the highest scores, over their share in all, and the
 * share of all positives that is among them. A tied block at the cut counts with its expected share.
 */
export function topShare(
  blocks: ScoreBlocks,
  totals: Totals,
  share: number,
): { lift: MetricOutcome; gain: MetricOutcome } {
  const cut = share * (totals.positives + totals.negatives);
  let [above, taken] = [0, 0];
  for (let block = 0; block < blocks.scores.length && taken < cut; block += 1) {
    const positives = blocks.positives[block] ?? 0;
    const weight = positives + (blocks.negatives[block] ?? 0);
    const used = Math.min(1, (cut - taken) / weight);
    above += positives * used;
    taken += weight;
  }
  const gain = ratio(above, totals.positives, "zero division: no positive row");
  return { gain, lift: typeof gain === "number" ? gain / share : gain };
}

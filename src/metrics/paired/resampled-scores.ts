import { descendingOrder } from "../score-order.ts";
import type { Resampled } from "./bootstrap.ts";

interface ScoredRows {
  /** 0 or 1. */
  readonly labels: Uint8Array;
  readonly scores: Float64Array;
  readonly weights: Float64Array | undefined;
  /** Of `lift` and `gain`, in (0, 1]; a whole percentage in their names. */
  readonly shares: readonly number[];
  /** Of calibration errors; undefined where the scores are no probabilities. */
  readonly bins: number | undefined;
}

/** What each row of the descending order is, so that a walk looks at neighbours only. */
interface Walked {
  readonly order: Uint32Array;
  readonly isPositive: Uint8Array;
  /** 1 where the next row has another score. */
  readonly isLast: Uint8Array;
  readonly scores: Float64Array;
  readonly uniformBins: Uint16Array;
  readonly weights: Float64Array | undefined;
}

/**
 * `average_precision, ks, lift@k%, gain@k%, ece, mce` of rows that count more or less often, by the definitions of `mlops evaluate`: rows
 * are sorted once, and a replicate walks down their order.
 */
export function resampledScores(rows: ScoredRows): Resampled {
  const { shares, bins } = rows;
  const walked = walkedOf(rows);
  const names = [
    "average_precision",
    "ks",
    ...shares.flatMap((share) => [`lift@${percentOf(share)}%`, `gain@${percentOf(share)}%`]),
    ...(bins === undefined
      ? []
      : ["uniform", "quantile"].flatMap((strategy) =>
          ["ece", "mce"].map((name) => `${name}{bins=${bins},strategy=${strategy}}`),
        )),
  ];
  const figures = new Float64Array(names.length);
  const counted = new Float64Array(walked.order.length);
  const walk = (counts: Uint16Array) => {
    const { positives, negatives } = count(walked, counted, counts);
    if (positives === 0 || negatives === 0) return figures.fill(Number.NaN);
    ranked(walked, { counted, positives, negatives, shares, figures });
    if (bins === undefined) return figures;
    const all = positives + negatives;
    const errors = [uniformErrors(walked, counted, all), quantileErrors(walked, counted, { all, bins })];
    figures.set(errors.flat(), 2 + 2 * shares.length);
    return figures;
  };
  const values = Float64Array.from(walk(new Uint16Array(walked.order.length).fill(1)));
  return { names, values, figures: walk };
}

function percentOf(share: number): number {
  return Number((share * 100).toPrecision(12));
}

function walkedOf({ labels, scores, weights, bins = 1 }: ScoredRows): Walked {
  const order = descendingOrder(scores);
  const sorted = Float64Array.from(order, (row) => scores[row] ?? 0);
  return {
    order,
    isPositive: Uint8Array.from(order, (row) => labels[row] ?? 0),
    isLast: Uint8Array.from(sorted, (score, place) => (score === sorted[place + 1] ? 0 : 1)),
    scores: sorted,
    uniformBins: Uint16Array.from(sorted, (score) => uniformBin(score, bins)),
    weights: weights && Float64Array.from(order, (row) => weights[row] ?? 0),
  };
}

/** Of [0, 1/n], (1/n, 2/n] …. */
function uniformBin(score: number, bins: number): number {
  let bin = Math.max(0, Math.min(bins - 1, Math.floor(score * bins)));
  while (bin > 0 && score <= bin / bins) bin -= 1;
  while (bin < bins - 1 && score > (bin + 1) / bins) bin += 1;
  return bin;
}

/** Fills what each place counts, and adds it up by class. */
function count(
  { order, isPositive, weights }: Walked,
  counted: Float64Array,
  counts: Uint16Array,
): { readonly positives: number; readonly negatives: number } {
  let all = 0;
  let positives = 0;
  for (let place = 0; place < order.length; place += 1) {
    const own = (counts[order[place] ?? 0] ?? 0) * (weights === undefined ? 1 : (weights[place] ?? 0));
    counted[place] = own;
    all += own;
    positives += own * (isPositive[place] ?? 0);
  }
  return { positives, negatives: all - positives };
}

interface Walk {
  readonly counted: Float64Array;
  readonly positives: number;
  readonly negatives: number;
  readonly shares: readonly number[];
  readonly figures: Float64Array;
}

function ranked(walked: Walked, { counted, positives, negatives, shares, figures }: Walk): void {
  const { isPositive, isLast } = walked;
  const all = positives + negatives;
  let above = 0;
  let falsely = 0;
  let precisions = 0;
  let distance = 0;
  let up = 0;
  let both = 0;
  let nextShare = 0;
  let start = 0;
  while (counted[start] === 0) start += 1;
  // From the first row that counts on, so that no score needs a look whether its rows were drawn: which no processor foresees.
  for (let place = start; place < counted.length; place += 1) {
    const own = counted[place] ?? 0;
    both += own;
    up += own * (isPositive[place] ?? 0);
    if (isLast[place] === 0) continue;
    const taken = above + falsely;
    for (; nextShare < shares.length; nextShare += 1) {
      const share = shares[nextShare] ?? 1;
      const rest = share * all - taken;
      if (rest > both) break;
      const gain = (above + (up * rest) / both) / positives;
      figures[2 + 2 * nextShare] = gain / share;
      figures[3 + 2 * nextShare] = gain;
    }
    above += up;
    falsely += both - up;
    precisions += up * (above / (above + falsely));
    distance = Math.max(distance, Math.abs(above * negatives - falsely * positives));
    up = 0;
    both = 0;
  }
  for (; nextShare < shares.length; nextShare += 1) {
    figures[2 + 2 * nextShare] = 1 / (shares[nextShare] ?? 1);
    figures[3 + 2 * nextShare] = 1;
  }
  figures[0] = precisions / positives;
  figures[1] = distance / (positives * negatives);
}

/** The mean distance of score and share of positives over bins, and the largest. */
class Errors {
  #sum = 0;
  #largest = 0;

  add(weight: number, gap: number): void {
    if (weight === 0) return;
    this.#sum += Math.abs(gap);
    this.#largest = Math.max(this.#largest, Math.abs(gap) / weight);
  }

  over(all: number): readonly [mean: number, largest: number] {
    return [this.#sum / all, this.#largest];
  }
}

/** Bins of equal width are neighbours down the scores. */
function uniformErrors({ uniformBins, scores, isPositive }: Walked, counted: Float64Array, all: number) {
  const errors = new Errors();
  for (let start = 0, end = 0; start < counted.length; start = end) {
    const bin = uniformBins[start];
    let weight = 0;
    let gap = 0;
    for (end = start; end < counted.length && uniformBins[end] === bin; end += 1) {
      const own = counted[end] ?? 0;
      weight += own;
      gap += own * ((scores[end] ?? 0) - (isPositive[end] ?? 0));
    }
    errors.add(weight, gap);
  }
  return errors.over(all);
}

/** Of bins of equal mass a score belongs to the one in which the middle of its weight falls. */
function quantileErrors(
  { isLast, scores, isPositive }: Walked,
  counted: Float64Array,
  { all, bins }: { readonly all: number; readonly bins: number },
) {
  const errors = new Errors();
  const perWeight = bins / all;
  let taken = 0;
  let both = 0;
  let gap = 0;
  let bin = 0;
  let weight = 0;
  let binGap = 0;
  for (let place = 0; place < counted.length; place += 1) {
    const own = counted[place] ?? 0;
    both += own;
    gap += own * ((scores[place] ?? 0) - (isPositive[place] ?? 0));
    if (isLast[place] === 0) continue;
    const next = Math.min(bins - 1, Math.floor((taken + both / 2) * perWeight));
    if (next !== bin) {
      errors.add(weight, binGap);
      bin = next;
      weight = 0;
      binGap = 0;
    }
    weight += both;
    binGap += gap;
    taken += both;
    both = 0;
    gap = 0;
  }
  errors.add(weight, binGap);
  return errors.over(all);
}

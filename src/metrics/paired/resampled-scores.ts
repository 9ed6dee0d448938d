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
  const bars = bins === undefined ? undefined : { uniform: new Bars(bins), quantile: new Bars(bins) };
  const walk = (counts: Uint16Array) => {
    const { positives, negatives } = count(walked, counted, counts);
    if (positives === 0 || negatives === 0) return figures.fill(Number.NaN);
    bars?.uniform.clear();
    bars?.quantile.clear();
    ranked(walked, { counted, positives, negatives, shares, figures, bars });
    const place = 2 + 2 * shares.length;
    const all = positives + negatives;
    if (bars !== undefined) figures.set([...bars.uniform.errors(all), ...bars.quantile.errors(all)], place);
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
  let [all, positives] = [0, 0];
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
  readonly bars: { readonly uniform: Bars; readonly quantile: Bars } | undefined;
}

function ranked(walked: Walked, { counted, positives, negatives, shares, figures, bars }: Walk): void {
  const { isPositive, isLast, scores, uniformBins } = walked;
  const all = positives + negatives;
  const perWeight = (bars?.quantile.count ?? 0) / all;
  let [above, falsely, precisions, distance] = [0, 0, 0, 0];
  let [up, both, nextShare] = [0, 0, 0];
  for (let place = 0; place < counted.length; place += 1) {
    const own = counted[place] ?? 0;
    both += own;
    up += own * (isPositive[place] ?? 0);
    if (isLast[place] === 0 || both === 0) continue;
    const taken = above + falsely;
    for (; nextShare < shares.length; nextShare += 1) {
      const share = shares[nextShare] ?? 1;
      const rest = share * all - taken;
      if (rest > both) break;
      const gain = (above + (up * rest) / both) / positives;
      figures[2 + 2 * nextShare] = gain / share;
      figures[3 + 2 * nextShare] = gain;
    }
    if (bars !== undefined) {
      const gap = (scores[place] ?? 0) * both - up;
      bars.uniform.add(uniformBins[place] ?? 0, both, gap);
      bars.quantile.add(Math.floor((taken + both / 2) * perWeight), both, gap);
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

/** Sums by bin. */
class Bars {
  readonly count: number;
  readonly #weights: Float64Array;
  readonly #gaps: Float64Array;

  constructor(count: number) {
    this.count = count;
    this.#weights = new Float64Array(count);
    this.#gaps = new Float64Array(count);
  }

  clear(): void {
    this.#weights.fill(0);
    this.#gaps.fill(0);
  }

  /** What the score of rows adds up to above their positives. */
  add(given: number, weight: number, gap: number): void {
    const bin = Math.min(given, this.count - 1);
    this.#weights[bin] = (this.#weights[bin] ?? 0) + weight;
    this.#gaps[bin] = (this.#gaps[bin] ?? 0) + gap;
  }

  /** The mean distance of score and share of positives over the bins, and the largest. */
  errors(all: number): readonly [mean: number, largest: number] {
    let [sum, largest] = [0, 0];
    for (let bin = 0; bin < this.count; bin += 1) {
      const weight = this.#weights[bin] ?? 0;
      if (weight === 0) continue;
      const gap = Math.abs(this.#gaps[bin] ?? 0);
      sum += gap;
      largest = Math.max(largest, gap / weight);
    }
    return [sum / all, largest];
  }
}

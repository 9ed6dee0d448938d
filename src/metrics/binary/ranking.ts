import { areaInterval } from "../intervals/area.ts";
import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import { RunningSum, runLength } from "../sums/running-sum.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Of some of the rows of a group, among all of them. */
export interface RankingSums {
  /** Pairs that are ranked rightly, twice; ties count once. */
  readonly doubledPairs: number;
  /** The same where a double does not hold it. */
  readonly manyPairs: bigint;
  readonly precisionAtPositives: number;
  /** Largest distance of true and false positive rate, times positives times negatives. */
  readonly distance: number;
  /** Squared placements of the positives and of the negatives; see `rocAucInterval`. */
  readonly squaredOfPositives: number;
  readonly squaredOfNegatives: number;
}

/** Goes down the blocks of a group. `totals` are those of all its rows. */
export class RankingWalk {
  readonly #totals: Totals;
  readonly #pairs = new RunningSum();
  readonly #precisions = new RunningSum();
  readonly #isMany: boolean;
  #manyPairs = 0n;
  #distance = 0;
  #squaredOfPositives = 0;
  #squaredOfNegatives = 0;

  constructor(totals: Totals, isWeighted: boolean) {
    this.#totals = totals;
    this.#isMany = !isWeighted && 2 * totals.positives * totals.negatives > Number.MAX_SAFE_INTEGER;
  }

  /**
   * In runs of blocks: plain sums within a run, and a RunningSum of the runs. So the sums keep their digits without an addition more
   * for each block.
   */
  add({ scores, positives, negatives }: ScoreBlocks, from: Totals): void {
    const { positives: allPositives, negatives: allNegatives } = this.#totals;
    let above = from.positives;
    let falsely = from.negatives;
    let distance = this.#distance;
    for (let start = 0; start < scores.length; start += runLength) {
      const end = Math.min(scores.length, start + runLength);
      let runPairs = 0;
      let runPrecisions = 0;
      let runSquaresUp = 0;
      let runSquaresDown = 0;
      for (let block = start; block < end; block += 1) {
        const up = positives[block] ?? 0;
        const down = negatives[block] ?? 0;
        const negativesAbove = 2 * falsely + down;
        runPairs += down * (2 * above + up);
        above += up;
        falsely += down;
        const positivesBelow = 2 * (allPositives - above) + up;
        // Without a branch for negatives, which no processor foresees.
        runPrecisions += up * (above / (above + falsely));
        runSquaresUp += up * negativesAbove * negativesAbove;
        runSquaresDown += down * positivesBelow * positivesBelow;
        distance = Math.max(distance, Math.abs(above * allNegatives - falsely * allPositives));
      }
      this.#pairs.add(runPairs);
      this.#precisions.add(runPrecisions);
      this.#squaredOfPositives += runSquaresUp;
      this.#squaredOfNegatives += runSquaresDown;
    }
    this.#distance = distance;
    if (this.#isMany) this.#manyPairs += manyPairs(positives, negatives, from.positives);
  }

  get sums(): RankingSums {
    return {
      doubledPairs: this.#pairs.value,
      manyPairs: this.#manyPairs,
      precisionAtPositives: this.#precisions.value,
      distance: this.#distance,
      squaredOfPositives: this.#squaredOfPositives,
      squaredOfNegatives: this.#squaredOfNegatives,
    };
  }
}

/** More pairs than a double counts one by one. */
function manyPairs(
  positives: ScoreBlocks["positives"],
  negatives: ScoreBlocks["negatives"],
  from: number,
): bigint {
  let [pairs, above, part] = [0n, from, 0];
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
  return pairs + BigInt(part);
}

/** Of all parts of a group's rows, highest scores first. */
export function joinRankings(parts: readonly RankingSums[]): RankingSums {
  const sum = (of: (one: RankingSums) => number) => {
    const all = new RunningSum();
    for (const part of parts) all.add(of(part));
    return all.value;
  };
  return {
    doubledPairs: sum((one) => one.doubledPairs),
    manyPairs: parts.reduce((all, one) => all + one.manyPairs, 0n),
    precisionAtPositives: sum((one) => one.precisionAtPositives),
    distance: parts.reduce((most, one) => Math.max(most, one.distance), 0),
    squaredOfPositives: sum((one) => one.squaredOfPositives),
    squaredOfNegatives: sum((one) => one.squaredOfNegatives),
  };
}

/**
 * `roc_auc, average_precision, ks, gini` by scikit-learn's definitions (1.9.1): ROC over distinct scores with trapezoids (ties count
 * half), average precision as a step function, KS the largest distance of true and false positive rate. Without weights the pairs
 * of the area are counted in whole numbers.
 */
export function rankingOutcomes(
  sums: RankingSums,
  { positives, negatives }: Totals,
  reason: { readonly undefined: string },
): Record<string, MetricOutcome> {
  if (positives === 0 || negatives === 0) {
    return { roc_auc: reason, average_precision: reason, ks: reason, gini: reason };
  }
  const doubledPairs = sums.manyPairs === 0n ? sums.doubledPairs : Number(sums.manyPairs);
  const pairs = 2 * positives * negatives;
  return {
    roc_auc: doubledPairs / pairs,
    average_precision: sums.precisionAtPositives / positives,
    ks: sums.distance / (positives * negatives),
    gini: (2 * doubledPairs - pairs) / pairs,
  };
}

/**
 * 95 % interval of `roc_auc` after DeLong, DeLong & Clarke-Pearson (1988), by placement values from the sorted scores (Sun & Xu
 * 2014). A positive's placement is the share of negatives above it, ties half, a negative's the share of positives below it: what
 * is wrong about each, which is small for a good model, so that the differences below lose few digits. Undefined for fewer than two
 * rows of a class.
 */
export function rocAucInterval(
  sums: RankingSums,
  { positives, negatives }: Totals,
  area: number,
): MetricInterval | undefined {
  if (positives < 2 || negatives < 2) return undefined;
  // The sum of the placements, doubled, of either class: all pairs but those that are ranked rightly.
  const wrong =
    sums.manyPairs === 0n
      ? 2 * positives * negatives - sums.doubledPairs
      : Number(2n * BigInt(positives) * BigInt(negatives) - sums.manyPairs);
  const spread = (squares: number, rows: number, others: number) =>
    (squares - (wrong / rows) * wrong) / (rows - 1) / (2 * others) ** 2;
  const variance =
    spread(sums.squaredOfPositives, positives, negatives) / positives +
    spread(sums.squaredOfNegatives, negatives, positives) / negatives;
  return areaInterval(area, variance, Math.min(positives, negatives));
}

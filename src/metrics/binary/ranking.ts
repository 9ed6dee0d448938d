import { areaInterval } from "../intervals/area.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { MetricInterval, MetricOutcome } from "../metric-set.ts";
import { RunningSum, runningValue } from "../sums/running-sum.ts";
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
  readonly #kernel: Kernel;
  readonly #totals: Totals;
  /** As `rank` in the kernel has it. */
  readonly #state = new Float64Array(7);
  readonly #isMany: boolean;
  #manyPairs = 0n;

  constructor(kernel: Kernel, totals: Totals, isWeighted: boolean) {
    this.#kernel = kernel;
    this.#totals = totals;
    this.#isMany = !isWeighted && 2 * totals.positives * totals.negatives > Number.MAX_SAFE_INTEGER;
  }

  /**
   * In runs of blocks: plain sums within a run, and a RunningSum of the runs. So the sums keep their digits without an addition more
   * for each block.
   */
  add({ positives, negatives }: ScoreBlocks, from: Totals): void {
    const kernel = this.#kernel;
    const [ups, downs] = [kernel.at(positives), kernel.at(negatives)];
    const { positives: allPositives, negatives: allNegatives } = this.#totals;
    kernel.with(this.#state, (state) =>
      kernel.loops.rank(
        state,
        ups,
        downs,
        positives.length,
        from.positives,
        from.negatives,
        allPositives,
        allNegatives,
      ),
    );
    if (this.#isMany) this.#manyPairs += manyPairs(positives, negatives, from.positives);
  }

  get sums(): RankingSums {
    const [pairs, pairsError, precisions, precisionsError, distance = 0, ofPositives = 0, ofNegatives = 0] =
      this.#state;
    return {
      doubledPairs: runningValue(pairs, pairsError),
      manyPairs: this.#manyPairs,
      precisionAtPositives: runningValue(precisions, precisionsError),
      distance,
      squaredOfPositives: ofPositives,
      squaredOfNegatives: ofNegatives,
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

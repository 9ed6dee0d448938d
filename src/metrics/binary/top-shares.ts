import { type MetricOutcome, ratio } from "../metric-set.ts";
import { RunningSum } from "../sums/running-sum.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Span, Totals } from "./totals.ts";

/** Counts the positives among a share of all weight with the highest scores, going down the blocks. */
export class TopShareWalk {
  readonly #cut: number;
  /** Undefined: no row here is among them. */
  #reached: number | undefined;

  constructor(totals: Totals, share: number) {
    this.#cut = share * (totals.positives + totals.negatives);
  }

  add({ positives, negatives }: ScoreBlocks, { above, end }: Span): void {
    let taken = above.positives + above.negatives;
    if (taken >= this.#cut) return;
    if (end.positives + end.negatives <= this.#cut) {
      this.#reached = end.positives;
      return;
    }
    let reached = above.positives;
    for (let block = 0; block < positives.length && taken < this.#cut; block += 1) {
      const up = positives[block] ?? 0;
      const weight = up + (negatives[block] ?? 0);
      reached += up * Math.min(1, (this.#cut - taken) / weight);
      taken += weight;
    }
    this.#reached = reached;
  }

  get reached(): number | undefined {
    return this.#reached;
  }
}

/**
 * `lift@k` and `gain@k`: the share of positives among the k of all weight with the highest scores, over their share in all, and the
 * share of all positives that is among them. A tied block at the cut counts with its expected share.
 */
export function topShare(
  reached: number | undefined,
  totals: Totals,
  share: number,
): { lift: MetricOutcome; gain: MetricOutcome } {
  const gain = ratio(reached ?? 0, totals.positives, "zero division: no positive row");
  return { gain, lift: typeof gain === "number" ? gain / share : gain };
}

/** Adds up the area under the ROC curve up to a false positive rate, going down the blocks. */
export class PartialAreaWalk {
  readonly #cut: number;
  readonly #area = new RunningSum();

  constructor(totals: Totals, maxFpr: number) {
    this.#cut = maxFpr * totals.negatives;
  }

  add({ positives: ups, negatives: downs }: ScoreBlocks, { above: from }: Span): void {
    let [above, falsely] = [from.positives, from.negatives];
    if (falsely > this.#cut) return;
    for (let block = 0; block < ups.length; block += 1) {
      const positives = ups[block] ?? 0;
      const negatives = downs[block] ?? 0;
      if (falsely + negatives > this.#cut) {
        const taken = this.#cut - falsely;
        this.#area.add(taken * (above + (positives * taken) / negatives / 2));
        return;
      }
      this.#area.add(negatives * (above + positives / 2));
      above += positives;
      falsely += negatives;
    }
  }

  get area(): number {
    return this.#area.value;
  }
}

/** Of all parts of the rows. */
export function joinAreas(areas: readonly number[]): number {
  const area = new RunningSum();
  for (const one of areas) area.add(one);
  return area.value;
}

/**
 * `roc_auc@fpr<=0.1`: area up to a false positive rate, standardised after McClish (1989): 0.5 is chance, 1 is perfect; what
 * scikit-learn calls `max_fpr`. There must be rows of both classes.
 */
export function partialArea(area: number, totals: Totals, maxFpr: number): number {
  const share = area / totals.positives / totals.negatives;
  const chance = maxFpr ** 2 / 2;
  return 0.5 * (1 + (share - chance) / (maxFpr - chance));
}

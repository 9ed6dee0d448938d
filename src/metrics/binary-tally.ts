import { ExactSum } from "./exact-sum.ts";
import type { Grouping } from "./metric-set.ts";

export interface BinaryInput {
  /** 0 or 1 a row. */
  readonly labels: Uint8Array;
  /** Finite; higher means more likely 1. */
  readonly scores: Float64Array;
  /** The type of the column that the scores came from: float32 scores are clipped at float32's precision. */
  readonly scoreDtype: "float32" | "float64";
  /** Predicted 1 where score >= threshold. Null: no class can be told from these scores, with the reason beside it. */
  readonly threshold: number | null;
}

/** All that the binary metrics need to know of one group of rows, collected in one walk down the scores. */
export class BinaryTally {
  count = 0;
  positives = 0;
  truePositives = 0;
  falsePositives = 0;
  readonly logLoss = new ExactSum();
  readonly squaredError = new ExactSum();
  /** Sum over tie groups of positives in it * precision down to it. */
  readonly precisionAtPositives = new ExactSum();
  /** 2 * (pairs ranked rightly) + (tied pairs), exact: what is beyond 2^52 is kept in `#manyPairs`. */
  #doubledPairs = 0;
  #manyPairs = 0n;
  #tieScore = Number.NaN;
  #tiePositives = 0;
  #tieNegatives = 0;

  get negatives(): number {
    return this.count - this.positives;
  }

  /** Rows must come by descending score. */
  add(row: { readonly isPositive: boolean; readonly score: number; readonly isPredicted: boolean }): void {
    if (row.score !== this.#tieScore) {
      this.closeTie();
      this.#tieScore = row.score;
    }
    if (row.isPositive) this.#tiePositives += 1;
    else this.#tieNegatives += 1;
    if (!row.isPredicted) return;
    if (row.isPositive) this.truePositives += 1;
    else this.falsePositives += 1;
  }

  /** Counts the rows of the score that was being read. To be called after the last row too. */
  closeTie(): void {
    if (this.#tiePositives + this.#tieNegatives === 0) return;
    this.#addPairs(this.#tieNegatives, 2 * this.positives + this.#tiePositives);
    this.positives += this.#tiePositives;
    this.count += this.#tiePositives + this.#tieNegatives;
    if (this.#tiePositives > 0) {
      this.precisionAtPositives.add(this.#tiePositives * (this.positives / this.count));
    }
    this.#tiePositives = 0;
    this.#tieNegatives = 0;
  }

  #addPairs(negatives: number, weight: number): void {
    const pairs = negatives * weight;
    if (pairs > 2 ** 52) {
      this.#manyPairs += BigInt(negatives) * BigInt(weight);
      return;
    }
    this.#doubledPairs += pairs;
    if (this.#doubledPairs > 2 ** 52) {
      this.#manyPairs += BigInt(this.#doubledPairs);
      this.#doubledPairs = 0;
    }
  }

  /** Area under the ROC curve: the share of rightly ranked pairs, ties half. NaN where a class is missing. */
  get rocAuc(): number {
    return Number(this.#manyPairs + BigInt(this.#doubledPairs)) / (2 * this.positives * this.negatives);
  }
}

/**
 * One walk down the sorted rows fills the tallies of all groups of one column. `order` comes from `descendingOrder`,
 * `losses` are the rows' log-losses (undefined where the scores are no probabilities).
 */
export function tallyBinary(
  input: BinaryInput,
  sorted: { readonly order: Uint32Array; readonly losses: Float64Array | undefined },
  grouping: Grouping | undefined,
): readonly BinaryTally[] {
  const { labels, scores, threshold } = input;
  const tallies = Array.from({ length: grouping?.count ?? 1 }, () => new BinaryTally());
  for (const row of sorted.order) {
    const tally = tallies[grouping?.codes[row] ?? 0];
    if (tally === undefined) throw new RangeError(`row ${row} has a group code beyond ${tallies.length - 1}`);
    const score = scores[row] ?? Number.NaN;
    const label = labels[row] ?? 0;
    tally.add({ isPositive: label === 1, score, isPredicted: threshold !== null && score >= threshold });
    if (sorted.losses !== undefined) {
      tally.logLoss.add(sorted.losses[row] ?? Number.NaN);
      tally.squaredError.add((score - label) ** 2);
    }
  }
  for (const tally of tallies) tally.closeTie();
  return tallies;
}

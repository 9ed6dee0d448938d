import { drawn } from "../curves/thin-curve.ts";
import type { ClassCurves } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Above so many distinct scores, points too near to each other to be told apart in a drawing are left out at once. */
const mostCuts = 8192;
const cells = 1024;

/** Predicted 1 down to a score: so many are rightly so, so many falsely. */
export interface Cut {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly threshold: number;
}

/** Behind which blocks of some of the rows a curve may have a point. */
export interface Cuts {
  readonly blocks: number;
  /** Behind every block; none where they are too many. */
  readonly all: readonly Cut[];
  readonly some: readonly Cut[];
}

const noCut: Cut = { truePositives: 0, falsePositives: 0, threshold: Number.NaN };

/**
 * Collects, going down the blocks, the last and the first cuts around each 1024th of the way along the ROC curve and along the recall,
 * and between those the highest and the lowest precision, which stand behind and before blocks with positives.
 */
export class CutWalk {
  readonly #totals: Totals;
  #blocks = 0;
  #all: Cut[] = [];
  readonly #some: Cut[] = [];
  #last = noCut;
  #nextWay = 0;
  #nextRecall = 0;
  #lowest = noCut;
  #lowestPrecision = Number.POSITIVE_INFINITY;
  #highest = noCut;
  #highestPrecision = 0;

  constructor(totals: Totals) {
    this.#totals = totals;
  }

  add(blocks: ScoreBlocks, from: Totals): void {
    this.#blocks += blocks.scores.length;
    if (this.#blocks <= mostCuts) this.#takeAll(blocks, from);
    else this.#all = [];
    this.#takeSome(blocks, from);
  }

  get cuts(): Cuts {
    return { blocks: this.#blocks, all: this.#all, some: [...this.#some, this.#last] };
  }

  #takeAll({ scores, positives, negatives }: ScoreBlocks, from: Totals): void {
    let [truePositives, falsePositives] = [from.positives, from.negatives];
    for (let block = 0; block < scores.length; block += 1) {
      truePositives += positives[block] ?? 0;
      falsePositives += negatives[block] ?? 0;
      this.#all.push({ truePositives, falsePositives, threshold: scores[block] ?? 0 });
    }
  }

  #takeSome({ scores, positives, negatives }: ScoreBlocks, from: Totals): void {
    const [perPositive, perNegative] = [1 / this.#totals.positives, 1 / (this.#totals.negatives || 1)];
    let [truePositives, falsePositives, before] = [from.positives, from.negatives, this.#last.threshold];
    let [lowest, highest, nextWay] = [this.#lowestPrecision, this.#highestPrecision, this.#nextWay];
    for (let block = 0; block < scores.length; block += 1) {
      const up = positives[block] ?? 0;
      const down = negatives[block] ?? 0;
      const score = scores[block] ?? 0;
      if (up > 0) {
        const precision = truePositives / (truePositives + falsePositives);
        if (precision < lowest) {
          lowest = precision;
          this.#lowest = { truePositives, falsePositives, threshold: before };
        }
      }
      truePositives += up;
      falsePositives += down;
      const recall = truePositives * perPositive;
      const way = recall + falsePositives * perNegative;
      const isFar = way >= nextWay;
      if (isFar) nextWay = way + 2 / cells;
      const isHigher = up > 0 && recall >= this.#nextRecall;
      if (isFar || isHigher) {
        this.#some.push({
          truePositives: truePositives - up,
          falsePositives: falsePositives - down,
          threshold: before,
        });
        this.#some.push({ truePositives, falsePositives, threshold: score });
      }
      if (isHigher) {
        this.#some.push(this.#lowest, this.#highest);
        [lowest, highest] = [Number.POSITIVE_INFINITY, 0];
        this.#nextRecall = recall + 1 / cells;
      }
      if (up > 0) {
        const precision = truePositives / (truePositives + falsePositives);
        if (precision > highest) {
          highest = precision;
          this.#highest = { truePositives, falsePositives, threshold: score };
        }
      }
      before = score;
    }
    [this.#lowestPrecision, this.#highestPrecision, this.#nextWay] = [lowest, highest, nextWay];
    this.#last = { truePositives, falsePositives, threshold: before };
  }
}

/**
 * ROC, precision-recall and gain curve, each thinned to at most 500 points; null where a class that they need is missing. `parts` are
 * in the order of the scores, highest first.
 */
export function curvesOf(parts: readonly Cuts[], totals: Totals): ClassCurves {
  const { positives, negatives } = totals;
  if (positives === 0) return { class: null, roc: null, precisionRecall: null, gain: null };
  const cuts = joinCuts(parts);
  const nothing = { x: 0, y: 0, threshold: null };
  const roc = cuts.map(({ truePositives, falsePositives, threshold }) => ({
    x: falsePositives / negatives,
    y: truePositives / positives,
    threshold,
  }));
  const precisionRecall = cuts.map(({ truePositives, falsePositives, threshold }) => ({
    x: truePositives / positives,
    y: truePositives / (truePositives + falsePositives),
    threshold,
  }));
  const gain = cuts.map(({ truePositives, falsePositives, threshold }) => ({
    x: (truePositives + falsePositives) / (positives + negatives),
    y: truePositives / positives,
    threshold,
  }));
  return {
    class: null,
    roc: negatives === 0 ? null : drawn([nothing, ...roc]),
    // Where nothing is predicted 1 precision counts as 1, as in scikit-learn's last point.
    precisionRecall: drawn([{ ...nothing, y: 1 }, ...precisionRecall]),
    gain: drawn([nothing, ...gain]),
  };
}

/** All cuts where they are few, else those that were chosen, each once and in order; none above the first block. */
function joinCuts(parts: readonly Cuts[]): readonly Cut[] {
  const blocks = parts.reduce((sum, part) => sum + part.blocks, 0);
  if (blocks <= mostCuts) return parts.flatMap((part) => part.all);
  const chosen = parts.flatMap((part) => part.some).filter((cut) => !Number.isNaN(cut.threshold));
  const byThreshold = new Map(chosen.map((cut) => [cut.threshold, cut]));
  return [...byThreshold.values()].sort((one, other) => other.threshold - one.threshold);
}

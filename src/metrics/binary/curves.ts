import { drawn } from "../curves/thin-curve.ts";
import type { ClassCurves } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Above so many distinct scores, points too near to each other to be told apart in a drawing are left out at once. */
const mostCuts = 8192;
const cells = 1024;
/** Below so many rows a block moves a curve by less than can be seen: then only every so many blocks are looked at. */
const fineRows = 2 ** 17;
const coarseStep = 16;

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

/** How many more cuts are to be kept, of several parts; below 0 they are too many for all to be kept. */
export interface CutBudget {
  cuts: number;
}

export function newBudget(): CutBudget {
  return { cuts: mostCuts };
}

interface Extreme extends Cut {
  readonly precision: number;
}

const noCut: Cut = { truePositives: 0, falsePositives: 0, threshold: Number.NaN };

/**
 * Collects, going down the blocks, the last and the first cuts around each 1024th of the way along the ROC curve and along the recall,
 * and between those the highest and the lowest precision, which stand behind and before blocks with positives.
 */
export class CutWalk {
  readonly #totals: Totals;
  #blocks = 0;
  readonly #budget: CutBudget;
  readonly #fine: number;
  #all: Cut[] = [];
  readonly #some: Cut[] = [];
  #last = noCut;
  #nextWay = 0;
  #nextRecall = 0;
  #lowest: Extreme = { ...noCut, precision: Number.POSITIVE_INFINITY };
  #highest: Extreme = { ...noCut, precision: 0 };

  /** Every block is looked at until `fine` rows were passed. */
  constructor(totals: Totals, budget = newBudget(), fine = fineRows) {
    this.#totals = totals;
    this.#budget = budget;
    this.#fine = fine;
  }

  add(blocks: ScoreBlocks, from: Totals): void {
    this.#blocks += blocks.scores.length;
    this.#budget.cuts -= blocks.scores.length;
    if (this.#budget.cuts >= 0) this.#takeAll(blocks, from);
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

  /** Plain numbers and no objects: most blocks with positives move an extreme. */
  #takeSome({ scores, positives, negatives }: ScoreBlocks, from: Totals): void {
    const perPositive = 1 / this.#totals.positives;
    const perNegative = 1 / (this.#totals.negatives || 1);
    let up = from.positives;
    let down = from.negatives;
    let before = this.#last.threshold;
    let nextWay = this.#nextWay;
    let nextRecall = this.#nextRecall;
    let {
      precision: least,
      threshold: leastAt,
      truePositives: leastUp,
      falsePositives: leastDown,
    } = this.#lowest;
    let {
      precision: most,
      threshold: mostAt,
      truePositives: mostUp,
      falsePositives: mostDown,
    } = this.#highest;
    let precision = up / (up + down);
    const step = up + down > this.#fine ? coarseStep : 1;
    for (let start = 0; start < scores.length; start += step) {
      const end = Math.min(scores.length, start + step);
      const score = scores[end - 1] ?? 0;
      const upBefore = up;
      const downBefore = down;
      for (let block = start; block < end; block += 1) {
        up += positives[block] ?? 0;
        down += negatives[block] ?? 0;
      }
      const more = up - upBefore;
      if (more !== 0 && precision < least) {
        least = precision;
        leastAt = before;
        leastUp = upBefore;
        leastDown = downBefore;
      }
      const recall = up * perPositive;
      const way = recall + down * perNegative;
      const isHigher = more !== 0 && recall >= nextRecall;
      if (way >= nextWay || isHigher) {
        this.#take(upBefore, downBefore, before);
        this.#take(up, down, score);
        if (way >= nextWay) nextWay = way + 2 / cells;
      }
      if (isHigher) {
        this.#take(leastUp, leastDown, leastAt);
        this.#take(mostUp, mostDown, mostAt);
        least = Number.POSITIVE_INFINITY;
        most = 0;
        nextRecall = recall + 1 / cells;
      }
      precision = up / (up + down);
      if (more !== 0 && precision > most) {
        most = precision;
        mostAt = score;
        mostUp = up;
        mostDown = down;
      }
      before = score;
    }
    this.#nextWay = nextWay;
    this.#nextRecall = nextRecall;
    this.#lowest = {
      precision: least,
      threshold: leastAt,
      truePositives: leastUp,
      falsePositives: leastDown,
    };
    this.#highest = { precision: most, threshold: mostAt, truePositives: mostUp, falsePositives: mostDown };
    this.#last = { truePositives: up, falsePositives: down, threshold: before };
  }

  #take(truePositives: number, falsePositives: number, threshold: number): void {
    this.#some.push({ truePositives, falsePositives, threshold });
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

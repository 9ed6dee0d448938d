import { drawn } from "../curves/thin-curve.ts";
import type { ClassCurves } from "../details.ts";
import type { Kernel } from "../kernel/kernel.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Above so many distinct scores, points too near to each other to be told apart in a drawing are left out at once. */
const mostCuts = 8192;
const cells = 1024;
/** Below so many rows a block moves a curve by less than can be seen: then only every so many blocks are looked at. */
const fineRows = 2 ** 17;
const coarseStep = 16;
/** Two for each 1024th of the way, which is 2 long and goes on in double steps, and four for each of the recall; and some more. */
const mostTaken = 6 * (cells + 8);

/** Predicted 1 down to a score: so many are rightly so, so many falsely. */
export interface Cut {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly threshold: number;
}

/** Behind which blocks of some of the rows a curve may have a point. */
export interface Cuts {
  readonly blocks: number;
  /** None where they are too many. */
  readonly all: readonly CutBlocks[];
  readonly some: readonly Cut[];
}

/** Some blocks, and what lies above them. */
interface CutBlocks extends Pick<ScoreBlocks, "scores" | "positives" | "negatives"> {
  readonly above: Totals;
}

/** How many more cuts are to be kept, of several parts; below 0 they are too many for all to be kept. */
export interface CutBudget {
  cuts: number;
}

export function newBudget(): CutBudget {
  return { cuts: mostCuts };
}

/** What the walks of one thread share, for at most so many blocks at once. */
export class CutRoom {
  readonly kernel: Kernel;
  /** As `takeCuts` in the kernel writes them: three doubles each. */
  readonly cuts: Float64Array;

  constructor(kernel: Kernel, mostBlocks: number) {
    this.kernel = kernel;
    this.cuts = kernel.allot(Float64Array, 3 * Math.min(4 * mostBlocks, mostTaken));
  }
}

/**
 * Collects, going down the blocks, the last and the first cuts around each 1024th of the way along the ROC curve and along the recall,
 * and between those the highest and the lowest precision, which stand behind and before blocks with positives.
 */
export class CutWalk {
  readonly #room: CutRoom;
  readonly #totals: Totals;
  #blocks = 0;
  readonly #budget: CutBudget;
  readonly #fine: number;
  #all: CutBlocks[] = [];
  readonly #some: Cut[] = [];
  /** As `takeCuts` in the kernel has it: what is above, the last threshold, then where next, and the extremes of the precision. */
  readonly #state = new Float64Array(13);

  /** Every block is looked at until `fine` rows were passed. */
  constructor(room: CutRoom, totals: Totals, budget = newBudget(), fine = fineRows) {
    this.#room = room;
    this.#totals = totals;
    this.#budget = budget;
    this.#fine = fine;
    this.#state[2] = Number.NaN;
    this.#state[5] = Number.POSITIVE_INFINITY;
    this.#state[8] = Number.NaN;
    this.#state[12] = Number.NaN;
  }

  add(blocks: ScoreBlocks, from: Totals): void {
    this.#blocks += blocks.scores.length;
    this.#budget.cuts -= blocks.scores.length;
    // Copies of the columns: most tables have too many, and then a cut for each was made for nothing.
    if (this.#budget.cuts >= 0) this.#all.push(copyOf(blocks, from));
    else this.#all = [];
    this.#takeSome(blocks, from);
  }

  get cuts(): Cuts {
    return { blocks: this.#blocks, all: this.#all, some: [...this.#some, cutAt(this.#state, 0)] };
  }

  #takeSome({ scores, positives, negatives }: ScoreBlocks, from: Totals): void {
    const { kernel, cuts } = this.#room;
    this.#state[0] = from.positives;
    this.#state[1] = from.negatives;
    const taken = kernel.with(this.#state, (state) =>
      kernel.loops.takeCuts(
        state,
        kernel.at(cuts),
        kernel.at(scores),
        kernel.at(positives),
        kernel.at(negatives),
        scores.length,
        from.positives + from.negatives > this.#fine ? coarseStep : 1,
        1 / this.#totals.positives,
        1 / (this.#totals.negatives || 1),
        cells,
      ),
    );
    for (let cut = 0; cut < taken; cut += 1) this.#some.push(cutAt(cuts, 3 * cut));
  }
}

function copyOf({ scores, positives, negatives }: ScoreBlocks, above: Totals): CutBlocks {
  return { scores: scores.slice(), positives: positives.slice(), negatives: negatives.slice(), above };
}

/** Behind every block. */
function cutsOf({ scores, positives, negatives, above }: CutBlocks): Cut[] {
  let [truePositives, falsePositives] = [above.positives, above.negatives];
  return Array.from(scores, (threshold, block) => {
    truePositives += positives[block] ?? 0;
    falsePositives += negatives[block] ?? 0;
    return { truePositives, falsePositives, threshold };
  });
}

function cutAt(doubles: Float64Array, at: number): Cut {
  return {
    truePositives: doubles[at] ?? 0,
    falsePositives: doubles[at + 1] ?? 0,
    threshold: doubles[at + 2] ?? 0,
  };
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
  if (blocks <= mostCuts) return parts.flatMap((part) => part.all.flatMap(cutsOf));
  const chosen = parts.flatMap((part) => part.some).filter((cut) => !Number.isNaN(cut.threshold));
  const byThreshold = new Map(chosen.map((cut) => [cut.threshold, cut]));
  return [...byThreshold.values()].sort((one, other) => other.threshold - one.threshold);
}

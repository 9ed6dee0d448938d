import { drawn } from "../curves/thin-curve.ts";
import type { ClassCurves } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Above so many distinct scores, points too near to each other to be told apart in a drawing are left out at once. */
const mostCandidates = 8192;
const cells = 1024;

/** ROC, precision-recall and gain curve, each thinned to at most 500 points; null where a class that they need is missing. */
export function curvesOf(blocks: ScoreBlocks, totals: Totals): ClassCurves {
  const { positives, negatives } = totals;
  if (positives === 0) return { class: null, roc: null, precisionRecall: null, gain: null };
  const cuts = cutsOf(blocks, candidates(blocks, totals));
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

/**
 * The blocks behind which a curve may have a point, all of them where they are few. Of many: the last and the first ones around each
 * 1024th of the way along the ROC curve and along the recall, and between those the highest and the lowest precision, which stand
 * behind and before blocks with positives.
 */
function candidates({ scores, positives, negatives }: ScoreBlocks, totals: Totals): Iterable<number> {
  if (scores.length <= mostCandidates) return scores.keys();
  const chosen = new Set<number>([0, scores.length - 1]);
  const [perPositive, perNegative] = [1 / totals.positives, 1 / (totals.negatives || 1)];
  const step = 1 / cells;
  const lowest = { precision: Number.POSITIVE_INFINITY, block: 0 };
  const highest = { precision: 0, block: 0 };
  let [truePositives, falsePositives, nextWay, nextRecall] = [0, 0, 0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    const up = positives[block] ?? 0;
    if (up > 0 && block > 0) takeLower(lowest, truePositives / (truePositives + falsePositives), block - 1);
    truePositives += up;
    falsePositives += negatives[block] ?? 0;
    const recall = truePositives * perPositive;
    const way = recall + falsePositives * perNegative;
    if (way >= nextWay) {
      chosen.add(Math.max(0, block - 1)).add(block);
      nextWay = way + 2 * step;
    }
    if (up === 0) continue;
    if (recall >= nextRecall) {
      chosen
        .add(Math.max(0, block - 1))
        .add(block)
        .add(lowest.block)
        .add(highest.block);
      lowest.precision = Number.POSITIVE_INFINITY;
      highest.precision = 0;
      nextRecall = recall + step;
    }
    takeHigher(highest, truePositives / (truePositives + falsePositives), block);
  }
  return Uint32Array.from(chosen).sort();
}

interface Extreme {
  precision: number;
  block: number;
}

function takeLower(extreme: Extreme, precision: number, block: number): void {
  if (precision >= extreme.precision) return;
  extreme.precision = precision;
  extreme.block = block;
}

function takeHigher(extreme: Extreme, precision: number, block: number): void {
  if (precision <= extreme.precision) return;
  extreme.precision = precision;
  extreme.block = block;
}

/** Predicted 1 down to a score: so many are rightly so, so many falsely. */
interface Cut {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly threshold: number;
}

function cutsOf({ scores, positives, negatives }: ScoreBlocks, blocks: Iterable<number>): readonly Cut[] {
  const cuts: Cut[] = [];
  let [truePositives, falsePositives, next] = [0, 0, 0];
  for (const block of blocks) {
    for (; next <= block; next += 1) {
      truePositives += positives[next] ?? 0;
      falsePositives += negatives[next] ?? 0;
    }
    cuts.push({ truePositives, falsePositives, threshold: scores[block] ?? 0 });
  }
  return cuts;
}

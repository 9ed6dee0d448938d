import { drawn } from "../curves/thin-curve.ts";
import type { ClassCurves } from "../details.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import type { Totals } from "./totals.ts";

/** Above so many distinct scores, points too near to each other to be told apart in a drawing are left out at once. */
const mostCandidates = 8192;
const cells = 4096;

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
 * 4096th of the way along the ROC curve and along the recall, and between those the highest and the lowest precision.
 */
function candidates({ scores, positives, negatives }: ScoreBlocks, totals: Totals): Iterable<number> {
  if (scores.length <= mostCandidates) return scores.keys();
  const chosen = new Set<number>([scores.length - 1]);
  const [perPositive, perNegative] = [cells / totals.positives, cells / (totals.negatives || 1)];
  let [truePositives, falsePositives, way, recall] = [0, 0, -1, -1];
  let [lowest, highest, lowestBlock, highestBlock] = [0, 0, 0, 0];
  for (let block = 0; block < scores.length; block += 1) {
    truePositives += positives[block] ?? 0;
    falsePositives += negatives[block] ?? 0;
    const precision = truePositives / (truePositives + falsePositives);
    const recallCell = Math.trunc(truePositives * perPositive);
    const wayCell = Math.trunc((truePositives * perPositive + falsePositives * perNegative) / 2);
    if (recallCell !== recall || wayCell !== way) chosen.add(Math.max(0, block - 1)).add(block);
    if (recallCell !== recall) {
      chosen.add(lowestBlock).add(highestBlock);
      lowest = precision;
      highest = precision;
      lowestBlock = block;
      highestBlock = block;
    } else if (precision < lowest) {
      lowest = precision;
      lowestBlock = block;
    } else if (precision > highest) {
      highest = precision;
      highestBlock = block;
    }
    way = wayCell;
    recall = recallCell;
  }
  return Uint32Array.from(chosen).sort();
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

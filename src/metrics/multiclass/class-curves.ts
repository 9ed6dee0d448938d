import { CutWalk, curvesOf } from "../binary/curves.ts";
import type { ScoreBlocks } from "../binary/score-blocks.ts";
import { noTotals, spanOf } from "../binary/totals.ts";
import type { ClassCurves } from "../details.ts";
import { descendingOrder } from "../score-order.ts";
import type { MulticlassInput } from "./multiclass-input.ts";

/** More curves nobody can tell apart in a drawing, and each makes the result file larger. */
const mostClasses = 10;

/**
 * ROC, precision-recall and gain curve of each class against the rest, of the first ten classes; undefined without probabilities.
 * Thinned for drawing; the order of rows changes nothing.
 */
export function classCurves(input: MulticlassInput): readonly ClassCurves[] | undefined {
  const { probabilities, classes } = input;
  return probabilities?.slice(0, mostClasses).map((scores, index) => {
    const blocks = blocksOf(input, scores, index);
    const totals = spanOf(blocks, noTotals).end;
    const walk = new CutWalk(totals);
    walk.add(blocks, noTotals);
    return { ...curvesOf([walk.cuts], totals), class: classes[index] ?? String(index) };
  });
}

/** The rows by the probability of one class: one block a distinct value, highest first; rows of weight 0 are left out. */
function blocksOf(
  { labels, weights }: MulticlassInput,
  scores: Float64Array | Float32Array,
  index: number,
): ScoreBlocks {
  const all = descendingOrder(Float64Array.from(scores));
  const order = weights === undefined ? all : all.filter((row) => weights[row] !== 0);
  const made = {
    scores: new Float64Array(order.length),
    positives: new Float64Array(order.length),
    negatives: new Float64Array(order.length),
    rows: new Uint32Array(order.length),
  };
  let [block, positiveRows] = [0, 0];
  for (let start = 0; start < order.length; block += 1) {
    const score = scores[order[start] ?? 0] ?? 0;
    let end = start + 1;
    while (end < order.length && scores[order[end] ?? 0] === score) end += 1;
    const rows = order.subarray(start, end);
    // In the order of the weights, so that the order of the rows does not show in the sums.
    if (weights !== undefined && rows.length > 1) rows.sort((a, b) => (weights[a] ?? 0) - (weights[b] ?? 0));
    for (const row of rows) {
      const isOwn = labels[row] === index;
      const side = isOwn ? made.positives : made.negatives;
      side[block] = (side[block] ?? 0) + (weights?.[row] ?? 1);
      positiveRows += Number(isOwn);
    }
    made.scores[block] = score;
    made.rows[block] = rows.length;
    start = end;
  }
  return {
    scores: made.scores.subarray(0, block),
    positives: made.positives.subarray(0, block),
    negatives: made.negatives.subarray(0, block),
    rows: made.rows.subarray(0, block),
    positiveRows,
    negativeRows: order.length - positiveRows,
  };
}

import { meanOf } from "./class-areas.ts";
import { combined, type Linearised } from "./linear.ts";
import { areaInfluences, precisionInfluences } from "./rank-influences.ts";

/** Truths (0 or 1) and scores of each label. */
export interface LabelScores {
  readonly labels: readonly { readonly truths: Uint8Array; readonly scores: Float64Array }[];
  readonly weights: Float64Array | undefined;
}

/**
 * Area under the ROC curve or average precision over the labels, with the influences of the rows: the mean over the labels, weighted by
 * how many rows have each, or of all cells together. Undefined where a label that counts has no value.
 */
export function labelAreas(
  scores: LabelScores,
  name: "roc_auc" | "average_precision",
  way: "macro" | "weighted" | "micro",
): Linearised | undefined {
  const { labels, weights } = scores;
  const of = name === "roc_auc" ? areaInfluences : precisionInfluences;
  if (way === "micro") return ofCells(scores, of);
  const figures = labels.map((label) => of({ labels: label.truths, scores: label.scores, weights }));
  return way === "macro" ? meanOf(figures) : bySupport(scores, figures);
}

/** A row moves the figure by what all its cells do. */
function ofCells(
  { labels, weights }: LabelScores,
  of: typeof areaInfluences | typeof precisionInfluences,
): Linearised | undefined {
  const rows = labels[0]?.truths.length ?? 0;
  const joined = {
    truths: new Uint8Array(rows * labels.length),
    scores: new Float64Array(rows * labels.length),
  };
  for (const [place, { truths, scores }] of labels.entries()) {
    joined.truths.set(truths, place * rows);
    joined.scores.set(scores, place * rows);
  }
  const cellWeights = weights && Float64Array.from(joined.scores, (_, cell) => weights[cell % rows] ?? 0);
  const figure = of({ labels: joined.truths, scores: joined.scores, weights: cellWeights });
  if (figure === undefined) return undefined;
  const influences = new Float64Array(rows);
  for (const [cell, one] of figure.influences.entries())
    influences[cell % rows] = (influences[cell % rows] ?? 0) + one / labels.length;
  return { value: figure.value, influences };
}

/** The supports are of the rows too. */
function bySupport(
  { labels, weights }: LabelScores,
  figures: readonly (Linearised | undefined)[],
): Linearised | undefined {
  const supports = labels.map(({ truths }) =>
    truths.reduce((sum, truth, row) => sum + truth * (weights?.[row] ?? 1), 0),
  );
  const all = supports.reduce((sum, support) => sum + support, 0);
  const parts: { figure: Linearised; factor: number; truths: Uint8Array }[] = [];
  for (const [place, { truths }] of labels.entries()) {
    const [figure, support = 0] = [figures[place], supports[place]];
    if (support === 0) continue;
    if (figure === undefined) return undefined;
    parts.push({ figure, factor: support / all, truths });
  }
  if (parts.length === 0) return undefined;
  const { value, influences } = combined(parts);
  for (const { figure, truths } of parts)
    for (let row = 0; row < influences.length; row += 1) {
      const pull = ((truths[row] ?? 0) * (weights?.[row] ?? 1) * (figure.value - value)) / all;
      influences[row] = (influences[row] ?? 0) + influences.length * pull;
    }
  return { value, influences };
}

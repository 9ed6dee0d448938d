import { combined, type Linearised } from "./linear.ts";
import { areaInfluences, precisionInfluences } from "./rank-influences.ts";

/** Probabilities of several classes, a column each. */
export interface ClassScores {
  /** Places of the classes. */
  readonly labels: Uint32Array;
  readonly columns: readonly Float64Array[];
  readonly weights: Float64Array | undefined;
}

type Figure = Linearised | undefined;

/**
 * The areas of several classes by name, with the influences of the rows: of each class against the rest, and of pairs of classes, by the
 * definitions of `mlops evaluate`. Undefined where a class is missing that the mean needs.
 */
export const classAreas = {
  roc_auc_ovr: (scores: ClassScores) => meanOf(oneVsRest(scores, areaInfluences)),
  average_precision_macro: (scores: ClassScores) => meanOf(oneVsRest(scores, precisionInfluences)),
  roc_auc_ovr_weighted: bySupport,
  roc_auc_ovo: (scores: ClassScores) => overPairs(scores, () => 1),
  roc_auc_ovo_weighted: (scores: ClassScores) => overPairs(scores, (rows) => rows),
} as const;

function oneVsRest(
  { labels, columns, weights }: ClassScores,
  of: typeof areaInfluences | typeof precisionInfluences,
): readonly Figure[] {
  return columns.map((scores, place) =>
    of({ labels: Uint8Array.from(labels, (label) => (label === place ? 1 : 0)), scores, weights }),
  );
}

/** Undefined where one is. */
export function meanOf(figures: readonly Figure[]): Figure {
  const known = figures.filter((one) => one !== undefined);
  if (known.length < figures.length || known.length === 0) return undefined;
  return combined(known.map((figure) => ({ figure, factor: 1 / known.length })));
}

/** A mean whose weights are the supports of the classes, which the rows make too. */
function bySupport(scores: ClassScores): Figure {
  const { labels, columns, weights } = scores;
  const weightOf = (row: number) => weights?.[row] ?? 1;
  const supports = new Float64Array(columns.length);
  let all = 0;
  for (const [row, label] of labels.entries()) {
    supports[label] = (supports[label] ?? 0) + weightOf(row);
    all += weightOf(row);
  }
  const figures = oneVsRest(scores, areaInfluences);
  if (figures.some((figure, place) => figure === undefined && (supports[place] ?? 0) > 0)) return undefined;
  const parts = figures.flatMap((figure, place) =>
    figure === undefined ? [] : [{ figure, factor: (supports[place] ?? 0) / all }],
  );
  const { value, influences } = combined(parts);
  for (const [row, label] of labels.entries())
    influences[row] =
      (influences[row] ?? 0) + (labels.length * weightOf(row) * ((figures[label]?.value ?? 0) - value)) / all;
  return { value, influences };
}

/** Over the pairs of classes that are there; `weightOf` their rows together. */
function overPairs({ labels, columns }: ClassScores, weightOf: (rows: number) => number): Figure {
  const counts = new Uint32Array(columns.length);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const present = [...columns.keys()].filter((place) => (counts[place] ?? 0) > 0);
  const pairs: { one: number; other: number; weight: number; figure: Linearised }[] = [];
  for (const [index, one] of present.entries())
    for (const other of present.slice(index + 1)) {
      const halves = [pairFigure(one, other), pairFigure(other, one)];
      const figure = meanOf(halves);
      if (figure === undefined) return undefined;
      pairs.push({ one, other, weight: weightOf((counts[one] ?? 0) + (counts[other] ?? 0)), figure });
    }
  const all = pairs.reduce((sum, pair) => sum + pair.weight, 0);
  if (pairs.length === 0) return undefined;
  const mean = combined(pairs.map(({ figure, weight }) => ({ figure, factor: weight / all })));
  const slope = weightOf(1) === weightOf(2) ? 0 : 1;
  const pulls = columns.map((_, place) =>
    pairs
      .filter((pair) => pair.one === place || pair.other === place)
      .reduce((sum, { figure }) => sum + slope * (figure.value - mean.value), 0),
  );
  for (const [row, label] of labels.entries())
    mean.influences[row] = (mean.influences[row] ?? 0) + (labels.length * (pulls[label] ?? 0)) / all;
  return mean;

  /** Of the rows of two classes by the probability of the first. */
  function pairFigure(one: number, other: number): Figure {
    const rows = Uint32Array.from(labels.keys()).filter(
      (row) => labels[row] === one || labels[row] === other,
    );
    const own = areaInfluences({
      labels: Uint8Array.from(rows, (row) => (labels[row] === one ? 1 : 0)),
      scores: Float64Array.from(rows, (row) => columns[one]?.[row] ?? Number.NaN),
    });
    if (own === undefined) return undefined;
    const influences = new Float64Array(labels.length);
    for (const [place, row] of rows.entries())
      influences[row] = ((own.influences[place] ?? 0) * labels.length) / rows.length;
    return { value: own.value, influences };
  }
}

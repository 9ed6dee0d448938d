import type { MultilabelInput } from "./multilabel-input.ts";

/** By row, as scikit-learn's functions define them. */
export interface RankFigures {
  readonly averagePrecision: Float64Array;
  readonly coverage: Uint16Array;
  readonly loss: Float64Array;
}

/** Fewer values are sorted sooner by insertion than by a call. */
const fewValues = 24;

/**
 * How the scores of a row order its labels, by scikit-learn's label_ranking_average_precision_score, coverage_error and
 * label_ranking_loss: equal scores count against the model. A row with no label or all of them is ordered rightly whatever the
 * scores: 1 and 0. Undefined without scores.
 */
export function rankFigures({ labels }: MultilabelInput, rows: number): RankFigures | undefined {
  const scores = labels.flatMap((one) => (one.scores === undefined ? [] : [one.scores]));
  if (scores.length < labels.length) return undefined;
  const found = {
    averagePrecision: new Float64Array(rows),
    coverage: new Uint16Array(rows),
    loss: new Float64Array(rows),
  };
  const own = new Float64Array(labels.length);
  const others = new Float64Array(labels.length);
  for (let row = 0; row < rows; row += 1) {
    let [owned, rest] = [0, 0];
    for (let index = 0; index < labels.length; index += 1) {
      const score = scores[index]?.[row] ?? 0;
      if (labels[index]?.truths[row] === 1) own[owned++] = score;
      else others[rest++] = score;
    }
    const figure = figureOf(sorted(own, owned), sorted(others, rest));
    found.averagePrecision[row] = figure.averagePrecision;
    found.coverage[row] = figure.coverage;
    found.loss[row] = figure.loss;
  }
  return found;
}

interface RowFigure {
  readonly averagePrecision: number;
  readonly coverage: number;
  readonly loss: number;
}

/** Of the ascending scores of the labels that a row has, and of the others. */
function figureOf(own: Float64Array, others: Float64Array): RowFigure {
  if (own.length === 0) return { averagePrecision: 1, coverage: 0, loss: 0 };
  if (others.length === 0) return { averagePrecision: 1, coverage: own.length, loss: 0 };
  let [precisions, reversed, above] = [0, 0, 0];
  for (let end = own.length; end > 0; ) {
    const score = own[end - 1] ?? 0;
    let start = end - 1;
    while (start > 0 && own[start - 1] === score) start -= 1;
    while (above < others.length && (others[others.length - 1 - above] ?? 0) >= score) above += 1;
    const ranked = own.length - start;
    precisions += (end - start) * (ranked / (ranked + above));
    reversed += (end - start) * above;
    end = start;
  }
  return {
    averagePrecision: precisions / own.length,
    coverage: own.length + above,
    loss: reversed / (own.length * others.length),
  };
}

/** The first `count` values, ascending, in place. */
function sorted(values: Float64Array, count: number): Float64Array {
  const used = values.subarray(0, count);
  if (count > fewValues) return used.sort();
  for (let place = 1; place < count; place += 1) {
    const value = values[place] ?? 0;
    let hole = place;
    while (hole > 0 && (values[hole - 1] ?? 0) > value) {
      values[hole] = values[hole - 1] ?? 0;
      hole -= 1;
    }
    values[hole] = value;
  }
  return used;
}

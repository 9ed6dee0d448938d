import type { LabelRows } from "./label-rows.ts";

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
export function rankFigures({ rows, truths, scores }: LabelRows): RankFigures | undefined {
  if (scores === undefined) return undefined;
  const found = {
    averagePrecision: new Float64Array(rows),
    coverage: new Uint16Array(rows),
    loss: new Float64Array(rows),
  };
  const own = new Float64Array(scores.length);
  const others = new Float64Array(scores.length);
  for (let row = 0; row < rows; row += 1) {
    let [owned, rest] = [0, 0];
    for (let index = 0; index < scores.length; index += 1) {
      const score = scores[index]?.[row] ?? 0;
      if (truths[index]?.[row] === 1) own[owned++] = score;
      else others[rest++] = score;
    }
    if (owned === 0 || rest === 0) {
      found.averagePrecision[row] = 1;
      found.coverage[row] = owned;
      continue;
    }
    sort(own, owned);
    sort(others, rest);
    addFigures(found, row, { own, owned, others, rest });
  }
  return found;
}

/** Of the ascending scores of the labels that a row has, and of the others. */
function addFigures(
  { averagePrecision, coverage, loss }: RankFigures,
  row: number,
  {
    own,
    owned,
    others,
    rest,
  }: {
    readonly own: Float64Array;
    readonly owned: number;
    readonly others: Float64Array;
    readonly rest: number;
  },
): void {
  let [precisions, reversed, above] = [0, 0, 0];
  for (let end = owned; end > 0; ) {
    const score = own[end - 1] ?? 0;
    let start = end - 1;
    while (start > 0 && own[start - 1] === score) start -= 1;
    while (above < rest && (others[rest - 1 - above] ?? 0) >= score) above += 1;
    const ranked = owned - start;
    precisions += (end - start) * (ranked / (ranked + above));
    reversed += (end - start) * above;
    end = start;
  }
  averagePrecision[row] = precisions / owned;
  coverage[row] = owned + above;
  loss[row] = reversed / (owned * rest);
}

/** The first `count` values, ascending, in place. */
function sort(values: Float64Array, count: number): void {
  if (count > fewValues) {
    values.subarray(0, count).sort();
    return;
  }
  for (let place = 1; place < count; place += 1) {
    const value = values[place] ?? 0;
    let hole = place;
    while (hole > 0 && (values[hole - 1] ?? 0) > value) {
      values[hole] = values[hole - 1] ?? 0;
      hole -= 1;
    }
    values[hole] = value;
  }
}

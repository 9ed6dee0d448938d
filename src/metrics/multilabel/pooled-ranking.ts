import { Crew } from "../binary/crew.ts";
import type { JobThread } from "../binary/job-thread.ts";
import type { Grouping, MetricOutcome } from "../metric-set.ts";
import type { ClassFigures, ClassRanking } from "../multiclass/class-figures.ts";
import { rankClasses } from "../multiclass/rank-classes.ts";
import { emptyScores } from "../score-columns.ts";
import type { MultilabelInput } from "./multilabel-input.ts";

/** So many scores are put into one order: it takes some 30 bytes each beside those that are there. */
const mostCells = 30_000_000;

/** All scores of all labels in one order: those of labels that the rows have against the others. */
export type PooledRanking = Pick<ClassRanking, "groups"> | "too many";

/** Whether so many scores are put into one order. */
export function arePooled(rows: number, labels: number): boolean {
  return rows * labels <= mostCells;
}

/** Each score counts with the weight and the groups of its row. Undefined without scores. */
export async function pooledRanking(
  { labels, weights }: MultilabelInput,
  groupings: readonly Grouping[],
  {
    helper,
    signal,
  }: { readonly helper?: JobThread | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<PooledRanking | undefined> {
  const rows = labels[0]?.truths.length ?? 0;
  const columns = labels.flatMap(({ scores }) => (scores === undefined ? [] : [scores]));
  if (columns.length < labels.length) return undefined;
  if (!arePooled(rows, labels.length)) return "too many";
  const crew = new Crew(helper === undefined ? [] : [helper], signal);
  const cells = rows * labels.length;
  const like = columns.find((column) => column instanceof Float64Array) ?? new Float32Array();
  const scores = emptyScores(like, cells, crew.isShared);
  const kinds = new Uint32Array(cells);
  for (const [place, { truths }] of labels.entries())
    for (let row = 0; row < rows; row += 1) kinds[place * rows + row] = 1 - (truths[row] ?? 0);
  for (const [place, column] of columns.entries()) scores.set(column, place * rows);
  const repeated = <Values extends Float64Array | Uint32Array>(
    all: Values,
    values: ArrayLike<number>,
  ): Values => {
    for (const place of labels.keys()) all.set(values, place * rows);
    return all;
  };
  const input = {
    ...{ classes: ["has", "has not"], labels: kinds, predictions: undefined, probabilities: [scores] },
    weights: weights && repeated(new Float64Array(cells), weights),
  };
  const pooled = groupings.map(({ codes, count }) => ({
    codes: repeated(new Uint32Array(cells), codes),
    count,
  }));
  const [ranking] = await rankClasses(input, pooled, { crew, truths: undefined });
  return ranking;
}

/** `roc_auc_micro, average_precision_micro` of one group: as scikit-learn's average="micro". */
export function pooledOutcomes(figures: ClassFigures | "too many"): Record<string, MetricOutcome> {
  if (figures === "too many") {
    const reason = { undefined: `more than ${mostCells} scores of labels` };
    return { roc_auc_micro: reason, average_precision_micro: reason };
  }
  const { own, all, doubled, precisions } = figures;
  const rest = all - own;
  if (own === 0 || !(rest > 0)) {
    const which = own === 0 ? "no row has a label" : "every row has all labels";
    const reason = { undefined: `one class only: ${which}` };
    return { roc_auc_micro: reason, average_precision_micro: reason };
  }
  return {
    roc_auc_micro: (doubled[1] ?? 0) / 2 / own / rest,
    average_precision_micro: precisions / own,
  };
}

import { type BinaryMetrics, binaryMetrics } from "../binary/binary.ts";
import type { BinaryGroup } from "../binary/describe-group.ts";
import type { JobThread } from "../binary/job-thread.ts";
import type { Grouping, MetricOutcome } from "../metric-set.ts";
import type { MultilabelInput } from "./multilabel-input.ts";

/** So many scores are put into one order: it takes some 50 bytes each beside those that are there. */
const mostCells = 30_000_000;

/** All scores of all labels as one binary task, each with the weight and the groups of its row. */
export type PooledRanking = BinaryMetrics | "too many";

/** Whether so many scores are put into one order. */
export function arePooled(cells: number): boolean {
  return cells <= mostCells;
}

/** Undefined without scores. */
export async function pooledRanking(
  { labels, weights }: MultilabelInput,
  groupings: readonly Grouping[],
  threads: { readonly helper?: JobThread | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<PooledRanking | undefined> {
  const rows = labels[0]?.truths.length ?? 0;
  const columns = labels.flatMap(({ scores }) => (scores === undefined ? [] : [scores]));
  if (columns.length < labels.length) return undefined;
  if (!arePooled(rows * labels.length)) return "too many";
  const isNarrow = columns.every((column) => column instanceof Float32Array);
  const truths = new Uint8Array(rows * labels.length);
  const scores = isNarrow ? new Float32Array(truths.length) : new Float64Array(truths.length);
  for (const [place, { truths: own }] of labels.entries()) truths.set(own, place * rows);
  for (const [place, column] of columns.entries()) scores.set(column, place * rows);
  const repeated = <T extends { set(values: ArrayLike<number>, at: number): void }>(
    all: T,
    values: ArrayLike<number>,
  ): T => {
    for (const place of labels.keys()) all.set(values, place * rows);
    return all;
  };
  return await binaryMetrics(
    {
      labels: truths,
      scores,
      weights: weights && repeated(new Float64Array(truths.length), weights),
      threshold: null,
    },
    groupings.map(({ codes, count }) => ({ codes: repeated(new Uint32Array(truths.length), codes), count })),
    threads,
  );
}

/** `roc_auc_micro, average_precision_micro`: as scikit-learn's average="micro". */
export function pooledOutcomes(group: BinaryGroup | "too many"): Record<string, MetricOutcome> {
  const outcomeOf = (name: string): MetricOutcome => {
    if (group === "too many") return { undefined: `more than ${mostCells} scores of labels` };
    return group.metrics[name] ?? { undefined: group.undefined[name] ?? "not measured" };
  };
  return { roc_auc_micro: outcomeOf("roc_auc"), average_precision_micro: outcomeOf("average_precision") };
}

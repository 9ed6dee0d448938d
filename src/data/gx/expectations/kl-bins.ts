import type { Answers } from "../../plan/answers.ts";
import type { PlanColumn } from "../../plan/column.ts";
import { and, column as columnOf, compare, type Expression, literal } from "../../plan/expression.ts";
import type { Measure, RowsMeasure } from "../../plan/measure.ts";
import type { Partition } from "./partition.ts";

type Bins = Extract<Partition, { readonly kind: "bins" }>;

/** Weight 0..1 kept for what the partition does not foresee: outside of it, and in its empty bins. */
export interface Holdouts {
  readonly tail: number;
  readonly internal: number;
}

/** Why the holdouts do not go with the partition. */
export function holdoutProblem(partition: Partition, { tail, internal }: Holdouts): string | undefined {
  if (partition.kind === "categories")
    return internal > 0 ? "internal_weight_holdout says nothing of a partition of values" : undefined;
  const { bins, tailWeights } = partition;
  const open = [bins[0] === Number.NEGATIVE_INFINITY, bins.at(-1) === Number.POSITIVE_INFINITY];
  if (tailWeights !== undefined && tail > 0) return "tail_weight_holdout cannot be used beside tail_weights";
  if (tailWeights !== undefined && open.includes(true))
    return "tail_weights cannot be used beside infinite bins";
  return tail > 0 && !open.includes(false)
    ? "tail_weight_holdout cannot be used beside infinite bins on both sides"
    : undefined;
}

/** Numbers of rows below the first finite edge, in each bin (the last one closed), above the last finite edge. */
export function binned(
  column: PlanColumn,
  where: Expression,
  bins: readonly number[],
): { readonly measures: readonly Measure[]; readonly read: (answers: Answers) => readonly number[] } {
  const of = columnOf(column.name);
  const edges = bins.filter(Number.isFinite);
  const last = edges.at(-1) ?? 0;
  const atLast: RowsMeasure = { kind: "count", where: and(where, compare(of, "=", literal(last))) };
  if (edges.length < 2) {
    const all: RowsMeasure = { kind: "count", where };
    const below: RowsMeasure = { kind: "count", where: and(where, compare(of, "<", literal(last))) };
    return {
      measures: [all, below],
      read: (answers) => [answers.count(below), answers.count(all) - answers.count(below)],
    };
  }
  const histogram: Measure = { kind: "histogram", of, edges, where };
  const isOpen = bins.at(-1) === Number.POSITIVE_INFINITY;
  return {
    measures: isOpen ? [histogram, atLast] : [histogram],
    read: (answers) => {
      const counts = answers.values(histogram).map(Number);
      if (!isOpen) return counts;
      // An open bin begins at the last finite edge, which the histogram counts to the bin before.
      const moved = answers.count(atLast);
      return counts.map((count, index) => {
        if (index === counts.length - 2) return count - moved;
        return index === counts.length - 1 ? count + moved : count;
      });
    },
  };
}

/** Observed and expected weights of both tails and the bins between; without a row nothing is observed. */
export function weighBins(partition: Bins, counts: readonly number[], { tail, internal }: Holdouts) {
  const { bins, tailWeights } = partition;
  const total = counts.reduce((sum, one) => sum + one, 0);
  const observed = counts.map((one) => (total === 0 ? 0 : one / total));
  const scaled = partition.weights.map((one) => one * (1 - tail - internal));
  const empty = scaled.filter((one) => one === 0).length;
  const filled = scaled.map((one) => (one === 0 && internal > 0 ? internal / empty : one));
  const isOpenBelow = bins[0] === Number.NEGATIVE_INFINITY;
  const isOpenAbove = bins.at(-1) === Number.POSITIVE_INFINITY;
  const half = isOpenBelow || isOpenAbove ? tail : tail / 2;
  const low = isOpenBelow ? (filled[0] ?? 0) : (tailWeights?.[0] ?? half);
  const high = isOpenAbove ? (filled.at(-1) ?? 0) : (tailWeights?.[1] ?? half);
  const inner = filled.slice(isOpenBelow ? 1 : 0, isOpenAbove ? -1 : undefined);
  const finite = bins.filter(Number.isFinite);
  const shown = (weights: readonly number[]) => ({
    bins: finite,
    weights: weights.slice(1, -1),
    tail_weights: [weights[0] ?? 0, weights.at(-1) ?? 0],
  });
  const expected = [low, ...inner, high];
  const details = { observed_partition: shown(observed), expected_partition: shown(expected) };
  return { observed, expected, details };
}

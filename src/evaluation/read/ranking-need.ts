import type { EvaluationColumns } from "../columns.ts";

/** Memory of each row of a ranking: relevance, scores as they are and as doubles, query, and the rows query by query. */
export function rankingBytes(
  { score, subgroups }: EvaluationColumns,
  width: (name: string) => number,
): number {
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  const said = score === undefined ? 8 : width(score) + 8;
  return 8 + said + 4 + 4 + groups;
}

/** Whether rows hold relevances, queries and what they are ranked by, and nothing else that is measured. */
export function isRankingStorable(columns: EvaluationColumns): boolean {
  const { score, prediction, query, probabilities, quantiles, intervals, event, forecast, labels } = columns;
  const others = [...probabilities, ...quantiles, ...intervals, ...labels, ...columns.survivals];
  const isMore = others.length > 0 || event !== undefined || forecast !== undefined;
  return query !== undefined && !isMore && (score === undefined) !== (prediction === undefined);
}

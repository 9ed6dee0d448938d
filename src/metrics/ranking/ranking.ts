import type { Grouping } from "../metric-set.ts";
import { rowsByGroup } from "../sample.ts";
import type { RankingInput } from "./ranking-input.ts";
import { type RankingMetrics, RankingTotals } from "./ranking-totals.ts";

/**
 * `ndcg` (linear gain), `map, mrr` and `ndcg, map, precision, recall, hit_rate` at each k: of each query, then the mean over the
 * queries that have a relevant row; the others have no best order and are counted only. Rows of equal score count as their average
 * over all orders of them (McSherry and Najork 2008, as scikit-learn's ndcg_score), so the order of the rows does not show.
 */
export function rankingMetrics(input: RankingInput, groupings: readonly Grouping[] = []): RankingMetrics {
  const { relevances, scores, queries, queryCount, ks } = input;
  const totals = new RankingTotals(
    ks,
    groupings.map((one) => one.count),
  );
  const codes = groupings.map((one) => one.codes);
  for (const rows of rowsByGroup({ codes: queries, count: queryCount }))
    totals.add({ relevances, scores, rows, codes });
  return totals.metrics();
}

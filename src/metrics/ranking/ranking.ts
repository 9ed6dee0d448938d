import type { MeasurementDetails } from "../details.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { exactSumOf, rowsByGroup } from "../sample.ts";
import { type QueryFigures, queryFigures } from "./query-figures.ts";
import type { RankingInput } from "./ranking-input.ts";

export interface RankingMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/**
 * `ndcg` (linear gain), `map, mrr` and `ndcg, map, precision, recall, hit_rate` at each k: of each query, then the mean over the
 * queries that have a relevant row; the others have no best order and are counted only. Rows of equal score count as their average
 * over all orders of them (McSherry and Najork 2008, as scikit-learn's ndcg_score), so the order of the rows does not show.
 */
export function rankingMetrics(input: RankingInput, groupings: readonly Grouping[] = []): RankingMetrics {
  const ks = input.ks ?? [5, 10];
  const byQuery = rowsByGroup({ codes: input.queries, count: input.queryCount });
  const figures = byQuery.map((rows) => queryFigures(input, rows, ks));
  return {
    overall: {
      ...meanOf(figures, ks),
      queries: {
        count: figures.filter((one) => one.rows > 0).length,
        withoutRelevant: figures.filter((one) => one.rows > 0 && one.values === undefined).length,
      },
    },
    groups: groupings.map((grouping) => {
      const parts = byQuery.map((rows) => partsOf(rows, grouping));
      return Array.from({ length: grouping.count }, (_, group) =>
        meanOf(
          parts.map((part) => queryFigures(input, part.get(group) ?? new Uint32Array(), ks)),
          ks,
        ),
      );
    }),
  };
}

/** A query whose rows lie in several groups is measured in each by its rows there. */
function partsOf(rows: Uint32Array, { codes }: Grouping): Map<number, Uint32Array> {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row] ?? 0;
    const own = found.get(code);
    if (own === undefined) found.set(code, [row]);
    else own.push(row);
  }
  return new Map([...found].map(([code, own]) => [code, Uint32Array.from(own)]));
}

function meanOf(figures: readonly QueryFigures[], ks: readonly number[]): GroupMetrics {
  const measured = figures.flatMap((one) => (one.values === undefined ? [] : [one.values]));
  const rows = figures.reduce((sum, one) => sum + one.rows, 0);
  const reason = rows === 0 ? "no rows" : "no query has a relevant row";
  const names = [
    "ndcg",
    "map",
    "mrr",
    ...ks.flatMap((k) => ["ndcg", "map", "precision", "recall", "hit_rate"].map((name) => `${name}@${k}`)),
  ];
  const outcomes = names.map((name): [string, MetricOutcome] => [
    name,
    measured.length === 0
      ? { undefined: reason }
      : exactSumOf(measured.length, (place) => measured[place]?.[name] ?? Number.NaN) / measured.length,
  ]);
  return { count: rows, positives: null, negatives: null, ...metricSet(Object.fromEntries(outcomes)) };
}

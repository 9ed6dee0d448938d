import { describe, expect, it } from "vitest";
import { rankingMetrics } from "../../../src/metrics/ranking/ranking.ts";
import { fc } from "../../support/fast-check.ts";

function measure(relevances: readonly number[], scores: readonly number[], ks: readonly number[] = [3]) {
  return rankingMetrics({
    relevances: Float64Array.from(relevances),
    scores: Float64Array.from(scores),
    queries: new Uint32Array(relevances.length),
    queryCount: 1,
    ks,
  }).overall;
}

/** The mean of `figure` over all orders of the rows that keep descending scores. */
function averageOverOrders(
  rows: readonly { relevance: number; score: number }[],
  figure: (relevances: number[]) => number,
): number {
  const orders = permutations(rows).filter((order) =>
    order.every((row, place) => place === 0 || row.score <= (order[place - 1]?.score ?? 0)),
  );
  const sum = orders.reduce((total, order) => total + figure(order.map((row) => row.relevance)), 0);
  return sum / orders.length;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, index) =>
    permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]),
  );
}

const isRelevant = (relevance: number) => relevance > 0;
const precisionAt = (relevances: number[], k: number) => relevances.slice(0, k).filter(isRelevant).length / k;

function averagePrecision(relevances: number[], k: number): number {
  const total = relevances.filter(isRelevant).length;
  const precisions = relevances
    .slice(0, k)
    .flatMap((relevance, place) => (isRelevant(relevance) ? [precisionAt(relevances, place + 1)] : []));
  return precisions.reduce((sum, one) => sum + one, 0) / Math.min(total, k);
}

describe("ranking metrics", () => {
  it("give the published NDCG of tied scores", () => {
    // scikit-learn 1.9.1: ndcg_score of [3, 2, 3, 0, 1, 2] by [.9, .8, .8, .5, .5, .1], all and k = 3.
    const { metrics } = measure([3, 2, 3, 0, 1, 2], [0.9, 0.8, 0.8, 0.5, 0.5, 0.1]);
    expect(metrics["ndcg"]).toBeCloseTo(0.9730441292376505, 14);
    expect(metrics["ndcg@3"]).toBeCloseTo(0.988890680815252, 14);
  });

  it("are what the mean over all orders of tied rows gives", () => {
    const rows = fc.array(
      fc.record({ relevance: fc.constantFrom(0, 0, 1, 2), score: fc.constantFrom(0.1, 0.5, 0.9) }),
      { minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 7 }), (some, k) => {
        fc.pre(some.some((row) => row.relevance > 0));
        const { metrics } = measure(
          some.map((row) => row.relevance),
          some.map((row) => row.score),
          [k],
        );
        const mean = (figure: (relevances: number[]) => number) => averageOverOrders(some, figure);
        const total = some.filter((row) => row.relevance > 0).length;
        expect(metrics["map"]).toBeCloseTo(
          mean((order) => averagePrecision(order, order.length)),
          12,
        );
        expect(metrics[`map@${k}`]).toBeCloseTo(
          mean((order) => averagePrecision(order, k)),
          12,
        );
        expect(metrics["mrr"]).toBeCloseTo(
          mean((order) => 1 / (order.findIndex(isRelevant) + 1)),
          12,
        );
        expect(metrics[`precision@${k}`]).toBeCloseTo(
          mean((order) => precisionAt(order, k)),
          12,
        );
        expect(metrics[`recall@${k}`]).toBeCloseTo(
          mean((order) => (precisionAt(order, k) * k) / total),
          12,
        );
        expect(metrics[`hit_rate@${k}`]).toBeCloseTo(
          mean((order) => (order.slice(0, k).some(isRelevant) ? 1 : 0)),
          12,
        );
      }),
    );
  });

  it("leave out queries without a relevant row, and count them", () => {
    const { overall } = rankingMetrics({
      relevances: Float64Array.of(0, 1, 0, 0),
      scores: Float64Array.of(0.9, 0.8, 0.3, 0.1),
      queries: Uint32Array.of(0, 0, 1, 1),
      queryCount: 2,
      ks: [1],
    });
    expect(overall.queries).toEqual({ count: 2, withoutRelevant: 1 });
    expect(overall.metrics).toMatchObject({ mrr: 0.5, "precision@1": 0, map: 0.5 });
  });

  it("have no value where no query has a relevant row", () => {
    const { metrics, undefined: reasons } = measure([0, 0], [1, 2]);
    expect(metrics["ndcg"]).toBeNull();
    expect(reasons["ndcg"]).toBe("no query has a relevant row");
  });

  it("measure a subgroup by its rows of each query", () => {
    const input = {
      relevances: Float64Array.of(0, 1, 1, 0),
      scores: Float64Array.of(0.9, 0.8, 0.3, 0.1),
      queries: Uint32Array.of(0, 0, 1, 1),
      queryCount: 2,
      ks: [1],
    };
    const { groups } = rankingMetrics(input, [{ codes: Uint32Array.of(0, 1, 1, 1), count: 2 }]);
    expect(groups[0]?.[0]?.metrics["mrr"]).toBeNull();
    expect(groups[0]?.[1]).toMatchObject({ count: 3, metrics: { mrr: 1 } });
  });
});

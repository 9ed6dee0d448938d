import type { MeasurementDetails } from "../details.ts";
import { ExactSum } from "../exact-sum.ts";
import { type Grouping, type GroupMetrics, type MetricOutcome, metricSet } from "../metric-set.ts";
import { type QueryFigures, queryFigures } from "./query-figures.ts";
import type { RankingInput } from "./ranking-input.ts";

export interface RankingMetrics {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** A query whose rows are some of these. */
interface QueryRows extends Pick<RankingInput, "relevances" | "scores"> {
  readonly rows: Uint32Array;
  /** Of each grouping the group of each row. */
  readonly codes: readonly Grouping["codes"][];
}

const usualKs = [5, 10];

/** The metrics that are measured at these k; undefined: at 5 and 10. */
export function rankingMetricNames(ks: readonly number[] = usualKs): string[] {
  const atEach = ["ndcg", "map", "precision", "recall", "hit_rate"];
  return ["ndcg", "map", "mrr", ...ks.flatMap((k) => atEach.map((name) => `${name}@${k}`))];
}

/** Adds up the figures of queries, one after the other. The sums are exact: the order of the queries does not show. */
export class RankingTotals {
  readonly #ks: readonly number[];
  readonly #overall: Means;
  readonly #groups: readonly (readonly Means[])[];

  /** `groupCounts`: of each grouping. */
  constructor(ks: readonly number[] | undefined, groupCounts: readonly number[]) {
    this.#ks = ks ?? usualKs;
    const names = rankingMetricNames(ks);
    this.#overall = new Means(names);
    this.#groups = groupCounts.map((count) => Array.from({ length: count }, () => new Means(names)));
  }

  /** All rows of one query, in any order. Throws `RangeError` for a negative relevance. */
  add({ relevances, scores, rows, codes }: QueryRows): void {
    const figures = (own: Uint32Array) => queryFigures({ relevances, scores }, own, this.#ks);
    this.#overall.add(figures(rows));
    for (const [index, groups] of this.#groups.entries())
      for (const [code, own] of partsOf(rows, codes[index] ?? new Uint8Array()))
        groups[code]?.add(figures(own));
  }

  metrics(): RankingMetrics {
    const { count, withoutRelevant } = this.#overall;
    return {
      overall: { ...this.#overall.metrics(), queries: { count, withoutRelevant } },
      groups: this.#groups.map((groups) => groups.map((one) => one.metrics())),
    };
  }
}

/** A query whose rows lie in several groups is measured in each by its rows there. */
function partsOf(rows: Uint32Array, codes: Grouping["codes"]): Map<number, Uint32Array> {
  const sizes = new Map<number, number>();
  for (const row of rows) {
    const code = codes[row] ?? 0;
    sizes.set(code, (sizes.get(code) ?? 0) + 1);
  }
  const parts = new Map([...sizes].map(([code, size]) => [code, new Uint32Array(size)]));
  // From the end, so that the sizes tell where the next row goes.
  for (let index = rows.length - 1; index >= 0; index -= 1) {
    const row = rows[index] ?? 0;
    const code = codes[row] ?? 0;
    const place = (sizes.get(code) ?? 0) - 1;
    const part = parts.get(code);
    if (part !== undefined) part[place] = row;
    sizes.set(code, place);
  }
  return parts;
}

/** Of the queries that have a relevant row. */
class Means {
  /** Queries. */
  count = 0;
  withoutRelevant = 0;
  readonly #names: readonly string[];
  readonly #sums: readonly ExactSum[];
  #rows = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#sums = names.map(() => new ExactSum());
  }

  add({ rows, values }: QueryFigures): void {
    if (rows === 0) return;
    this.#rows += rows;
    this.count += 1;
    if (values === undefined) this.withoutRelevant += 1;
    else
      for (const [index, name] of this.#names.entries()) this.#sums[index]?.add(values[name] ?? Number.NaN);
  }

  metrics(): GroupMetrics {
    const measured = this.count - this.withoutRelevant;
    const reason = this.#rows === 0 ? "no rows" : "no query has a relevant row";
    const outcomes = this.#names.map((name, index): [string, MetricOutcome] => [
      name,
      measured === 0 ? { undefined: reason } : (this.#sums[index]?.value ?? Number.NaN) / measured,
    ]);
    return {
      count: this.#rows,
      positives: null,
      negatives: null,
      ...metricSet(Object.fromEntries(outcomes)),
    };
  }
}

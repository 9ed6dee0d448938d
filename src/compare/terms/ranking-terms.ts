import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { queryFigures } from "../../metrics/ranking/query-figures.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import type { Found } from "./row-term.ts";

/** Of rankings within queries: a metric is the mean of what each query with a relevant row has. */
export function rankingTerms(kept: KeptRows, { metrics }: EvaluationResults): Found {
  const { labels, score, prediction, queries } = kept.data;
  if (labels.kind !== "numbers" || queries === undefined) return [];
  const predicted = prediction?.kind === "numbers" ? prediction.values : undefined;
  const scores = score === undefined ? predicted : Float64Array.from(score.values);
  if (scores === undefined) return [];
  const input = { relevances: labels.values, scores };
  const names = Object.keys(metrics);
  const ks = [...new Set(names.flatMap((name) => /^ndcg@(\d+)$/.exec(name)?.[1] ?? []))].map(Number);
  const figuresOf = onceOf((rows: Uint32Array) =>
    queriesOf(rows, queries.codes)
      .map((own) => queryFigures(input, own, ks).values)
      .filter((one) => one !== undefined),
  );
  return names.map((name) => [
    name,
    { kind: "units", values: (rows) => Float64Array.from(figuresOf(rows), (one) => one[name] ?? Number.NaN) },
  ]);
}

/** The rows of each query; queries in the order of their first rows. */
function queriesOf(rows: Uint32Array, codes: Uint32Array): Uint32Array[] {
  const found = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row] ?? 0;
    const own = found.get(code);
    if (own === undefined) found.set(code, [row]);
    else own.push(row);
  }
  return [...found.values()].map((own) => Uint32Array.from(own));
}

/** All metrics ask for the figures of the same rows. */
function onceOf<T>(make: (rows: Uint32Array) => T): (rows: Uint32Array) => T {
  const made = new WeakMap<Uint32Array, { readonly value: T }>();
  return (rows) => {
    const known = made.get(rows) ?? { value: make(rows) };
    made.set(rows, known);
    return known.value;
  };
}

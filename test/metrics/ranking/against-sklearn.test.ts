import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { rankingMetrics } from "../../../src/metrics/ranking/ranking.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator, pick } from "../random-cases.ts";

interface Case {
  readonly queries: { readonly relevances: number[]; readonly scores: number[] }[];
  readonly ks: number[];
}

/** Up to 12 queries of up to 30 rows: equal scores, one row, no relevant row, huge and tiny scores and relevances, floats of 32 bits. */
function randomCase(random: () => number): Case {
  const steps = pick([0, 0, 3], random);
  const [scale, gain] = [pick([1, 1, 1e30, 1e-30], random), pick([1, 1, 1e6, 1e-6], random)];
  const isNarrow = random() < 0.2;
  const queries = Array.from({ length: 1 + Math.floor(random() * 12) }, () => {
    const rows = random() < 0.1 ? 1 : 1 + Math.floor(random() ** 2 * 30);
    const most = pick([0, 1, 3, 3], random);
    const relevances = Array.from({ length: rows }, () => Math.floor(random() * (most + 1)) * gain);
    const scores = relevances.map((relevance) => {
      const raw = relevance / gain / 4 + random();
      const score = (steps === 0 ? raw : Math.round(raw * steps)) * scale;
      return isNarrow ? Math.fround(score) : score;
    });
    return { relevances, scores };
  });
  return { queries, ks: [1, 3, 10] };
}

it("ranking metrics agree with scikit-learn on random cases", () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "sklearn_ranking.py"), cases);
  const wrong: string[] = [];
  for (const [index, { queries, ks }] of cases.entries()) {
    const { metrics } = rankingMetrics({
      relevances: Float64Array.from(queries.flatMap((query) => query.relevances)),
      scores: Float64Array.from(queries.flatMap((query) => query.scores)),
      queries: Uint32Array.from(queries.flatMap((query, code) => query.scores.map(() => code))),
      queryCount: queries.length,
      ks,
    }).overall;
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = metrics[name] ?? Number.NaN;
      const isSame = Math.abs(value - (reference ?? Number.NaN)) <= 1e-12;
      if (!isSame)
        wrong.push(`seed ${seed}, case ${index}, ${name}: ours ${value}, scikit-learn ${reference}`);
    }
  }
  expect(wrong).toEqual([]);
}, 600_000);

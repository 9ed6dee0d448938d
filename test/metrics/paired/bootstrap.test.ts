import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { bootstrapRecipe, pairedBootstrap } from "../../../src/metrics/paired/bootstrap.ts";
import { resampledScores } from "../../../src/metrics/paired/resampled-scores.ts";
import { Sfc32 } from "../../../src/metrics/paired/sfc32.ts";
import { generator } from "../random-cases.ts";

const answer = z.object({
  replicates: z.array(z.record(z.string(), z.number())),
  se: z.record(z.string(), z.number()),
  low: z.record(z.string(), z.number()),
  high: z.record(z.string(), z.number()),
});

const names = ["average_precision", "ks", "lift@10%", "ece{bins=15,strategy=uniform}"];
const rows = 300;

function modelsOf(seed: number, steps: number) {
  const random = generator(seed);
  const labels = Array.from({ length: rows }, () => (random() < 0.3 ? 1 : 0));
  const scoreOf = (label: number, weight: number) => {
    const raw = Math.min(0.99, Math.max(0.01, weight * label + (1 - weight) * random()));
    return steps === 0 ? raw : Math.round(raw * steps) / steps;
  };
  const first = labels.map((label) => scoreOf(label, 0.2));
  return {
    labels,
    first,
    other: labels.map((label, row) => 0.5 * (first[row] ?? 0) + 0.5 * scoreOf(label, 0.35)),
  };
}

const isBiased = (name: string) => /^(ks|ece)/.test(name);

describe("the paired bootstrap", () => {
  const { seed } = bootstrapRecipe(rows);
  const cases = [modelsOf(1, 0), modelsOf(2, 12)].map((one) => ({ ...one, seed, replicates: 15 }));
  const run = spawnSync(
    path.resolve(import.meta.dirname, "../../../.cache/venv/bin/python"),
    [path.join(import.meta.dirname, "numpy_bootstrap.py")],
    { input: JSON.stringify(cases), encoding: "utf8", maxBuffer: 1 << 28 },
  );
  expect(run.status, run.stderr).toBe(0);
  const answers = z.array(answer).parse(JSON.parse(run.stdout));

  it.each([0, 1])(
    "draws what anybody draws with the same seed, and measures as scikit-learn: case %i",
    async (place) => {
      const { labels, first, other } = cases[place] ?? { labels: [], first: [], other: [] };
      const made = (scores: readonly number[]) =>
        resampledScores({
          labels: Uint8Array.from(labels),
          scores: Float64Array.from(scores),
          weights: undefined,
          shares: [0.1],
          bins: 15,
        });
      const [before, after] = [made(first), made(other)];
      const random = new Sfc32(seed);
      const counts = new Uint16Array(rows);
      for (const [replicate, expected] of (answers[place]?.replicates ?? []).entries()) {
        random.resample(counts);
        const [a, b] = [before.figures(counts), after.figures(counts)];
        for (const name of names) {
          const index = before.names.indexOf(name);
          expect((b[index] ?? 0) - (a[index] ?? 0), `${name}, ${replicate}`).toBeCloseTo(
            expected[name] ?? 0,
            11,
          );
        }
      }
      const changes = await pairedBootstrap(before, after, { rows, isBiased });
      for (const name of names) {
        const [found, se = 0] = [changes.get(name), answers[place]?.se[name]];
        // Both standard errors are of a thousand replicates, each good to 2.2 %.
        expect(Math.abs((found?.se ?? 0) / se - 1), name).toBeLessThan(0.12);
        if (isBiased(name)) {
          expect((found?.high ?? 0) - (found?.change ?? 0), name).toBeCloseTo(1.96 * (found?.se ?? 0), 4);
          continue;
        }
        expect(Math.abs((found?.low ?? 0) - (answers[place]?.low[name] ?? 0)), name).toBeLessThan(0.45 * se);
        expect(Math.abs((found?.high ?? 0) - (answers[place]?.high[name] ?? 0)), name).toBeLessThan(
          0.45 * se,
        );
      }
    },
  );

  it("gives the same interval in every run, and none of what does not vary", async () => {
    const { labels, first, other } = modelsOf(3, 0);
    const made = (scores: readonly number[]) => plainly(labels, scores);
    const of = (scores: readonly number[]) => pairedBootstrap(made(first), made(scores), { rows, isBiased });
    expect([...(await of(other))]).toEqual([...(await of(other))]);
    expect((await of(first)).get("average_precision")).toMatchObject({ change: 0, se: 0, low: 0, high: 0 });
  });

  it("leaves out what has no value in one replicate of twenty", async () => {
    const scarce = (scores: readonly number[]) => plainly([1, 0, 0, 0, 0, 0], scores);
    const [a, b] = [scarce([0.9, 0.5, 0.4, 0.3, 0.2, 0.1]), scarce([0.1, 0.5, 0.4, 0.3, 0.2, 0.9])];
    expect((await pairedBootstrap(a, b, { rows: 6, isBiased })).size).toBe(0);
  });

  it("stops soon after it is told to", async () => {
    const { labels, first, other } = modelsOf(3, 0);
    const of = (scores: readonly number[]) => plainly(labels, scores);
    const stop = new AbortController();
    const shares: number[] = [];
    const onDone = (share: number) => {
      shares.push(share);
      if (shares.length === 3) stop.abort(new Error("enough"));
    };
    const how = { rows, isBiased, signal: stop.signal, onDone };
    await expect(pairedBootstrap(of(first), of(other), how)).rejects.toThrow("enough");
    expect(shares).toEqual([0, 0.001, 0.002]);
  });
});

/** Without weights, with the gain of the first tenth. */
function plainly(labels: ArrayLike<number>, scores: readonly number[]) {
  return resampledScores({
    labels: Uint8Array.from(labels),
    scores: Float64Array.from(scores),
    weights: undefined,
    shares: [0.1],
    bins: undefined,
  });
}

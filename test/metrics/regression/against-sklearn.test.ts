import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { regressionMetrics } from "../../../src/metrics/regression/regression.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator, pick } from "../random-cases.ts";

interface Case {
  readonly truths: number[];
  readonly predictions: number[];
  readonly weights: number[] | null;
}

function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 200);
  const usual = Math.floor(random() * 12 - 6);
  const power = pick([usual, usual, usual, usual, 60, -60], random);
  const scale = 10 ** power;
  const isNarrow = power === usual && random() < 0.3;
  const shift = pick([0, 0.5, 0.5, 3], random);
  const steps = pick([0, 0, 4], random);
  const tied = (value: number) => {
    const stepped = steps === 0 ? value : Math.round(value * steps) / steps;
    return isNarrow ? Math.fround(stepped) : stepped;
  };
  const kind = pick(["real", "counts", "constant"], random);
  const base = Array.from({ length: rows }, () => random() - 0.5 + shift);
  const truths =
    kind === "counts"
      ? base.map((value) => Math.max(0, Math.floor(value * 3)))
      : base.map((value) => (kind === "constant" && shift === 0.5 ? 0.1 : tied(value) * scale));
  const size = kind === "counts" ? 3 : scale;
  const predictions = base.map((value) => tied(value + (random() - 0.4) * 0.3) * size);
  const weights = pick(["none", "whole", "real"], random);
  return {
    truths,
    predictions,
    weights:
      weights === "none"
        ? null
        : truths.map(() => (weights === "whole" ? Math.floor(random() * 4) : random() * 10)),
  };
}

it("regression agrees with scikit-learn on random cases", () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "sklearn_regression.py"), cases);
  for (const [index, one] of cases.entries()) {
    const weights = one.weights === null ? undefined : Float64Array.from(one.weights);
    const { metrics, undefined: reasons } = regressionMetrics({
      truths: Float64Array.from(one.truths),
      predictions: Float64Array.from(one.predictions),
      weights,
      tweediePowers: [-1, 0, 1.5, 3],
    }).overall;
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = metrics[name];
      const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), scikit-learn ${reference}`;
      if (value === null) expect(isUndefined(name, one) || reference === null, where).toBe(true);
      else if (reference === null) expect(value, where).toBeNull();
      else
        expect(Math.abs((value ?? Number.NaN) - reference), where).toBeLessThanOrEqual(
          slack(name, one, reference),
        );
    }
  }
}, 600_000);

/** Where scikit-learn falls back on a convention for too few rows, no weight or a constant truth, ours has no value. */
function isUndefined(name: string, { truths, predictions, weights }: Case): boolean {
  const kept = truths.filter((_, row) => weights === null || (weights[row] ?? 0) > 0);
  const keptPredictions = predictions.filter((_, row) => weights === null || (weights[row] ?? 0) > 0);
  const isConstant = new Set(kept).size < 2;
  if (kept.length === 0) return true;
  if (/^(r2|explained_variance|d2_|gini_normalized)/.test(name)) return isConstant;
  return /^(pearson|spearman|kendall)$/.test(name) && (isConstant || new Set(keptPredictions).size < 2);
}

/** Shares divide by a spread and lose the digits that its mean has more; deviances are differences of larger terms. */
function slack(name: string, { truths, predictions }: Case, reference: number): number {
  const size = Math.max(...truths.map(Math.abs), ...predictions.map(Math.abs));
  if (/^(r2|explained_variance|d2_|pearson|spearman|kendall|gini)/.test(name))
    return 1e-9 * Math.max(1, Math.abs(reference));
  // The terms of the power -1 are cubes.
  if (name.endsWith("@-1")) return 1e-12 * Math.max(Math.abs(reference), size ** 3, 1);
  // Those of the power 3 are reciprocals, which cancel where a truth is nearly its prediction.
  if (name.endsWith("deviance@3")) {
    const terms = truths.flatMap((truth, row) => {
      const prediction = predictions[row] ?? Number.NaN;
      return [1 / truth, 1 / prediction, truth / prediction ** 2].map(Math.abs).filter(Number.isFinite);
    });
    return 1e-12 * Math.max(Math.abs(reference), ...terms, 1);
  }
  if (name.includes("deviance")) return 1e-12 * Math.max(Math.abs(reference), size, 1);
  return 1e-12 * Math.max(Math.abs(reference), 1e-300);
}

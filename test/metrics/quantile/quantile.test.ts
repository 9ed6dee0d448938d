import { randomInt } from "node:crypto";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { quantileMetrics } from "../../../src/metrics/quantile/quantile.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator, pick } from "../random-cases.ts";

interface Case {
  readonly truths: number[];
  readonly quantiles: { level: number; values: number[] }[];
  readonly weights: number[] | null;
}

function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 150);
  const scale = pick([1, 1, 1, 1e60, 1e-60], random);
  const isNarrow = scale === 1 && random() < 0.3;
  const isConstant = random() < 0.1;
  const steps = pick([0, 5], random);
  const tied = (value: number) => {
    const stepped = (steps === 0 ? value : Math.round(value * steps) / steps) * scale;
    return isNarrow ? Math.fround(stepped) : stepped;
  };
  const truths = Array.from({ length: rows }, () => tied(isConstant ? 1 : random() * 4 - 2));
  const kind = pick(["none", "whole", "real"], random);
  return {
    truths,
    quantiles: [0.1, 0.5, 0.75].map((level) => ({
      level,
      values: truths.map((truth) => tied(truth / scale + random() - 1 + level)),
    })),
    weights:
      kind === "none" ? null : truths.map(() => (kind === "whole" ? Math.floor(random() * 3) : random() * 5)),
  };
}

function inputOf({ truths, quantiles, weights }: Case) {
  return {
    truths: Float64Array.from(truths),
    quantiles: quantiles.map(({ level, values }) => ({ level, values: Float64Array.from(values) })),
    intervals: [],
    weights: weights === null ? undefined : Float64Array.from(weights),
  };
}

describe("quantile and interval metrics", () => {
  it("agree with scikit-learn on random cases", () => {
    const seed = randomInt(2 ** 31);
    const random = generator(seed);
    const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
    const expected = answersOf(path.join(import.meta.dirname, "sklearn_quantile.py"), cases);
    for (const [index, one] of cases.entries()) {
      const { metrics, undefined: reasons } = quantileMetrics(inputOf(one)).overall;
      for (const [name, reference] of Object.entries(expected[index] ?? {})) {
        const value = metrics[name];
        const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), scikit-learn ${reference}`;
        if (value === null) expect(reasons[name], where).toMatch(/fewer than two|zero division|no row/);
        else if (reference === null) expect(value, where).toBeNull();
        else
          expect(Math.abs((value ?? Number.NaN) - reference), where).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(reference)),
          );
      }
    }
  }, 600_000);

  it("measure coverage, width, the interval score and crossing by hand", () => {
    const { overall } = quantileMetrics({
      truths: Float64Array.of(1, 2, 3, 10),
      quantiles: [
        { level: 0.1, values: Float64Array.of(0, 2, 4, 5) },
        { level: 0.9, values: Float64Array.of(2, 3, 3.5, 6) },
      ],
      intervals: [{ level: 0.8, lower: Float64Array.of(0, 2, 4, 5), upper: Float64Array.of(2, 3, 5, 6) }],
    });
    expect(overall.metrics).toMatchObject({
      "coverage@0.1": 0.5,
      "coverage@0.9": 0.75,
      quantile_crossing: 0.25,
      "interval_coverage@0.8": 0.5,
      "interval_width@0.8": 1.25,
    });
    // Row 3 lies 1 below, row 4 lies 4 above: 2 / 0.2 * 5 / 4 more than the width.
    expect(overall.metrics["winkler@0.8"]).toBeCloseTo(1.25 + (10 * 5) / 4, 12);
    expect(overall.levels?.map((one) => one.level)).toEqual([0.1, 0.9]);
  });

  it("measure whole weights as repeated rows, and a group as its rows", () => {
    const one = { ...randomCase(generator(5)), weights: null };
    const weights = one.truths.map((_, row) => row % 3);
    const repeat = (values: number[]) => values.flatMap((value, row) => Array(weights[row] ?? 0).fill(value));
    const repeated = inputOf({
      truths: repeat(one.truths),
      quantiles: one.quantiles.map(({ level, values }) => ({ level, values: repeat(values) })),
      weights: null,
    });
    const weighted = quantileMetrics(inputOf({ ...one, weights }), [
      { codes: new Uint32Array(one.truths.length), count: 1 },
    ]);
    for (const [name, value] of Object.entries(quantileMetrics(repeated).overall.metrics))
      if (value === null) expect(weighted.overall.metrics[name]).toBeNull();
      else expect(weighted.overall.metrics[name]).toBeCloseTo(value, 12);
    expect(weighted.groups[0]?.[0]?.metrics).toEqual(weighted.overall.metrics);
  });
});

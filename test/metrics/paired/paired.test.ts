import { describe, expect, it } from "vitest";
import { areaInterval } from "../../../src/metrics/intervals/area.ts";
import { pairedAreas } from "../../../src/metrics/paired/areas.ts";
import { pairedMeans, pairedRoots } from "../../../src/metrics/paired/means.ts";
import { pairedShares } from "../../../src/metrics/paired/shares.ts";
import { student975 } from "../../../src/metrics/paired/student.ts";
import { fc } from "../../support/fast-check.ts";
import { expected, fixtureColumn } from "../binary/cases.ts";

const labels = Uint8Array.from(fixtureColumn(0), Number);
const candidate = Float64Array.from(fixtureColumn(1), Number);
const baseline = Float64Array.from(fixtureColumn(2), Number);
const near = (value: number | undefined, wanted: number) =>
  expect(Math.abs((value ?? Number.NaN) - wanted)).toBeLessThan(1e-12);

describe("pairedAreas", () => {
  it("is pROC's DeLong of the fixture", () => {
    const { var_candidate, var_baseline, cov, z, ci95_difference } = expected.delong_pROC;
    const found = pairedAreas(labels, baseline, candidate);
    near(found?.variances[0], var_baseline);
    near(found?.variances[1], var_candidate);
    near(found?.covariance, cov);
    near(found?.change, expected.candidate.roc_auc - expected.baseline.roc_auc);
    near((found?.change ?? 0) / (found?.se ?? 0) - z, 0);
    near(found?.low, ci95_difference[0]);
    near(found?.high, ci95_difference[1]);
  });

  it("has the variances that each model has alone, by the pairs themselves", () => {
    const row = fc.record({
      label: fc.integer({ min: 0, max: 1 }),
      a: fc.integer({ min: 0, max: 6 }),
      b: fc.integer({ min: 0, max: 6 }),
    });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 40 }), (rows) => {
        const found = pairedAreas(
          Uint8Array.from(rows, (one) => one.label),
          Float64Array.from(rows, (one) => one.a),
          Float64Array.from(rows, (one) => one.b),
        );
        const plain = plainAreas(rows);
        if (plain === undefined || found === undefined) return;
        near(found.change, plain.change);
        near(found.variances[0], plain.variances[0]);
        near(found.variances[1], plain.variances[1]);
        near(found.covariance, plain.covariance);
      }),
    );
  });

  it("says no change of the same scores, and nothing where nothing can be said", () => {
    expect(pairedAreas(labels, baseline, baseline)).toMatchObject({ change: 0, se: 0, low: 0, high: 0 });
    const few = Uint8Array.of(1, 0, 0, 0);
    expect(pairedAreas(few, Float64Array.of(4, 3, 2, 1), Float64Array.of(1, 2, 3, 4))).toBeUndefined();
    const apart = Uint8Array.of(1, 1, 0, 0);
    expect(pairedAreas(apart, Float64Array.of(4, 3, 2, 1), Float64Array.of(1, 2, 3, 4))).toBeUndefined();
  });

  it("is narrower than of different rows where the models agree", () => {
    const found = pairedAreas(labels, baseline, candidate);
    const alone = Math.hypot(
      ...(found?.variances ?? []).map((variance) => areaInterval(0.9, variance, 118).se ?? 0),
    );
    expect(found?.se).toBeLessThan(alone);
  });
});

describe("pairedMeans", () => {
  it("is the fixture's mean difference of log-loss and Brier with its standard error", () => {
    const loss = (scores: Float64Array) =>
      scores.map((score, row) => -Math.log(labels[row] === 1 ? score : 1 - score));
    const squares = (scores: Float64Array) => scores.map((score, row) => (score - (labels[row] ?? 0)) ** 2);
    const { log_loss, brier } = expected.paired_mean_differences;
    const logLoss = pairedMeans(loss(baseline), loss(candidate));
    near(logLoss?.change, log_loss.diff);
    near(logLoss?.se ?? undefined, log_loss.se);
    const found = pairedMeans(squares(baseline), squares(candidate));
    near(found?.change, brier.diff);
    near(found?.se ?? undefined, brier.se);
    // scipy 1.17.1: stats.t.ppf(0.975, 399) is 1.965927295920882.
    near((found?.high ?? 0) - (found?.change ?? 0), 1.965927295920882 * brier.se);
  });

  it("is undefined with one row and where it overflows", () => {
    expect(pairedMeans(Float64Array.of(1), Float64Array.of(2))).toBeUndefined();
    expect(pairedMeans(Float64Array.of(1e308, -1e308), Float64Array.of(-1e308, 1e308))).toBeUndefined();
  });
});

describe("pairedRoots", () => {
  it("changes as the roots do, and agrees with resampling to a few percent", () => {
    const errors = (seed: number) =>
      Float64Array.from({ length: 400 }, (_, row) => (Math.sin(row * 12.9898 + seed) * 43758.5453) % 1 ** 2);
    const [first, other] = [errors(1), errors(2)].map((values) => values.map((value) => value ** 2));
    if (first === undefined || other === undefined) throw new Error("no errors");
    const root = (values: Float64Array) =>
      Math.sqrt(values.reduce((sum, value) => sum + value, 0) / values.length);
    const found = pairedRoots(first, other);
    near(found?.change, root(other) - root(first));
    // Leaving out one row at a time: the jackknife's standard error.
    const left = first.map((_, gone) => {
      const without = (values: Float64Array) => values.filter((_value, row) => row !== gone);
      return root(without(other)) - root(without(first));
    });
    const mean = left.reduce((sum, value) => sum + value, 0) / left.length;
    const squared = left.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const jackknife = Math.sqrt((squared * (left.length - 1)) / left.length);
    expect(Math.abs((found?.se ?? 0) / jackknife - 1)).toBeLessThan(0.02);
  });

  it("is undefined where a model makes no error", () => {
    expect(pairedRoots(Float64Array.of(0, 0), Float64Array.of(1, 2))).toBeUndefined();
  });
});

describe("pairedShares", () => {
  it("is Newcombe's printed interval of his method 10", () => {
    // Newcombe (1998), table III: 36, 12, 2, 0 of 50 give 0.0569 to 0.3404.
    const found = pairedShares({ both: 36, onlyFirst: 2, onlyOther: 12, neither: 0 });
    expect(found?.change).toBeCloseTo(0.2, 12);
    expect(found?.low).toBeCloseTo(0.0569, 4);
    expect(found?.high).toBeCloseTo(0.3404, 4);
  });

  it("has the discordant rows of the fixture at 0.5, and turns with the sides", () => {
    const [[both, candidateOnly], [baselineOnly, neither]] =
      expected.mcnemar_candidate_vs_baseline_at_0_5.table;
    const found = pairedShares({ both, onlyFirst: baselineOnly, onlyOther: candidateOnly, neither });
    near(found?.change, expected.candidate.at_0_5.accuracy - expected.baseline.at_0_5.accuracy);
    const turned = pairedShares({ both, onlyFirst: candidateOnly, onlyOther: baselineOnly, neither });
    near(turned?.low, -(found?.high ?? 0));
    near(turned?.high, -(found?.low ?? 0));
    // McNemar's exact p is 0.148: no change is not ruled out.
    expect(found?.low).toBeLessThan(0);
    expect(found?.high).toBeGreaterThan(0);
  });

  it("holds the change, within -1 and 1, for any counts", () => {
    const count = fc.integer({ min: 0, max: 60 });
    fc.assert(
      fc.property(
        fc.record({ both: count, onlyFirst: count, onlyOther: count, neither: count }),
        (counts) => {
          const found = pairedShares(counts);
          if (found === undefined) return;
          expect(found.low).toBeLessThanOrEqual(found.change + 1e-12);
          expect(found.high).toBeGreaterThanOrEqual(found.change - 1e-12);
          expect(found.low).toBeGreaterThanOrEqual(-1);
          expect(found.high).toBeLessThanOrEqual(1);
        },
      ),
    );
    expect(pairedShares({ both: 0, onlyFirst: 0, onlyOther: 0, neither: 0 })).toBeUndefined();
  });
});

describe("student975", () => {
  // scipy 1.17.1: stats.t.ppf(0.975, degrees).
  it.each([
    [1, 12.706204736174694],
    [2, 4.302652729749462],
    [3, 3.1824463052837078],
    [5, 2.5705818356363146],
    [10, 2.228138851986274],
    [30, 2.0422724563012378],
    [99, 1.9842169515864174],
    [199, 1.9719565442517533],
    [200, 1.9718962236339088],
    [399, 1.965927295920882],
    [1000, 1.9623390808264083],
    [100000, 1.9599877075346095],
    [10000000, 1.959964221767205],
  ])("is scipy's for %i degrees of freedom", (degrees, wanted) => {
    expect(Math.abs(student975(degrees) / wanted - 1)).toBeLessThan(1e-10);
  });
});

interface Row {
  readonly label: number;
  readonly a: number;
  readonly b: number;
}

/** By the definition: every pair of a positive and a negative. */
function plainAreas(rows: readonly Row[]) {
  const [ups, downs] = [rows.filter((row) => row.label === 1), rows.filter((row) => row.label === 0)];
  if (ups.length < 2 || downs.length < 2) return undefined;
  const wins = (up: Row, down: Row, of: "a" | "b") =>
    Number(up[of] > down[of]) + Number(up[of] === down[of]) / 2;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const placements = (of: "a" | "b") => ({
    ups: ups.map((up) => mean(downs.map((down) => wins(up, down, of)))),
    downs: downs.map((down) => mean(ups.map((up) => wins(up, down, of)))),
  });
  const [a, b] = [placements("a"), placements("b")];
  const spread = (one: readonly number[], other: readonly number[]) =>
    one.reduce((sum, value, place) => sum + (value - mean(one)) * ((other[place] ?? 0) - mean(other)), 0) /
    (one.length - 1) /
    one.length;
  return {
    change: mean(b.ups) - mean(a.ups),
    variances: [
      spread(a.ups, a.ups) + spread(a.downs, a.downs),
      spread(b.ups, b.ups) + spread(b.downs, b.downs),
    ] as const,
    covariance: spread(a.ups, b.ups) + spread(a.downs, b.downs),
  };
}

import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { PoolMaker } from "../../../src/metrics/calibration/isotonic.ts";
import { LogOddsRoom, LogOddsWalk } from "../../../src/metrics/calibration/log-odds.ts";
import { logisticRefit } from "../../../src/metrics/calibration/logistic-refit.ts";
import { type CalibrationRows, reliability } from "../../../src/metrics/calibration/reliability.ts";
import { Kernel } from "../../../src/metrics/kernel/kernel.ts";
import { fc } from "../../support/fast-check.ts";
import { inputOf, tableInput, tables } from "../binary/cases.ts";

const kernel = new Kernel(2 ** 26);

function allotted(values: readonly number[]): Float64Array {
  const own = kernel.allot(Float64Array, values.length);
  own.set(values);
  return own;
}

/** One row a score, highest first. */
function rowsOf(pairs: readonly (readonly [score: number, label: number])[]) {
  const sorted = pairs.toSorted(([one], [other]) => other - one);
  return {
    scores: allotted(sorted.map(([score]) => score)),
    positives: allotted(sorted.map(([, label]) => label)),
    negatives: allotted(sorted.map(([, label]) => 1 - label)),
    rows: undefined,
  };
}

function refit(rows: CalibrationRows) {
  const { length } = rows.scores;
  const walk = new LogOddsWalk(new LogOddsRoom(kernel, length), length, 2 ** -52);
  walk.add(rows);
  return logisticRefit(walk.odds);
}

describe("bins of scores", () => {
  it("are (lower, upper], the first one closed; empty ones are skipped; the mean score counts, not the middle", () => {
    const rows = rowsOf([
      [0, 0],
      [0.1, 1],
      [0.2, 0],
      [0.3, 1],
      [0.30000000000000004, 1],
      [1, 1],
    ]);
    const bars = reliability(kernel, rows, { bins: 10, strategy: "uniform", weight: 6 }).toReversed();
    expect(bars.map(({ bin, rows: count }) => [bin, count])).toEqual([
      [0, 2],
      [1, 1],
      [2, 1],
      [3, 1],
      [9, 1],
    ]);
    expect(bars[0]).toMatchObject({ scoreSum: 0.1, positives: 1 });
  });

  it("of equal mass do not split ties", () => {
    const rows = {
      scores: allotted([0.9, 0.5, 0.1]),
      positives: allotted([1, 4, 0]),
      negatives: allotted([1, 2, 2]),
      rows: undefined,
    };
    const bars = reliability(kernel, rows, { bins: 5, strategy: "quantile", weight: 10 });
    expect(bars.map(({ bin, rows: count, positives }) => [bin, count, positives])).toEqual([
      [4, 2, 1],
      [2, 6, 4],
      [0, 2, 0],
    ]);
  });

  it("give the calibration error as weighted mean of gaps, and its table with exact intervals", async () => {
    const { overall } = await binaryMetrics(
      inputOf([1, 0, 0, 1, 1], [0.05, 0.05, 0.15, 0.95, 0.9], { options: { calibrationBins: 10 } }),
    );
    const gaps = [Math.abs(0.1 - 1), 0.15, 0.05 + 0.1];
    expect(overall.metrics["ece{bins=10,strategy=uniform}"]).toBeCloseTo(
      gaps.reduce((sum, gap) => sum + gap, 0) / 5,
      14,
    );
    expect(overall.metrics["mce{bins=10,strategy=uniform}"]).toBeCloseTo(0.45, 14);
    expect(overall.metrics["observed_expected_ratio"]).toBeCloseTo(3 / 2.1, 14);
    expect(overall.calibration).toMatchObject({ recipe: "bins=10,strategy=uniform" });
    expect(overall.calibration?.bins.map((bin) => [bin.lower, bin.upper, bin.count])).toEqual([
      [0, 0.1, 2],
      [0.1, 0.2, 1],
      [0.8, 0.9, 1],
      [0.9, 1, 1],
    ]);
    expect(overall.calibration?.bins[1]).toMatchObject({ observedRate: 0, low: 0 });
    expect(overall.calibration?.bins[1]?.high).toBeCloseTo(0.975, 14);
  });
});

describe("isotonic rates", () => {
  it("pool neighbours that do not rise", () => {
    const pools = new PoolMaker(kernel, 5).pools(
      rowsOf([
        [0.1, 0],
        [0.2, 1],
        [0.3, 0],
        [0.4, 1],
        [0.5, 1],
      ]),
    );
    expect(pools).toEqual([
      { lowest: 0.1, highest: 0.1, positives: 0, weight: 1 },
      { lowest: 0.2, highest: 0.3, positives: 1, weight: 2 },
      { lowest: 0.4, highest: 0.5, positives: 2, weight: 2 },
    ]);
  });

  it("split the Brier score: miscalibration - discrimination + uncertainty, none of them negative", async () => {
    await fc.assert(
      fc.asyncProperty(tables, fc.boolean(), async (rows, isWeighted) => {
        const { metrics, calibration } = (await binaryMetrics(tableInput(rows, { isWeighted }))).overall;
        const { miscalibration, discrimination, uncertainty } = calibration?.corp ?? {};
        expect(
          (miscalibration ?? Number.NaN) - (discrimination ?? Number.NaN) + (uncertainty ?? Number.NaN),
        ).toBeCloseTo(metrics["brier"] ?? Number.NaN, 12);
        expect(miscalibration).toBeGreaterThan(-1e-12);
        expect(discrimination).toBeGreaterThan(-1e-12);
      }),
    );
  });
});

describe("the logistic refit", () => {
  it("finds what made the labels: score equations hold to the last digits", () => {
    const pairs = Array.from({ length: 2000 }, (_, row): [number, number] => {
      const score = (row + 0.5) / 2000;
      return [score, (row * 7919) % 2000 < 2000 * score ** 2 ? 1 : 0];
    });
    const fit = refit(rowsOf(pairs));
    if (!("slope" in fit)) throw new Error(fit.undefined);
    let [residual, moment] = [0, 0];
    for (const [score, label] of pairs) {
      const odds = Math.log(score / (1 - score));
      const share = 1 / (1 + Math.exp(-fit.intercept - fit.slope * odds));
      residual += label - share;
      moment += (label - share) * odds;
    }
    expect(Math.abs(residual)).toBeLessThan(1e-9);
    expect(Math.abs(moment)).toBeLessThan(1e-9);
    expect(fit.slope).toBeGreaterThan(1);
  });

  it("keeps the digits of scores next to 1", () => {
    const near = (share: number) => 1 - share * 2 ** -48;
    const below = [near(1), near(2), near(3), near(7), 0.5, 0.25];
    const labels = [1, 0, 1, 0, 1, 0];
    const plain = rowsOf(below.map((score, row) => [score, labels[row] ?? 0]));
    const fit = refit(plain);
    const mirrored = rowsOf(below.map((score, row) => [1 - score, 1 - (labels[row] ?? 0)]));
    const other = refit(mirrored);
    if (!("slope" in fit && "slope" in other)) throw new Error("no fit");
    expect(fit.slope).toBeCloseTo(other.slope, 10);
    expect(fit.intercept).toBeCloseTo(-other.intercept, 10);
    // A weight of three is three rows: no digit is lost by multiplying.
    const thrice = {
      ...plain,
      positives: allotted(Array.from(plain.positives, (up) => 3 * up)),
      negatives: allotted(Array.from(plain.negatives, (down) => 3 * down)),
    };
    const weighed = refit(thrice);
    if (!("slope" in weighed)) throw new Error("no fit");
    expect(weighed.slope).toBeCloseTo(fit.slope, 10);
  });

  it.each([
    ["one class", [[0.2, 1] as const, [0.7, 1] as const], "one class only"],
    ["separated classes", [[0.2, 0] as const, [0.7, 1] as const, [0.9, 1] as const], "no finite slope"],
    [
      "classes that touch in one score",
      [[0.2, 0] as const, [0.7, 1] as const, [0.7, 0] as const],
      "no finite slope",
    ],
    ["classes separated the wrong way", [[0.9, 0] as const, [0.7, 1] as const], "no finite slope"],
    ["scores clipped to one", [[0, 0] as const, [1e-300, 1] as const], "all scores are equal"],
  ])("has none for %s", (_, pairs, reason) => {
    const fit = refit(rowsOf(pairs));
    expect("undefined" in fit && fit.undefined).toContain(reason);
  });

  it("moves by less than 1e-8 where scores are so many that they are put into cells", () => {
    const pairs = Array.from({ length: 120_000 }, (_, row): [number, number] => [
      (row + 0.5) / 120_000,
      (row * 7919) % 120_000 < row ? 1 : 0,
    ]);
    const fit = refit(rowsOf(pairs));
    if (!("slope" in fit)) throw new Error(fit.undefined);
    // One Newton step on the rows themselves leads to the exact estimate, or very near.
    let [residual, moment, h0, h1, h2] = [0, 0, 0, 0, 0];
    for (const [score, label] of pairs) {
      const odds = Math.log(score / (1 - score));
      const share = 1 / (1 + Math.exp(-fit.intercept - fit.slope * odds));
      const curvature = share * (1 - share);
      residual += label - share;
      moment += (label - share) * odds;
      h0 += curvature;
      h1 += curvature * odds;
      h2 += curvature * odds ** 2;
    }
    expect(Math.abs((h0 * moment - h1 * residual) / (h0 * h2 - h1 ** 2))).toBeLessThan(1e-8);
    expect(Math.abs((h2 * residual - h1 * moment) / (h0 * h2 - h1 ** 2))).toBeLessThan(1e-8);
  });
});

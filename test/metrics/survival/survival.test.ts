import { describe, expect, it } from "vitest";
import { survivalMetrics } from "../../../src/metrics/survival/survival.ts";
import { generator, shuffled } from "../random-cases.ts";
import { type Case, inputOf, randomCase, rowsOf } from "./cases.ts";

const overallOf = (one: Case) => survivalMetrics(inputOf(one)).overall;
const by = (durations: number[], events: number[], risks: number[]): Case => ({
  durations,
  events,
  risks,
  weights: null,
  survivals: [],
  tau: 5,
});

describe("the concordance index", () => {
  it("compares an event with who outlived it, and with who was censored at its time", () => {
    // Pairs: 1 with the other three; 2a (seen) with 2b (censored at the same time) and 3; two events at one time are none.
    const { metrics, pairs } = overallOf(by([1, 2, 2, 3], [1, 1, 0, 0], [4, 2, 3, 2]));
    expect(pairs).toEqual({ comparable: 5, concordant: 3, discordant: 1, tiedRisk: 1 });
    expect(metrics["concordance_index"]).toBe(0.7);
    expect(overallOf(by([2, 2], [1, 1], [1, 2])).metrics["concordance_index"]).toBeNull();
  });

  it("has no value without a pair, and says why", () => {
    const reasons = (one: Case) => overallOf(one).undefined["concordance_index"];
    expect(reasons(by([1, 2], [0, 0], [1, 2]))).toBe("no pair: every row is censored");
    expect(reasons(by([1, 2], [0, 1], [1, 2]))).toBe("no pair: no row outlived an event");
    expect(reasons(by([], [], []))).toBe("no rows");
  });

  it("counts events as positives, by group too", () => {
    const input = inputOf(by([1, 2, 3, 4], [1, 0, 1, 1], [4, 3, 2, 1]));
    const { overall, groups } = survivalMetrics(input, [{ codes: Uint8Array.of(0, 0, 1, 1), count: 2 }]);
    expect(overall).toMatchObject({ count: 4, positives: 3, negatives: null });
    expect(groups[0]).toMatchObject([
      { count: 2, positives: 1, negatives: null },
      { count: 2, positives: 2, negatives: null },
    ]);
  });

  it("is left as it is by a monotone transform of the risks, and turned round by their opposite", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const one = { ...randomCase(generator(seed)), tau: 3 };
      const scale = Math.max(...one.risks.map(Math.abs));
      const bent = { ...one, risks: one.risks.map((risk) => 2 * (risk / scale)) };
      const turned = { ...one, risks: one.risks.map((risk) => -risk) };
      const own = overallOf(one).metrics;
      expect(overallOf(bent).metrics, `seed ${seed}`).toEqual(own);
      const value = own["concordance_index"] ?? null;
      const opposite = overallOf(turned).metrics["concordance_index"] ?? null;
      if (value === null) expect(opposite).toBeNull();
      else expect(opposite).toBeCloseTo(1 - value, 12);
    }
  });

  it("is the same for any order of the rows, bit for bit", () => {
    for (let seed = 0; seed < 60; seed += 1) {
      const random = generator(seed);
      const one = randomCase(random);
      const turned = rowsOf(one, shuffled(one.events.length, random));
      expect(overallOf(turned), `seed ${seed}`).toEqual(overallOf(one));
    }
  });

  it("measures whole weights as repeated rows", () => {
    for (let seed = 0; seed < 40; seed += 1) {
      const one = { ...randomCase(generator(seed)), weights: null };
      const weights = one.events.map((_, row) => (row + 1) % 3);
      const repeated = rowsOf(
        one,
        weights.flatMap((weight, row) => Array.from({ length: weight }, () => row)),
      );
      const [plain, weighted] = [overallOf(repeated), overallOf({ ...one, weights })];
      for (const [name, value] of Object.entries(plain.metrics))
        if (value === null) expect(weighted.metrics[name], `seed ${seed}, ${name}`).toBeNull();
        else expect(weighted.metrics[name], `seed ${seed}, ${name}`).toBeCloseTo(value, 12);
      if (repeated.events.length > 0) expect(weighted.pairs).toEqual(plain.pairs);
    }
  });

  it("says that Uno's has no value where the last rows are censored together with an event", () => {
    const { metrics, undefined: reasons } = overallOf(by([1, 6, 6], [1, 1, 0], [3, 2, 1]));
    expect(metrics).toMatchObject({ concordance_index: 1, concordance_index_ipcw: null });
    expect(reasons["concordance_index_ipcw"]).toContain("set --tau");
    expect(metrics["concordance_index_ipcw{tau=5}"]).toBe(1);
  });
});

describe("the interval of the concordance index", () => {
  it("has the standard error of leaving out one row at a time", () => {
    const one = { ...largeCase(generator(3), 300), weights: null };
    const { metrics, intervals } = overallOf(one);
    const rows = one.events.map((_, row) => row);
    const without = rows.map(
      (left) =>
        overallOf(
          rowsOf(
            one,
            rows.filter((row) => row !== left),
          ),
        ).metrics["concordance_index"] ?? 0,
    );
    const value = metrics["concordance_index"] ?? Number.NaN;
    const jackknife = Math.sqrt(without.reduce((sum, other) => sum + (other - value) ** 2, 0));
    expect((intervals?.["concordance_index"]?.se ?? 0) / jackknife).toBeGreaterThan(0.97);
    expect((intervals?.["concordance_index"]?.se ?? 0) / jackknife).toBeLessThan(1.03);
  });

  it("holds the true value in about 95 of 100 samples", () => {
    const random = generator(17);
    const truth = overallOf(largeCase(random, 60_000)).metrics["concordance_index"] ?? Number.NaN;
    let held = 0;
    for (let run = 0; run < 400; run += 1) {
      const interval = overallOf(largeCase(random, 200)).intervals?.["concordance_index"];
      if (interval !== undefined && interval.low <= truth && truth <= interval.high) held += 1;
    }
    expect(held).toBeGreaterThan(365);
    expect(held).toBeLessThan(397);
  });

  it("is left out with weights, and where every pair agrees", () => {
    expect(
      overallOf({ ...largeCase(generator(1), 50), weights: Array(50).fill(2) }).intervals,
    ).toBeUndefined();
    expect(overallOf(by([1, 2, 3], [1, 1, 1], [3, 2, 1])).intervals).toBeUndefined();
  });
});

/** Exponential times, a third of them censored, by a risk that is seen with noise. */
function largeCase(random: () => number, rows: number): Case {
  const hazards = Array.from({ length: rows }, () => Math.exp(2 * random() - 1));
  const times = hazards.map((hazard) => -Math.log(1 - random()) / hazard);
  const ends = hazards.map(() => -2 * Math.log(1 - random()));
  return {
    durations: times.map((time, row) => Math.min(time, ends[row] ?? 0)),
    events: times.map((time, row) => (time <= (ends[row] ?? 0) ? 1 : 0)),
    risks: hazards.map((hazard) => Math.log(hazard) + random() - 0.5),
    weights: null,
    survivals: [],
    tau: 2,
  };
}

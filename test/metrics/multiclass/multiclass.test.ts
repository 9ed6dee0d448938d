import { randomInt } from "node:crypto";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { multiclassMetrics } from "../../../src/metrics/multiclass/multiclass.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator, pick } from "../random-cases.ts";

interface Case {
  readonly labels: number[];
  /** One list a class. */
  readonly probabilities: number[][];
  readonly weights: number[] | null;
  /** Sorted, as scikit-learn has them; null: numbers. */
  readonly names: string[] | null;
  readonly dtype: "float32" | "float64";
}

const animals = ["ant", "bee", "cat", "dog", "eel", "fox", "gnu"];

function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 150);
  const size = pick([3, 3, 4, 4, 7], random);
  const seen = pick([size, size, size, size - 1, 1], random);
  const steps = pick([0, 0, 4], random);
  const isSharp = random() < 0.2;
  const labels = Array.from({ length: rows }, () => Math.floor(random() * seen));
  const table = labels.map((label) => {
    const raw = Array.from({ length: size }, (_, index) => random() + (index === label ? 0.6 : 0));
    const tied = steps === 0 ? raw : raw.map((value) => Math.round(value * steps) + 1);
    const sharp = isSharp ? tied.map((value) => (value === Math.max(...tied) ? 1 : 0)) : tied;
    const sum = sharp.reduce((total, value) => total + value, 0);
    return sharp.map((value) => value / sum);
  });
  // One class is all but certain: the others are left next to nothing.
  const isTiny = random() < 0.15;
  const bent = isTiny
    ? table.map((row) => row.map((value, index) => (index === 0 ? 1 : value * 1e-20)))
    : table;
  const kind = pick(["none", "whole", "real", "wide"], random);
  const weights = labels.map(() => {
    if (kind === "wide") return 10 ** (random() * 8 - 4);
    return kind === "whole" ? Math.floor(random() * 4) : random() * 10;
  });
  const dtype = random() < 0.3 ? "float32" : "float64";
  const read = (value: number) => (dtype === "float32" ? Math.fround(value) : value);
  return {
    labels,
    probabilities: Array.from({ length: size }, (_, index) => bent.map((row) => read(row[index] ?? 0))),
    weights: kind === "none" ? null : weights,
    names: random() < 0.5 ? animals.slice(0, size) : null,
    dtype,
  };
}

function inputOf({ labels, probabilities, weights, names, dtype }: Case) {
  const floats = (column: number[]) =>
    dtype === "float32" ? Float32Array.from(column) : Float64Array.from(column);
  return {
    classes: names ?? probabilities.map((_, index) => String(index)),
    labels: Uint32Array.from(labels),
    predictions: undefined,
    probabilities: probabilities.map(floats),
    weights: weights === null ? undefined : Float64Array.from(weights),
  };
}

/** What scikit-learn's mcc is worth; see sklearn_multiclass.py. */
const digitsLost = "(digits lost) mcc";

describe("multiclass metrics", () => {
  it("agree with scikit-learn on random cases", async () => {
    const seed = randomInt(2 ** 31);
    const random = generator(seed);
    const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
    const expected = answersOf(path.join(import.meta.dirname, "sklearn_multiclass.py"), cases);
    for (const [index, one] of cases.entries()) {
      const { metrics, undefined: reasons } = (await multiclassMetrics(inputOf(one))).overall;
      const { [digitsLost]: lost, ...references } = expected[index] ?? {};
      for (const [name, reference] of Object.entries(references)) {
        const value = metrics[name];
        const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), scikit-learn ${reference}`;
        // Ours has no value where a class is never predicted or not there: scikit-learn counts a 0 or 1 by convention.
        if (value === null)
          expect(reference === null || /zero division|class|one class/.test(reasons[name] ?? ""), where).toBe(
            true,
          );
        else if (reference === null) expect(value, where).toBeNull();
        else
          expect(Math.abs((value ?? Number.NaN) - reference), where).toBeLessThanOrEqual(
            1e-12 * Math.max(1, Math.abs(reference), name === "mcc" ? (lost ?? 1) : 1),
          );
      }
    }
  }, 600_000);

  it("has no macro precision where a class is never predicted, but an F1", async () => {
    const { metrics, undefined: reasons } = (
      await multiclassMetrics({
        classes: ["a", "b", "c"],
        labels: Uint32Array.of(0, 1, 2, 2),
        predictions: Uint32Array.of(0, 1, 1, 0),
        probabilities: undefined,
      })
    ).overall;
    expect(metrics).toMatchObject({ accuracy: 0.5, precision_macro: null, recall_macro: 2 / 3 });
    expect(metrics["f1_macro"]).toBeCloseTo(4 / 9, 15);
    expect(reasons["precision_macro"]).toBe("class c: zero division: the class is never predicted");
  });

  it("measures a group as its rows alone, and all rows as one group", async () => {
    const random = generator(7);
    const one = { ...randomCase(random), weights: null };
    const rows = one.labels.length;
    const codes = Uint32Array.from({ length: rows }, (_, row) => row % 3);
    const { overall, groups } = await multiclassMetrics(inputOf(one), [
      { codes, count: 3 },
      { codes: new Uint32Array(rows), count: 1 },
    ]);
    for (const group of [0, 1, 2]) {
      const own = (_: unknown, row: number) => row % 3 === group;
      const { overall: alone } = await multiclassMetrics(
        inputOf({
          ...one,
          labels: one.labels.filter(own),
          probabilities: one.probabilities.map((column) => column.filter(own)),
        }),
      );
      expect(groups[0]?.[group]).toEqual({
        count: alone.count,
        positives: null,
        negatives: null,
        metrics: alone.metrics,
        undefined: alone.undefined,
      });
    }
    expect(groups[1]?.[0]?.metrics).toEqual(overall.metrics);
  });

  it("changes in no bit with the order of the rows", async () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const one = randomCase(generator(seed));
      const turned = {
        ...one,
        labels: one.labels.toReversed(),
        probabilities: one.probabilities.map((column) => column.toReversed()),
        weights: one.weights?.toReversed() ?? null,
      };
      const found = await multiclassMetrics(inputOf(turned));
      expect(found.overall).toEqual((await multiclassMetrics(inputOf(one))).overall);
    }
  });
});

import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../src/metrics/binary.ts";
import { regressionMetrics } from "../../src/metrics/regression/regression.ts";
import { times } from "../support/full.ts";

const root = path.resolve(import.meta.dirname, "../..");
const python = path.join(root, ".cache/venv/bin/python");

interface BinaryCase {
  readonly labels: number[];
  readonly scores: number[];
  readonly threshold: number;
  readonly dtype: "float32" | "float64";
}
interface RegressionCase {
  readonly truths: number[];
  readonly predictions: number[];
}

/** mulberry32: the seed is printed with a failure, so that the case can be made again. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick(choices: readonly number[], random: () => number): number {
  return choices[Math.floor(random() * choices.length)] ?? 0;
}

function binaryCase(random: () => number): BinaryCase {
  const rows = 1 + Math.floor(random() ** 2 * 300);
  const prevalence = pick([0, 0.02, 0.2, 0.5, 1], random);
  const steps = pick([3, 10, 1000, 0], random);
  const dtype = random() < 0.3 ? "float32" : "float64";
  const isExtreme = random() < 0.2;
  const labels = Array.from({ length: rows }, () => (random() < prevalence ? 1 : 0));
  const scores = labels.map((label) => {
    const raw = Math.min(1, Math.max(0, 0.25 * label + random() * 0.9 - 0.05));
    const tied = steps === 0 ? raw : Math.round(raw * steps) / steps;
    const chosen = isExtreme && random() < 0.5 ? pick([1e-17, 1 - 2 ** -53], random) : tied;
    return dtype === "float32" ? Math.fround(chosen) : chosen;
  });
  return { labels, scores, threshold: pick([0.5, random()], random), dtype };
}

function regressionCase(random: () => number): RegressionCase {
  const rows = 2 + Math.floor(random() ** 2 * 300);
  const scale = 10 ** Math.floor(random() * 12 - 6);
  const truths = Array.from({ length: rows }, () => (random() - 0.5) * scale);
  return { truths, predictions: truths.map((truth) => truth + (random() - 0.4) * scale * 0.3) };
}

describe.skipIf(!existsSync(python))("metrics against scikit-learn", () => {
  it("agree with scikit-learn to 1e-12 on random cases", () => {
    const seed = randomInt(2 ** 31);
    const random = generator(seed);
    const binaries = Array.from({ length: times(80, 800) }, () => binaryCase(random));
    const regressions = Array.from({ length: times(30, 300) }, () => regressionCase(random));
    const run = spawnSync(python, [path.join(import.meta.dirname, "sklearn_cases.py")], {
      input: JSON.stringify([...binaries, ...regressions]),
      encoding: "utf8",
      maxBuffer: 1 << 26,
    });
    expect(run.status, run.stderr).toBe(0);
    const expected: Record<string, number | null>[] = JSON.parse(run.stdout);
    const ours = [
      ...binaries.map((one) => binaryMetrics(arraysOf(one)).overall.metrics),
      ...regressions.map(
        (one) =>
          regressionMetrics({
            truths: Float64Array.from(one.truths),
            predictions: Float64Array.from(one.predictions),
          }).overall.metrics,
      ),
    ];
    expect(expected.length).toBe(binaries.length + regressions.length);
    for (const [index, theirs] of expected.entries()) {
      const positives = binaries[index]?.labels.filter((label) => label === 1).length;
      const isOneClass = positives === 0 || positives === binaries[index]?.labels.length;
      for (const [name, reference] of Object.entries(theirs)) {
        const value = ours[index]?.[name];
        const where = `seed ${seed}, case ${index}, ${name}: ours ${value}, scikit-learn ${reference}`;
        // Where a class is missing scikit-learn says 0 or 1 by convention; ours has no value (facts 2.3, 9).
        if (name === "average_precision" && isOneClass) expect(value, where).toBeNull();
        else if (reference === null || value === null) expect(value, where).toBe(reference);
        else if (name === "r2")
          expect(Math.abs((value ?? Number.NaN) - reference), where).toBeLessThan(1e-10);
        else
          expect(Math.abs((value ?? Number.NaN) - reference), where).toBeLessThanOrEqual(
            1e-12 * Math.max(1e-4, Math.abs(reference)),
          );
      }
    }
  });
});

function arraysOf(one: BinaryCase) {
  return {
    labels: Uint8Array.from(one.labels),
    scores: Float64Array.from(one.scores),
    scoreDtype: one.dtype,
    threshold: one.threshold,
  };
}

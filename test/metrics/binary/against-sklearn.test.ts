import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { type BinaryMetrics, binaryMetrics } from "../../../src/metrics/binary/binary.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator, pick } from "../random-cases.ts";

interface Case {
  readonly labels: number[];
  readonly scores: number[];
  readonly weights: number[] | null;
  readonly threshold: number;
  readonly dtype: "float32" | "float64";
}

function randomCase(random: () => number): Case {
  const rows = random() < 0.05 ? 1 : 1 + Math.floor(random() ** 2 * 300);
  const prevalence = pick([0, 0.02, 0.2, 0.5, 0.5, 1], random);
  const steps = pick([3, 10, 1000, 0, 0], random);
  const dtype = random() < 0.3 ? "float32" : "float64";
  const kind = pick(["plain", "plain", "plain", "extreme", "tiny", "logits", "huge"], random);
  const labels = Array.from({ length: rows }, () => (random() < prevalence ? 1 : 0));
  const scores = labels.map((label) => {
    const raw = Math.min(1, Math.max(0, 0.25 * label + random() * 0.9 - 0.05));
    const tied = steps === 0 ? raw : Math.round(raw * steps) / steps;
    const chosen = bent(tied, kind, random);
    return dtype === "float32" ? Math.fround(chosen) : chosen;
  });
  const weighing = pick(["none", "none", "whole", "real", "wide"], random);
  const weightOf = () => {
    if (weighing === "whole") return Math.floor(random() * 4);
    return weighing === "real" ? random() * 10 : 10 ** (random() * 12 - 6);
  };
  const weights = labels.map(weightOf);
  if (!weights.some((weight) => weight > 0)) weights[0] = 1;
  return {
    labels,
    scores,
    weights: weighing === "none" ? null : weights,
    threshold: kind === "logits" ? 0.1 : pick([0.5, random()], random),
    dtype,
  };
}

function bent(score: number, kind: string, random: () => number): number {
  if (kind === "extreme" && random() < 0.5) return pick([1e-17, 1 - 2 ** -53, 0, 1], random);
  if (kind === "tiny") return score * 1e-30;
  if (kind === "logits") return (score - 0.5) * 8;
  return kind === "huge" ? (score - 0.3) * 1e30 : score;
}

it("binary metrics agree with scikit-learn to 1e-12 on random cases", async () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "sklearn_binary.py"), cases);
  const wrong: string[] = [];
  for (const [index, one] of cases.entries()) {
    const { overall } = await measured(one);
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = figure(overall, name);
      const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${overall.undefined[name]}), scikit-learn ${reference}`;
      const isSame =
        reference === null || value === null || value === undefined
          ? value === reference || (name === "calibration_slope" && reference !== null)
          : Math.abs(value - reference) <= slack(name, reference, one);
      if (!isSame) wrong.push(where);
    }
  }
  expect(wrong).toEqual([]);
}, 600_000);

function measured({ labels, scores, weights, threshold, dtype }: Case): Promise<BinaryMetrics> {
  return binaryMetrics({
    labels: Uint8Array.from(labels),
    scores: dtype === "float32" ? Float32Array.from(scores) : Float64Array.from(scores),
    weights: weights === null ? undefined : Float64Array.from(weights),
    threshold,
    options: { betas: [2], maxFprs: [0.1] },
  });
}

function figure(overall: BinaryMetrics["overall"], name: string): number | null | undefined {
  if (name === "max_f1")
    return overall.thresholdChoices?.find((choice) => choice.rule === "max_f1")?.metrics["f1"];
  if (name === "miscalibration" || name === "discrimination") return overall.calibration?.corp?.[name];
  return overall.metrics[name];
}

/**
 * scikit-learn's own Newton stops at 1e-12 of the gradient; what is made of differences loses digits in its figures, most of all with
 * weights of twelve orders of magnitude.
 */
function slack(name: string, reference: number, { weights }: Case): number {
  const counting = weights?.filter((weight) => weight > 0) ?? [1];
  const isWide = Math.max(...counting) > 1e3 * Math.min(...counting);
  if (isWide && /^(calibration_slope|mcc)$/.test(name)) return Number.POSITIVE_INFINITY;
  if (name === "calibration_slope") return 1e-7 * Math.max(1, Math.abs(reference));
  if (isWide) return 1e-12 * Math.max(1, Math.abs(reference));
  if (/^(mcc|cohen_kappa)/.test(name)) return 1e-12 * Math.max(1, Math.abs(reference));
  if (/^(brier|miscalibration|discrimination)/.test(name)) return 1e-12 * Math.max(1e-2, Math.abs(reference));
  return 1e-12 * Math.max(1e-4, Math.abs(reference));
}

import type { MultilabelInput } from "../../../src/metrics/multilabel/multilabel-input.ts";
import { pick } from "../random-cases.ts";

/** Lists are by label, then by row. */
export interface Case {
  readonly truths: number[][];
  readonly scores: number[][] | null;
  readonly predictions: number[][];
  readonly weights: number[] | null;
  readonly dtype: "float32" | "float64";
}

const threshold = 0.5;

/** Up to 120 rows and 30 labels: ties, labels that no row has or every row, rows without a label, weights of 0, floats of 32 bits. */
export function randomCase(random: () => number): Case {
  const rows = random() < 0.08 ? 1 : 1 + Math.floor(random() ** 2 * 120);
  const size = random() < 0.04 ? 30 : pick([2, 3, 4, 6], random);
  const steps = pick([0, 0, 2, 5], random);
  const dtype = random() < 0.3 ? "float32" : "float64";
  const scale = pick([1, 1, 1, 1e-30, 1e30], random);
  const prevalences = Array.from({ length: size }, () => pick([0.1, 0.3, 0.5, 0.5, 0.9, 0, 1], random));
  const truths = prevalences.map((one) => Array.from({ length: rows }, () => (random() < one ? 1 : 0)));
  const scores = truths.map((column) =>
    column.map((truth) => {
      const raw = Math.min(1, Math.max(0, 0.3 * truth + 0.8 * random()));
      const tied = (steps === 0 ? raw : Math.round(raw * steps) / steps) * scale;
      return dtype === "float32" ? Math.fround(tied) : tied;
    }),
  );
  const kind = pick(["none", "none", "whole", "real"], random);
  const weights = Array.from({ length: rows }, () =>
    kind === "whole" ? Math.floor(random() * 3) : random() * 10,
  );
  if (!weights.some((weight) => weight > 0)) weights[0] = 1;
  return {
    truths,
    scores: random() < 0.15 ? null : scores,
    predictions: scores.map((column) => column.map((score) => (score >= threshold ? 1 : 0))),
    weights: kind === "none" ? null : weights,
    dtype,
  };
}

export function inputOf({ truths, scores, predictions, weights, dtype }: Case): MultilabelInput {
  const floats = (values: number[]) =>
    dtype === "float32" ? Float32Array.from(values) : Float64Array.from(values);
  return {
    labels: truths.map((column, index) => ({
      name: `l${index}`,
      truths: Uint8Array.from(column),
      scores: scores === null ? undefined : floats(scores[index] ?? []),
      predictions: scores === null ? Uint8Array.from(predictions[index] ?? []) : undefined,
    })),
    weights: weights === null ? undefined : Float64Array.from(weights),
    threshold: scores === null ? null : threshold,
  };
}

/** The same rows in another order, or some of them, also several times. */
export function rowsOf(one: Case, rows: readonly number[]): Case {
  const chosen = (values: number[]) => rows.map((row) => values[row] ?? 0);
  return {
    ...one,
    truths: one.truths.map(chosen),
    scores: one.scores?.map(chosen) ?? null,
    predictions: one.predictions.map(chosen),
    weights: one.weights === null ? null : chosen(one.weights),
  };
}

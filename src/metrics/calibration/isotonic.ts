import type { CalibrationRows } from "./reliability.ts";

/** Neighbouring scores whose observed rates do not rise are pooled into one. */
export interface Pool {
  readonly lowest: number;
  readonly highest: number;
  readonly positives: number;
  readonly weight: number;
}

/** Isotonic regression of the labels on the scores by pooling adjacent violators (Ayer et al. 1955): linear, lowest first. */
export function isotonicPools({ scores, positives, negatives }: CalibrationRows): readonly Pool[] {
  const ups: number[] = [];
  const weights: number[] = [];
  const firsts: number[] = [];
  let pools = 0;
  for (let block = scores.length - 1; block >= 0; block -= 1) {
    let up = positives[block] ?? 0;
    let weight = up + (negatives[block] ?? 0);
    let first = block;
    while (pools > 0) {
      const upBefore = ups[pools - 1] ?? 0;
      const weightBefore = weights[pools - 1] ?? 0;
      if (upBefore * weight < up * weightBefore) break;
      up += upBefore;
      weight += weightBefore;
      pools -= 1;
      first = firsts[pools] ?? 0;
    }
    ups[pools] = up;
    weights[pools] = weight;
    firsts[pools] = first;
    pools += 1;
  }
  ups.length = pools;
  return ups.map((up, index) => ({
    lowest: scores[firsts[index] ?? 0] ?? 0,
    highest: scores[index + 1 < pools ? (firsts[index + 1] ?? 0) + 1 : 0] ?? 0,
    positives: up,
    weight: weights[index] ?? 0,
  }));
}

/**
 * CORP (Dimitriadis, Gneiting & Jordan 2021): Brier score = miscalibration - discrimination + uncertainty, where the recalibrated
 * forecast is the isotonic one.
 */
export function corpDecomposition(pools: readonly Pool[], brier: number) {
  let [positives, weight, recalibrated] = [0, 0, 0];
  for (const pool of pools) {
    positives += pool.positives;
    weight += pool.weight;
    recalibrated += (pool.positives * (pool.weight - pool.positives)) / pool.weight;
  }
  const uncertainty = (positives / weight) * ((weight - positives) / weight);
  return {
    miscalibration: brier - recalibrated / weight,
    discrimination: uncertainty - recalibrated / weight,
    uncertainty,
  };
}

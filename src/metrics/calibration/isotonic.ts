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
  const pools: Pool[] = [];
  let block = scores.length - 1;
  while (block >= 0) {
    const lowest = block;
    let [up, weight] = [0, 0];
    let [nextUp, next] = [positives[block] ?? 0, (positives[block] ?? 0) + (negatives[block] ?? 0)];
    // A stretch of rates that fall or stay is one pool whatever comes: most pools end here already.
    do {
      up += nextUp;
      weight += next;
      block -= 1;
      nextUp = positives[block] ?? 0;
      next = nextUp + (negatives[block] ?? 0);
    } while (block >= 0 && up * next >= nextUp * weight);
    push(pools, {
      lowest: scores[lowest] ?? 0,
      highest: scores[block + 1] ?? 0,
      positives: up,
      weight,
    });
  }
  return pools;
}

/** Pools of all scores, of those of their parts; both lowest first. */
export function joinPools(parts: readonly Pool[]): readonly Pool[] {
  const pools: Pool[] = [];
  for (const pool of parts) push(pools, pool);
  return pools;
}

/** `pools` have rising rates, before and after. */
function push(pools: Pool[], pool: Pool): void {
  let { lowest, positives, weight } = pool;
  for (let last = pools.at(-1); last !== undefined; last = pools.at(-1)) {
    if (last.positives * weight < positives * last.weight) break;
    positives += last.positives;
    weight += last.weight;
    lowest = last.lowest;
    pools.pop();
  }
  pools.push({ lowest, highest: pool.highest, positives, weight });
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

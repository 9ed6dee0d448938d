import type { CalibrationRows } from "./reliability.ts";

/** Neighbouring scores whose observed rates do not rise are pooled into one. */
export interface Pool {
  readonly lowest: number;
  readonly highest: number;
  readonly positives: number;
  readonly weight: number;
}

/** Isotonic regression of the labels on the scores by pooling adjacent violators (Ayer et al. 1955): linear, lowest first. */
export class PoolMaker {
  /** Of the pools so far: the first block, the sums of weights of the positives and of all. */
  readonly #firsts: Uint32Array;
  readonly #ups: Float64Array;
  readonly #weights: Float64Array;

  constructor(mostBlocks: number) {
    this.#firsts = new Uint32Array(mostBlocks);
    this.#ups = new Float64Array(mostBlocks);
    this.#weights = new Float64Array(mostBlocks);
  }

  pools({ scores, positives, negatives }: CalibrationRows): readonly Pool[] {
    const [firsts, ups, weights] = [this.#firsts, this.#ups, this.#weights];
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
    return Array.from({ length: pools }, (_, pool) => ({
      lowest: scores[firsts[pool] ?? 0] ?? 0,
      highest: scores[pool + 1 < pools ? (firsts[pool + 1] ?? 0) + 1 : 0] ?? 0,
      positives: ups[pool] ?? 0,
      weight: weights[pool] ?? 0,
    }));
  }
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

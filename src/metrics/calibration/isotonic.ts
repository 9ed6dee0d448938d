import type { Kernel } from "../kernel/kernel.ts";
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
  readonly #kernel: Kernel;
  /** As `poolBlocks` in the kernel has them. */
  readonly #pools: Float64Array;

  constructor(kernel: Kernel, mostBlocks: number) {
    this.#kernel = kernel;
    this.#pools = kernel.allot(Float64Array, 3 * mostBlocks);
  }

  pools({ scores, positives, negatives }: CalibrationRows): readonly Pool[] {
    const kernel = this.#kernel;
    const made = this.#pools;
    const { length } = scores;
    const pools = kernel.loops.poolBlocks(
      kernel.at(made),
      kernel.at(positives),
      kernel.at(negatives),
      length,
    );
    return Array.from({ length: pools }, (_, pool) => ({
      lowest: scores[made[3 * pool] ?? 0] ?? 0,
      highest: scores[pool + 1 < pools ? (made[3 * pool + 3] ?? 0) + 1 : 0] ?? 0,
      positives: made[3 * pool + 1] ?? 0,
      weight: made[3 * pool + 2] ?? 0,
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

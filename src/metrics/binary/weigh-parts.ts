import { setImmediate } from "node:timers/promises";
import { BucketBlocks, type PartRequest } from "./bucket-blocks.ts";
import type { GroupTotals } from "./group-figures.ts";
import type { ScoreBlocks } from "./score-blocks.ts";
import { noTotals, spanOf, type Totals } from "./totals.ts";
import type { BySlot } from "./walk.ts";

/**
 * Sums of weights of all groups, down all scores, added up block by block as every metric does: what lies above a part is to the last
 * bit where the metrics of the part before it end.
 */
export class WeightSums {
  readonly #sums: readonly { totals: Totals; positiveRows: number; negativeRows: number }[][];

  constructor(groups: readonly number[]) {
    this.#sums = groups.map((count) =>
      Array.from({ length: count }, () => ({ totals: noTotals, positiveRows: 0, negativeRows: 0 })),
    );
  }

  add(slot: number, group: number, blocks: ScoreBlocks): void {
    const sum = this.#sums[slot]?.[group];
    if (sum === undefined) return;
    sum.totals = spanOf(blocks, sum.totals).end;
    sum.positiveRows += blocks.positiveRows;
    sum.negativeRows += blocks.negativeRows;
  }

  /** Of all that was added so far. */
  get above(): BySlot<Totals> {
    return this.#sums.map((slot) => slot.map((sum) => sum.totals));
  }

  get totals(): BySlot<GroupTotals> {
    return this.#sums.map((slot) => slot.map((sum) => ({ ...sum, isWeighted: true })));
  }
}

/** Adds up the weights of all parts in turn, whatever the threads; others have their turn between them. Answers what lies above each. */
export async function weighParts(
  request: Omit<PartRequest, "next">,
  sums: WeightSums,
  signal: AbortSignal | undefined,
): Promise<readonly BySlot<Totals>[]> {
  const { parts } = request.partition;
  const blocksOf = new BucketBlocks(request);
  const above: BySlot<Totals>[] = [];
  try {
    for (let part = 0; part + 1 < parts.length; part += 1) {
      above.push(sums.above);
      for (let bucket = parts[part] ?? 0; bucket < (parts[part + 1] ?? 0); bucket += 1) {
        blocksOf.each(bucket, (slot, group, blocks) => sums.add(slot, group, blocks));
      }
      await setImmediate();
      signal?.throwIfAborted();
    }
  } finally {
    blocksOf.close();
  }
  return above;
}

import type { BinaryOptions } from "../binary/binary-input.ts";
import { type BinaryGroup, describeGroup } from "../binary/describe-group.ts";
import { joinFigures } from "../binary/group-figures.ts";
import type { Confusion } from "../details.ts";
import type { Grouping } from "../metric-set.ts";

/** Of all rows, and of each group of each grouping. */
export interface CountedLabel {
  readonly overall: BinaryGroup;
  readonly groups: readonly (readonly BinaryGroup[])[];
}

/** Counts the rows of one label by truth and prediction, stretch by stretch, for all rows and all groups. */
export class LabelCounts {
  /** By slot, all rows first, and group: places are `2 * truth + prediction`. */
  readonly #counts: readonly Float64Array[];

  /** Of so many groups of each grouping. */
  constructor(groups: readonly number[]) {
    this.#counts = [1, ...groups].map((count) => new Float64Array(4 * count));
  }

  /** The next rows: 0 or 1 each, and of each grouping the group that each row is in. */
  add(truths: Uint8Array, predictions: Uint8Array, codes: readonly Grouping["codes"][]): void {
    for (const [slot, counts] of this.#counts.entries()) {
      const own = slot === 0 ? undefined : codes[slot - 1];
      for (let row = 0; row < truths.length; row += 1) {
        const group = own === undefined ? 0 : (own[row] ?? 0);
        const place = 4 * group + 2 * (truths[row] ?? 0) + (predictions[row] ?? 0);
        counts[place] = (counts[place] ?? 0) + 1;
      }
    }
  }

  /** What `labelMetrics` makes of such rows. */
  get metrics(): CountedLabel {
    const [all = [], ...groups] = this.#counts.map((counts) =>
      Array.from({ length: counts.length / 4 }, (_, group) => describe(counts.subarray(4 * group))),
    );
    const [overall] = all;
    if (overall === undefined) throw new RangeError("no counts of all rows");
    return { overall, groups };
  }
}

const options: BinaryOptions = {};

function describe([
  trueNegatives = 0,
  falsePositives = 0,
  falseNegatives = 0,
  truePositives = 0,
]: Float64Array) {
  const confusion: Confusion = { trueNegatives, falsePositives, falseNegatives, truePositives };
  const totals = { positives: falseNegatives + truePositives, negatives: trueNegatives + falsePositives };
  const isEmpty = totals.positives + totals.negatives === 0;
  return describeGroup(
    { totals, positiveRows: totals.positives, negativeRows: totals.negatives, isWeighted: false },
    { ...joinFigures([]), range: isEmpty ? undefined : { lowest: 0, highest: 1 }, threshold: confusion },
    { threshold: 0.5, kind: "class", options },
  );
}

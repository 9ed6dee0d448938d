import type { BinaryOptions } from "../binary/binary-input.ts";
import { type BinaryGroup, describeGroup } from "../binary/describe-group.ts";
import { joinFigures } from "../binary/group-figures.ts";
import type { Confusion } from "../details.ts";
import { ExactSums } from "../exact-sums.ts";
import type { LabelRows } from "./label-rows.ts";

/** Of all rows, and of each group of each grouping. */
export interface CountedLabel {
  readonly overall: BinaryGroup;
  readonly groups: readonly (readonly BinaryGroup[])[];
}

/** Counts the rows of one label by truth and prediction, stretch by stretch, for all rows and all groups. */
export class LabelCounts {
  /** By slot, all rows first, and group: places are `2 * truth + prediction`. Rows of a weight above 0. */
  readonly #counts: readonly Float64Array[];
  /** The same of their weights; undefined: every row counts once. */
  readonly #weights: readonly { readonly values: Float64Array; readonly sums: ExactSums }[] | undefined;

  /** Of so many groups of each grouping. */
  constructor(groups: readonly number[], isWeighted: boolean) {
    const slots = [1, ...groups].map((count) => 4 * count);
    this.#counts = slots.map((length) => new Float64Array(length));
    const weights = (length: number) => {
      const values = new Float64Array(length);
      return { values, sums: new ExactSums(values, new Float64Array(length)) };
    };
    this.#weights = isWeighted ? slots.map(weights) : undefined;
  }

  /** The next rows: 0 or 1 each, and of each grouping the group that each row is in. */
  add(
    truths: Uint8Array,
    predictions: Uint8Array,
    { codes, weights }: Pick<LabelRows, "codes" | "weights">,
  ): void {
    for (const [slot, counts] of this.#counts.entries()) {
      const own = slot === 0 ? undefined : codes[slot - 1];
      const sums = this.#weights?.[slot]?.sums;
      for (let row = 0; row < truths.length; row += 1) {
        const weight = weights?.[row];
        if (weight === 0) continue;
        const group = own === undefined ? 0 : (own[row] ?? 0);
        const place = 4 * group + 2 * (truths[row] ?? 0) + (predictions[row] ?? 0);
        counts[place] = (counts[place] ?? 0) + 1;
        if (weight !== undefined) sums?.add(place, weight);
      }
    }
  }

  /** What `labelMetrics` makes of such rows. */
  get metrics(): CountedLabel {
    const [all = [], ...groups] = this.#counts.map((counts, slot) => {
      const { values, sums } = this.#weights?.[slot] ?? {};
      sums?.finish();
      return Array.from({ length: counts.length / 4 }, (_, group) =>
        describe(counts.subarray(4 * group), values?.subarray(4 * group)),
      );
    });
    const [overall] = all;
    if (overall === undefined) throw new RangeError("no counts of all rows");
    return { overall, groups };
  }
}

const options: BinaryOptions = {};

/** `weights`: undefined: every row counts once. */
function describe(rows: Float64Array, weights: Float64Array | undefined): BinaryGroup {
  const [trueNegatives = 0, falsePositives = 0, falseNegatives = 0, truePositives = 0] = weights ?? rows;
  const [trueNegativeRows = 0, falsePositiveRows = 0, falseNegativeRows = 0, truePositiveRows = 0] = rows;
  const confusion: Confusion = { trueNegatives, falsePositives, falseNegatives, truePositives };
  const positiveRows = falseNegativeRows + truePositiveRows;
  const negativeRows = trueNegativeRows + falsePositiveRows;
  const isEmpty = positiveRows + negativeRows === 0;
  return describeGroup(
    {
      totals: { positives: falseNegatives + truePositives, negatives: trueNegatives + falsePositives },
      ...{ positiveRows, negativeRows, isWeighted: weights !== undefined },
    },
    { ...joinFigures([]), range: isEmpty ? undefined : { lowest: 0, highest: 1 }, threshold: confusion },
    { threshold: 0.5, kind: "class", options },
  );
}

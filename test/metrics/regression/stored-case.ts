import type { Grouping } from "../../../src/metrics/metric-set.ts";
import type { RegressionInput } from "../../../src/metrics/regression/regression-sample.ts";
import type { ScratchRoom } from "../../../src/metrics/regression/stored/bucket-file.ts";
import { storedRegression } from "../../../src/metrics/regression/stored/stored-regression.ts";

/** Files that are arrays, and how many of them were not removed. */
export class MemoryRoom implements ScratchRoom {
  left = 0;

  async file() {
    let values = new Float64Array();
    this.left += 1;
    return {
      async read(start: number, into: Float64Array) {
        into.set(values.subarray(start, start + into.length));
      },
      async write(start: number, from: Float64Array) {
        const grown = new Float64Array(Math.max(values.length, start + from.length));
        grown.set(values);
        grown.set(from, start);
        values = grown;
      },
      remove: async () => {
        this.left -= 1;
      },
    };
  }
}

/** `regressionMetrics` of rows that are stored, with next to no memory. */
export async function measureStored(
  { truths, predictions, weights }: Omit<RegressionInput, "tweediePowers">,
  groupings: readonly Grouping[],
  ways: { readonly room: MemoryRoom; readonly signal?: AbortSignal; readonly memoryBytes?: number },
) {
  const table = {
    rows: truths.length,
    isWeighted: weights !== undefined,
    groups: groupings.map((grouping) => grouping.count),
    async *blocks() {
      const size = 5000;
      for (let start = 0; start < truths.length; start += size) {
        const own = <Values extends Float64Array>(values: Values) => values.slice(start, start + size);
        yield {
          truths: own(truths),
          predictions: own(predictions),
          weights: weights === undefined ? undefined : own(weights),
          codes: groupings.map(({ codes }) => Uint32Array.from(codes.subarray(start, start + size))),
        };
      }
    },
  };
  return await storedRegression(table, { memoryBytes: 1, ...ways });
}

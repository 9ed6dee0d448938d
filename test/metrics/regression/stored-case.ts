import type { Grouping } from "../../../src/metrics/metric-set.ts";
import type { RegressionInput } from "../../../src/metrics/regression/regression-sample.ts";
import { storedRegression } from "../../../src/metrics/regression/stored/stored-regression.ts";
import type { ScratchRoom } from "../../../src/metrics/stored/bucket-file.ts";
import type { StoredTable } from "../../../src/metrics/stored/stored-table.ts";

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

/** Columns, with weights or without, that are read 5000 rows at a time. */
export function tableOf(
  columns: readonly Float64Array[],
  weights: Float64Array | undefined,
  groupings: readonly Grouping[],
): StoredTable {
  const all = weights === undefined ? columns : [...columns, weights];
  const rows = all[0]?.length ?? 0;
  const size = 5000;
  return {
    rows,
    columns: all.length,
    isWeighted: weights !== undefined,
    groups: groupings.map((grouping) => grouping.count),
    async *blocks() {
      for (let start = 0; start < rows; start += size) {
        yield {
          columns: all.map((column) => column.slice(start, start + size)),
          codes: groupings.map(({ codes }) => Uint32Array.from(codes.subarray(start, start + size))),
        };
      }
    },
  };
}

/** `regressionMetrics` of rows that are stored, with next to no memory. */
export async function measureStored(
  { truths, predictions, weights }: Omit<RegressionInput, "tweediePowers">,
  groupings: readonly Grouping[],
  ways: { readonly room: MemoryRoom; readonly signal?: AbortSignal; readonly memoryBytes?: number },
) {
  const table = tableOf([truths, predictions], weights, groupings);
  return await storedRegression(table, { memoryBytes: 1, ...ways });
}

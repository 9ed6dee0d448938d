import type { GroupMetrics } from "../../metric-set.ts";
import { RowSample, type RowStream, type SortWays } from "../../stored/sorted-stream.ts";
import { storedQuantiles } from "../../stored/stored-quantiles.ts";
import {
  measureTable,
  type StoredSample,
  type StoredTable,
  type StoredWays,
} from "../../stored/stored-table.ts";
import { levelTable, type QuantileMetrics } from "../quantile.ts";
import { quantileGroup } from "../quantile-outcomes.ts";
import { ConstantLosses, type PredictedLevels, type QuantileRows, QuantileSums } from "../quantile-sums.ts";

/**
 * `quantileMetrics` of rows that do not fit into memory, to the last bit. Columns: truths, quantiles, the lower and the upper end of each
 * interval, weights where there are any. Throws as `measureTable` does.
 */
export async function storedQuantileMetrics(
  table: StoredTable,
  levels: PredictedLevels,
  given: StoredWays,
): Promise<QuantileMetrics> {
  const rounds = { all: 4, group: 4 };
  return await measureTable(table, { ...given, rounds }, async (sample, { rows, isWhole, ways }) => {
    const metrics = await storedQuantileGroup(sample, levels, { rows, ways });
    return isWhole ? { ...metrics, levels: levelTable(levels, metrics) } : metrics;
  });
}

/** Of a sample with these columns; `rows`: those of weight 0 included. */
export async function storedQuantileGroup(
  sample: StoredSample,
  levels: PredictedLevels,
  { rows, ways }: { readonly rows: number; readonly ways: SortWays },
): Promise<GroupMetrics> {
  const { isWeighted } = sample;
  const sums = new QuantileSums(levels, isWeighted);
  const truths = new RowSample(sample.rows);
  for await (const block of watched(sample, levels, ways)) {
    sums.take(block);
    truths.take(block.truths);
  }
  const { figures } = sums;
  const { count, weight } = figures;
  const stream: RowStream = {
    ...{ rows: count, columns: isWeighted ? 2 : 1, sample: truths.values },
    async *blocks() {
      for await (const { truths: own, weights } of blocksOf(sample, levels))
        yield weights === undefined ? [own] : [own, weights];
    },
  };
  const how = { shares: levels.quantiles, weight: isWeighted ? weight : undefined };
  const values = levels.quantiles.length === 0 ? [] : await storedQuantiles(stream, ways, how);
  const losses = new ConstantLosses(levels.quantiles, values);
  for await (const block of watched(sample, levels, ways)) losses.take(block);
  return quantileGroup(levels, figures, { rows, isWeighted, constants: losses.over(weight) });
}

async function* watched(
  sample: StoredSample,
  levels: PredictedLevels,
  { signal, onRows }: SortWays,
): AsyncIterable<QuantileRows> {
  for await (const rows of blocksOf(sample, levels)) {
    signal?.throwIfAborted();
    yield rows;
    onRows(rows.truths.length);
  }
}

async function* blocksOf(sample: StoredSample, levels: PredictedLevels): AsyncIterable<QuantileRows> {
  for await (const columns of sample.blocks()) {
    const [truths = new Float64Array()] = columns;
    const first = 1 + levels.quantiles.length;
    const at = (place: number) => columns[place] ?? truths;
    yield {
      truths,
      quantiles: levels.quantiles.map((_, index) => at(1 + index)),
      intervals: levels.intervals.map((_, index) => ({
        lower: at(first + 2 * index),
        upper: at(first + 2 * index + 1),
      })),
      weights: sample.isWeighted ? columns.at(-1) : undefined,
    };
  }
}

import type { GroupMetrics } from "../../metric-set.ts";
import { levelTable } from "../../quantile/quantile.ts";
import type { PredictedLevels } from "../../quantile/quantile-sums.ts";
import { storedQuantileGroup } from "../../quantile/stored/stored-quantile.ts";
import { lookFirst, medianSize } from "../../regression/stored/stored-errors.ts";
import type { SortWays } from "../../stored/sorted-stream.ts";
import {
  measureTable,
  type StoredSample,
  type StoredTable,
  type StoredWays,
} from "../../stored/stored-table.ts";
import { forecastGroup, horizonTable } from "../forecast-outcomes.ts";
import type { ForecastMetrics } from "../forecasting.ts";
import { ScaledSums } from "../scaled-errors.ts";

/** A scale by row, in a column of its own, or the one of all rows. */
type StoredScale = "column" | number | undefined;

/** What a table holds beside truths and predictions, which are its first columns. */
export interface ForecastForm {
  /** Their columns come next: quantiles, then the lower and the upper end of each interval. */
  readonly levels: PredictedLevels;
  /** Then a number that tells the series of a row from that of the one before it: the rows of a series stand together. */
  readonly hasSeries: boolean;
  /** Then the scales that are columns. */
  readonly scales: { readonly mae: StoredScale; readonly rmse: StoredScale };
  /** In the order of the table that is made of them; `code`: of the last grouping. */
  readonly horizons: readonly { readonly name: string; readonly code: number }[] | undefined;
}

/**
 * `forecastMetrics` of rows that do not fit into memory, to the last bit. Weights, where there are any, are the last column. Throws as
 * `measureTable` does.
 */
export async function storedForecastMetrics(
  table: StoredTable,
  form: ForecastForm,
  given: StoredWays,
): Promise<ForecastMetrics> {
  const { levels, horizons } = form;
  const isSpread = levels.quantiles.length + levels.intervals.length > 0;
  const rounds = isSpread ? { all: 8, group: 8 } : { all: 4, group: 4 };
  const { overall, groups } = await measureTable(
    table,
    { ...given, rounds },
    async (sample, { rows, ways }) => await measureSample(sample, form, { rows, ways }),
  );
  const found = levels.quantiles.length === 0 ? [] : levelTable(levels, overall);
  const reached = groups.at(-1) ?? [];
  return {
    overall: {
      ...overall,
      ...(found.length === 0 ? {} : { levels: found }),
      ...(horizons === undefined
        ? {}
        : { horizons: horizonTable(horizons.map(({ name, code }) => [name, reached[code]])) }),
    },
    groups: horizons === undefined ? groups : groups.slice(0, -1),
  };
}

async function measureSample(
  sample: StoredSample,
  form: ForecastForm,
  { rows, ways }: { readonly rows: number; readonly ways: SortWays },
): Promise<GroupMetrics> {
  const { levels } = form;
  const spread = levels.quantiles.length + 2 * levels.intervals.length;
  const points = viewOf(sample, [0, 1]);
  const look = await lookFirst(points, ways, []);
  const medianError = await medianSize({ ...look, sample: points, ways });
  const scaled = await scaledOutcomes(sample, { form, first: 2 + spread, ways });
  const places = [0, ...Array.from({ length: spread }, (_, index) => 2 + index)];
  const quantiles =
    spread === 0 ? undefined : await storedQuantileGroup(viewOf(sample, places), levels, { rows, ways });
  return forecastGroup({ rows, first: look.first, medianError, scaled, quantiles });
}

/** Some of the columns, and the weights. */
function viewOf(sample: StoredSample, places: readonly number[]): StoredSample {
  const { rows, isWeighted } = sample;
  const own = isWeighted ? [...places, sample.columns - 1] : places;
  async function* blocks() {
    for await (const columns of sample.blocks()) yield own.flatMap((place) => columns[place] ?? []);
  }
  return { rows, columns: own.length, isWeighted, blocks };
}

/** `first`: the column of the series, or what comes after. */
async function scaledOutcomes(
  sample: StoredSample,
  of: { readonly form: ForecastForm; readonly first: number; readonly ways: SortWays },
): Promise<ReturnType<ScaledSums["outcomes"]>> {
  const { form, first, ways } = of;
  const { mae, rmse } = form.scales;
  const sums = new ScaledSums({ mae: mae !== undefined, rmse: rmse !== undefined });
  if (mae === undefined && rmse === undefined) return sums.outcomes();
  const maePlace = first + (form.hasSeries ? 1 : 0);
  const rmsePlace = maePlace + (mae === "column" ? 1 : 0);
  for await (const columns of sample.blocks()) {
    ways.signal?.throwIfAborted();
    const [truths = new Float64Array(), predictions = truths] = columns;
    const scaleAt = (scale: StoredScale, place: number) =>
      typeof scale === "number" ? new Float64Array(truths.length).fill(scale) : scale && columns[place];
    sums.take({
      ...{ truths, predictions, weights: sample.isWeighted ? columns.at(-1) : undefined },
      series: form.hasSeries ? columns[first] : undefined,
      mae: scaleAt(mae, maePlace),
      rmse: scaleAt(rmse, rmsePlace),
    });
    ways.onRows(truths.length);
  }
  return sums.outcomes();
}

import path from "node:path";
import type { SourceColumn, SourceFile } from "../../../data/sources/table-source.ts";
import {
  type ForecastForm,
  storedForecastMetrics,
} from "../../../metrics/forecasting/stored/stored-forecast.ts";
import type { EvaluationColumns } from "../../columns.ts";
import type { Outcome } from "../../outcome.ts";
import { horizonOrder } from "../../task-inputs.ts";
import { ColumnFile } from "../column-file.ts";
import { areWholeNumbers } from "../name-order.ts";
import { closeFiles } from "../numbers/number-files.ts";
import { hasFewBytes, outcomeOfNumbers } from "../numbers/number-outcome.ts";
import type { StoredNumbers } from "../numbers/stored-numbers.ts";
import { withStoredWays } from "../numbers/stored-ways.ts";
import type { StoredEvaluation, StoreRequest } from "../stored-evaluation.ts";
import { seriesColumn, storedColumns } from "./forecast-columns.ts";
import { storeBySeries } from "./store-by-series.ts";
import { type StoredHistory, storeHistory } from "./store-history.ts";
import { refuseUnscaled } from "./unscaled-series.ts";

/** `evaluateFromDisk` of forecasts: where errors are scaled, series after series. */
export async function evaluateForecast(work: StoredEvaluation): Promise<Outcome> {
  const { columns, source } = work;
  const series = seriesColumn(source, columns);
  return await outcomeOfNumbers(work, {
    ...{ task: "forecasting", columns: storedColumns(columns), series },
    measure: async (stored, request) => {
      const file = await ColumnFile.make(path.join(work.db.folder, "scales.column"));
      try {
        return await measureForecast(work, { stored, request, series, file });
      } finally {
        await file.close();
      }
    },
  });
}

interface ForecastParts {
  readonly stored: StoredNumbers;
  readonly request: StoreRequest;
  readonly series: SourceColumn | undefined;
  /** For scales by series. */
  readonly file: ColumnFile;
}

async function measureForecast(work: StoredEvaluation, parts: ForecastParts) {
  const { stored, series, file } = parts;
  const { columns, request } = work;
  const threads = hasFewBytes(request) ? 1 : request.limits.threads;
  const history =
    request.history && (await storeHistory(work, { history: request.history, series, file, threads }));
  const scales = scalesOf(columns, history);
  const isScaled = scales.mae !== undefined || scales.rmse !== undefined;
  const sorted =
    series === undefined || !isScaled ? undefined : await sortedOf(work, { ...parts, series, history });
  const names = columns.forecast?.horizon === undefined ? undefined : stored.subgroups.at(-1)?.names;
  const form: ForecastForm = {
    levels: {
      quantiles: columns.quantiles.map((one) => one.level),
      intervals: columns.intervals.map((one) => one.level),
    },
    hasSeries: sorted !== undefined,
    scales,
    horizons: names && horizonOrder(names).map((code) => ({ name: names[code] ?? "", code })),
  };
  const historyFiles: readonly SourceFile[] = history?.files ?? [];
  try {
    const { table } = sorted ?? stored;
    const measured = await withStoredWays(work, (ways) => storedForecastMetrics(table, form, ways));
    return { ...measured, historyFiles };
  } finally {
    if (sorted !== undefined) await closeFiles(sorted.files);
  }
}

/** How the scales of rows are known. */
function scalesOf(
  { forecast }: EvaluationColumns,
  history: StoredHistory | undefined,
): ForecastForm["scales"] {
  if (history !== undefined)
    return "file" in history.scales ? { mae: "column", rmse: "column" } : history.scales;
  const scaleOf = (given: string | number | undefined) => (typeof given === "string" ? "column" : given);
  return { mae: scaleOf(forecast?.trainingMae), rmse: scaleOf(forecast?.trainingRmse) };
}

async function sortedOf(
  work: StoredEvaluation,
  parts: ForecastParts & {
    readonly series: SourceColumn;
    readonly history: StoredHistory | undefined;
  },
): Promise<StoredNumbers> {
  const { stored, request, series, history } = parts;
  const { db, source } = work;
  const { check } = stored;
  if (history === undefined || !("file" in history.scales)) {
    const name = { column: series, areWhole: areWholeNumbers(series) };
    return await storeBySeries(work, { request, check, name, scaleOf: undefined });
  }
  const { name, file } = history.scales;
  const sorted = await storeBySeries(work, { request, check, name, scaleOf: file.finder() });
  try {
    const season = work.request.history?.season ?? 1;
    await refuseUnscaled(db, source, { ...sorted, name, file, season });
  } catch (error) {
    await closeFiles(sorted.files);
    throw error;
  }
  return sorted;
}

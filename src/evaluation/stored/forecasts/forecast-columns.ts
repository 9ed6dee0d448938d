import type { SourceColumn, TableSource } from "../../../data/sources/table-source.ts";
import type { EvaluationColumns } from "../../columns.ts";
import { columnOf } from "../../read/expressions.ts";

/**
 * The columns of a forecast as they are stored: the horizons are the last of the subgroups. The names of the series may be as many as the
 * rows, and nothing is known of them.
 */
export function storedColumns(columns: EvaluationColumns): EvaluationColumns {
  const { forecast, subgroups } = columns;
  if (forecast === undefined) return columns;
  const { horizon } = forecast;
  const last = horizon === undefined ? [] : [{ name: horizon, columns: [horizon] }];
  return {
    ...columns,
    forecast: { ...forecast, series: undefined },
    subgroups: [...subgroups, ...last],
  };
}

export function seriesColumn(source: TableSource, { forecast }: EvaluationColumns): SourceColumn | undefined {
  return forecast?.series === undefined ? undefined : columnOf(source, forecast.series);
}

import type { EvaluationColumns } from "../columns.ts";

/** Memory of each row of a forecast: what is read, and what is sorted and grouped. */
export function forecastBytes(columns: EvaluationColumns): number {
  const { quantiles, intervals, weight, subgroups, forecast } = columns;
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  const spread = quantiles.length + 2 * intervals.length;
  return (
    100 + 16 * spread + (weight === undefined ? 0 : 66) + groups + (forecast?.series === undefined ? 0 : 4)
  );
}

/** Whether rows hold truths and forecasts, with quantiles and intervals or without, and nothing else that is measured. */
export function isForecastStorable(columns: EvaluationColumns): boolean {
  const { score, prediction, query, event, probabilities, labels, survivals } = columns;
  const hasOthers = [score, query, event].some((one) => one !== undefined);
  return (
    !hasOthers && probabilities.length + labels.length + survivals.length === 0 && prediction !== undefined
  );
}

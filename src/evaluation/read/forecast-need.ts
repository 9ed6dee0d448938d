import type { EvaluationColumns } from "../columns.ts";

/** Truths and forecasts, their errors twice, and the rows of groups, which are gathered. */
const plainBytes = 70;

/** Memory of each row of a forecast: what is read, and what is sorted and grouped. */
export function forecastBytes(columns: EvaluationColumns): number {
  const { quantiles, intervals, weight, subgroups, forecast } = columns;
  const groups = new Set(subgroups.flatMap((subgroup) => subgroup.columns)).size;
  const scales = [forecast?.trainingMae, forecast?.trainingRmse].filter((one) => one !== undefined);
  const doubles = new Set([
    ...quantiles.map(({ column }) => column),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
  ]);
  return (
    plainBytes +
    8 * (doubles.size + scales.length) +
    // The codes of the series, and the rows in their order.
    (forecast?.series === undefined ? 0 : 8) +
    (forecast?.horizon === undefined ? 0 : 1) +
    // Errors are sorted with them.
    (weight === undefined ? 0 : 70) +
    groups
  );
}

/** Whether rows hold truths and forecasts, with quantiles and intervals or without, and nothing else that is measured. */
export function isForecastStorable(columns: EvaluationColumns): boolean {
  const { score, prediction, query, event, probabilities, labels, survivals } = columns;
  const hasOthers = [score, query, event].some((one) => one !== undefined);
  const isMany = probabilities.length + labels.length + survivals.length > 0;
  return !hasOthers && !isMany && prediction !== undefined;
}

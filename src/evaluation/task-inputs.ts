import { MlopsError } from "../errors.ts";
import type { ForecastInput } from "../metrics/forecasting/forecast-input.ts";
import type { MultilabelInput } from "../metrics/multilabel/multilabel-input.ts";
import type { SurvivalInput } from "../metrics/survival/survival-input.ts";
import { type Labels, plainLabels } from "./read/labels.ts";
import type { SubgroupData } from "./read/subgroups.ts";
import type { TableData } from "./read/table-data.ts";

/** What is measured of the labels of a row. `threshold`: undefined is 0.5 where all scores are probabilities. */
export function multilabelInput(
  { labels, prediction, probabilities, weights }: TableData,
  threshold: number | undefined,
): MultilabelInput {
  if (labels.kind !== "several") throw mismatch("there is one label, expected several");
  const predicted = prediction?.kind === "several" ? prediction.columns : undefined;
  const hasShares = probabilities.every(({ range }) => range.smallest >= 0 && range.largest <= 1);
  const isDivided = probabilities.length > 0 && predicted === undefined;
  return {
    labels: labels.columns.map((truths, index) => ({
      name: labels.names[index] ?? "",
      truths,
      scores: probabilities[index]?.values,
      predictions: predicted?.[index],
    })),
    weights,
    threshold: isDivided ? (threshold ?? (hasShares ? 0.5 : null)) : null,
  };
}

export function forecastInput(data: TableData): ForecastInput {
  const { labels, prediction, quantiles, intervals, weights, series, scales } = data;
  if (prediction === undefined) throw mismatch("there are no predictions");
  return {
    truths: numbersOf(labels),
    predictions: numbersOf(prediction),
    weights,
    quantiles,
    intervals,
    series: series && { codes: series.codes, count: series.names.length },
    scales,
    horizons: data.horizon && inOrder(data.horizon),
  };
}

/** Numbers by size: as texts 10 stands before 2. */
function inOrder({ names, grouping }: SubgroupData): ForecastInput["horizons"] {
  const keys = names.map((name) => (name.trim() === "" ? Number.NaN : Number(name)));
  const isNumber = (code: number) => !Number.isNaN(keys[code]);
  const order = [...names.keys()].sort((one, other) =>
    isNumber(one) && isNumber(other)
      ? (keys[one] ?? 0) - (keys[other] ?? 0)
      : Number(isNumber(other)) - Number(isNumber(one)) || one - other,
  );
  const places = Uint32Array.from(names, (_, code) => order.indexOf(code));
  return {
    names: order.map((code) => names[code] ?? ""),
    grouping: { codes: grouping.codes.map((code) => places[code] ?? 0), count: grouping.count },
  };
}

/** A predicted time is the opposite of a risk. */
export function survivalInput(data: TableData, taus: readonly number[]): SurvivalInput {
  const { labels, score, prediction, weights, survivals = [] } = data;
  if (labels.kind !== "survival") throw mismatch("there are no durations and events");
  const risks =
    score === undefined ? prediction && numbersOf(prediction).map((time) => 0 - time) : score.values;
  if (risks === undefined) throw mismatch("there are no risks");
  return { durations: labels.durations, events: labels.events, risks, weights, taus, survivals };
}

export function numbersOf(given: Labels): Float64Array {
  const labels = plainLabels(given);
  if (labels.kind === "classes") throw mismatch("there are classes, expected numbers");
  return labels.kind === "numbers" ? labels.values : Float64Array.from(labels.codes);
}

export function mismatch(reason: string): MlopsError {
  return new MlopsError({ kind: "bug", code: "DATA_MISMATCH", message: `The table was misread: ${reason}.` });
}

/** What is said to weights of a ranking. */
export function weightedRanking(): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "OPTION_INVALID",
    message: "--weight weighs rows, and a ranking is measured by query.",
    hint: "Leave --weight out.",
  });
}

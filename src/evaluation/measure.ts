import { binaryMetrics, labelMetrics } from "../metrics/binary/binary.ts";
import type { BinaryOptions } from "../metrics/binary/binary-input.ts";
import type { JobThread } from "../metrics/binary/job-thread.ts";
import type { MeasurementDetails } from "../metrics/details.ts";
import type { Grouping, GroupMetrics } from "../metrics/metric-set.ts";
import type { TableData } from "./read/table-data.ts";
import type { Task } from "./task.ts";
import {
  forecastInput,
  mismatch,
  multilabelInput,
  numbersOf,
  survivalInput,
  weightedRanking,
} from "./task-inputs.ts";

export interface MeasureRequest {
  readonly uri: string;
  readonly task: Task;
  readonly data: TableData;
  /** Undefined: 0.5 where the scores are probabilities. */
  readonly threshold: number | undefined;
  /** Of a ranking: how many of the first rows count; empty: the usual ones. */
  readonly ks: readonly number[];
  /** Of a survival task: ends of follow-up. */
  readonly taus: readonly number[];
  /** Of a binary task. */
  readonly options: BinaryOptions;
}

export interface Measurement {
  readonly task: Task;
  readonly threshold: number | null;
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly subgroups: readonly SubgroupMeasurement[];
}

interface SubgroupMeasurement {
  readonly column: string;
  readonly value: string;
  readonly metrics: GroupMetrics;
}

interface Measured {
  readonly overall: GroupMetrics & MeasurementDetails;
  readonly groups: readonly (readonly GroupMetrics[])[];
}

/** How binary tables are measured: they are divided among threads, and the others have their turn in between. */
export interface MeasureThreads {
  readonly helper?: JobThread | undefined;
  readonly signal?: AbortSignal;
  /** So many at most. */
  readonly count?: number;
}

/** Measures what was read. Throws `not-evaluable` for columns that the task cannot be measured on. */
export async function measure(request: MeasureRequest, threads: MeasureThreads = {}): Promise<Measurement> {
  const { task, data } = request;
  const groupings = data.subgroups.map((subgroup) => subgroup.grouping);
  const threshold = shownThreshold(request);
  const measured = await metricsOf(request, { threshold, threads }, groupings);
  return measurementOf({ task, threshold, measured, subgroups: data.subgroups });
}

/** What was measured, with the names of the groups. */
export function measurementOf(parts: {
  readonly task: Task;
  readonly threshold: number | null;
  readonly measured: Measured;
  readonly subgroups: readonly { readonly column: string; readonly names: readonly string[] }[];
}): Measurement {
  const { task, threshold, measured } = parts;
  const { overall, groups } = measured;
  const subgroups = parts.subgroups.flatMap(({ column, names }, index) =>
    names.flatMap((value, code) => {
      const metrics = groups[index]?.[code];
      return metrics === undefined ? [] : [{ column, value, metrics }];
    }),
  );
  return { task, threshold, overall, subgroups };
}

interface BinaryWays {
  readonly threshold: number | null;
  readonly threads: MeasureThreads;
}

/** Each task's metrics are loaded when they are wanted. */
async function metricsOf(
  request: MeasureRequest,
  ways: BinaryWays,
  groupings: readonly Grouping[],
): Promise<Measured> {
  const { data } = request;
  switch (request.task) {
    case "binary":
      return await binaryOf(request, ways, groupings);
    case "multiclass": {
      const { multiclassMetrics } = await import("../metrics/multiclass/multiclass.ts");
      return await multiclassMetrics(multiclassInput(data), groupings, ways.threads);
    }
    case "multilabel": {
      const { multilabelMetrics } = await import("../metrics/multilabel/multilabel.ts");
      return await multilabelMetrics(multilabelInput(data, request.threshold), groupings, ways.threads);
    }
    case "forecasting": {
      const { forecastMetrics } = await import("../metrics/forecasting/forecasting.ts");
      return forecastMetrics(forecastInput(data), groupings);
    }
    case "survival": {
      const { survivalMetrics } = await import("../metrics/survival/survival.ts");
      return survivalMetrics(survivalInput(data, request.taus), groupings);
    }
    case "regression": {
      const { regressionMetrics } = await import("../metrics/regression/regression.ts");
      return regressionMetrics(regressionInput(data), groupings);
    }
    case "ranking": {
      const { rankingMetrics } = await import("../metrics/ranking/ranking.ts");
      return rankingMetrics(rankingInput(request), groupings);
    }
    case "quantile": {
      const { quantileMetrics } = await import("../metrics/quantile/quantile.ts");
      return quantileMetrics(quantileInput(data), groupings);
    }
  }
}

async function binaryOf(
  { data, options }: MeasureRequest,
  { threshold, threads }: BinaryWays,
  groupings: readonly Grouping[],
): Promise<Measured> {
  const { labels, score, prediction, weights } = data;
  if (labels.kind !== "binary") throw mismatch("the labels are not 0 and 1");
  if (score !== undefined) {
    const { values: scores, range } = score;
    const input = { labels: labels.codes, scores, range, weights, threshold, options };
    return await binaryMetrics(input, groupings, {
      ...threads,
      ...(threads.count === 1 ? { twoThreadsFrom: Number.POSITIVE_INFINITY } : {}),
    });
  }
  if (prediction?.kind !== "binary") throw mismatch("the predictions are not 0 and 1");
  return await labelMetrics(
    { labels: labels.codes, predictions: prediction.codes, weights, options },
    groupings,
  );
}

function multiclassInput({ labels, prediction, probabilities, weights }: TableData) {
  if (labels.kind !== "classes") throw mismatch("the labels are no classes");
  if (prediction !== undefined && prediction.kind !== "classes")
    throw mismatch("the predictions are no classes");
  return {
    classes: labels.classes,
    labels: labels.codes,
    predictions: prediction?.codes,
    probabilities: probabilities.length === 0 ? undefined : probabilities.map((one) => one.values),
    weights,
  };
}

function regressionInput({ labels, prediction, weights }: TableData) {
  if (prediction === undefined) throw mismatch("there are no predictions");
  return { truths: numbersOf(labels), predictions: numbersOf(prediction), weights };
}

function rankingInput({ data, ks }: MeasureRequest) {
  const { labels, score, prediction, queries, weights } = data;
  if (queries === undefined) throw mismatch("there are no queries");
  if (weights !== undefined) throw weightedRanking();
  const scores = score === undefined ? prediction && numbersOf(prediction) : Float64Array.from(score.values);
  if (scores === undefined) throw mismatch("there are no scores");
  return {
    relevances: numbersOf(labels),
    scores,
    queries: queries.codes,
    queryCount: queries.count,
    ...(ks.length === 0 ? {} : { ks }),
  };
}

function quantileInput({ labels, quantiles, intervals, weights }: TableData) {
  return { truths: numbersOf(labels), quantiles, intervals, weights };
}

/** Where classes begin; null where the task has none, or none can be told. */
function shownThreshold(request: MeasureRequest): number | null {
  if (request.task === "multilabel") return multilabelInput(request.data, request.threshold).threshold;
  return request.task === "binary" ? thresholdOf(request.threshold, request.data.score?.range) : null;
}

/** 0.5 where the scores, of that range, are probabilities, or where classes were predicted. */
export function thresholdOf(
  given: number | undefined,
  range: { readonly smallest: number; readonly largest: number } | undefined,
): number | null {
  if (range === undefined) return 0.5;
  return given ?? (range.smallest >= 0 && range.largest <= 1 ? 0.5 : null);
}

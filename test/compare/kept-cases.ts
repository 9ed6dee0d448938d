import type { KeptRows } from "../../src/evaluation/kept/read-kept.ts";
import { type Measurement, measure } from "../../src/evaluation/measure.ts";
import type { TableData } from "../../src/evaluation/read/table-data.ts";
import type { Task } from "../../src/evaluation/task.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";

/** The columns of a table that a case does not have. */
const none = {
  score: undefined,
  prediction: undefined,
  probabilities: [],
  quantiles: [],
  intervals: [],
  weights: undefined,
  queries: undefined,
  subgroups: [],
  series: undefined,
  horizon: undefined,
  scales: { mae: undefined, rmse: undefined },
} as const;

export type CaseData = Pick<TableData, "labels" | "rows"> & Partial<TableData>;

export function tableOf(task: Task, data: CaseData): TableData {
  return { ...none, task, ...data };
}

export function floats(values: readonly number[]) {
  return { values: Float64Array.from(values), range: { smallest: 0, largest: 1 } };
}

const betas = [2];

export async function measured(task: Task, data: TableData): Promise<Measurement> {
  const request = { uri: "t", task, data, threshold: undefined, ks: [3], taus: [] };
  return await measure({ ...request, options: { betas, shares: [0.1, 0.3] } });
}

/** A side of a comparison, as if it had been read from kept scores. */
export async function sideOf(task: Task, data: TableData) {
  const { overall, threshold } = await measured(task, data);
  const kept: KeptRows = { data, order: undefined };
  // Only what the terms read of a result.
  const results = { task, threshold, metrics: overall.metrics } as unknown as EvaluationResults;
  return { kept, results };
}

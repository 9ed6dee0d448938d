import path from "node:path";
import { MlopsError } from "../errors.ts";
import { downloadModel, isRemoteModel, type LocalModel, openLocalModel } from "../scoring/model-location.ts";
import { openScorer } from "../scoring/score-model.ts";
import type { ModelScores, Scorer } from "../scoring/scorer.ts";
import type { TrackingClient } from "../tracking/types.ts";
import type { EvaluationColumns } from "./columns.ts";
import type { EvaluatedTable, EvaluationRequest } from "./evaluated-table.ts";
import { withScores } from "./model-scores.ts";
import type { TableData } from "./read/read-table.ts";
import type { Task } from "./task.ts";

/** The model that made scores. */
export interface ScoredModel {
  readonly model: EvaluatedTable["model"];
  readonly note: string | undefined;
  /** Of what scored, by name. */
  readonly versions: Readonly<Record<string, string>>;
}

/** What is measured, and the model that it is of. */
export interface Scored extends ScoredModel {
  readonly task: Task;
  readonly data: TableData;
}

/** Of a table that holds the predictions. */
export function ownScores(data: TableData): Scored {
  if (data.task === undefined) throw new RangeError("a table of predictions has a task");
  return { task: data.task, data, model: undefined, note: undefined, versions: {} };
}

/** A model that is loaded while the table is read. */
export interface LoadingModel {
  readonly model: LocalModel;
  readonly scorer: Scorer;
}

/** Finds the model and begins to load it; undefined without one. */
export async function loadModel(
  request: EvaluationRequest,
  client: TrackingClient | undefined,
  at: { readonly folder: string; readonly columns: EvaluationColumns },
): Promise<LoadingModel | undefined> {
  const { modelUri, task } = request;
  if (modelUri === undefined) return undefined;
  const model = await locateModel(modelUri, client, { folder: at.folder, cwd: request.cwd });
  const { label, rowId, weight, query, subgroups, forecast } = at.columns;
  const exclude = [
    ...[label, rowId, weight, query, forecast?.series],
    ...[forecast?.trainingMae, forecast?.trainingRmse].filter((one) => typeof one === "string"),
    ...subgroups.flatMap((subgroup) => subgroup.columns),
  ];
  const scorer = await openScorer({
    ...request,
    model,
    folder: at.folder,
    task: scorerTask(task),
    exclude: exclude.filter((name) => name !== undefined),
  });
  return { model, scorer };
}

/** What the scorer is to ask a model for. */
function scorerTask(task: Task | undefined): "binary" | "multiclass" | "regression" | undefined {
  switch (task) {
    case undefined:
    case "binary":
    case "multiclass":
      return task;
    case "multilabel":
      return "binary";
    case "regression":
    case "forecasting":
    case "survival":
    case "ranking":
    case "quantile":
      return "regression";
  }
}

/** What the model made of the table. `uri` is the table's, for messages. */
export function modelScores(
  model: LocalModel,
  scores: ModelScores,
  table: { readonly read: TableData; readonly uri: string },
): Scored {
  return { ...withScores(table.read, scores, table.uri), ...modelFacts(model, scores) };
}

export function modelFacts(model: LocalModel, scores: Omit<ModelScores, "values" | "dtype">): ScoredModel {
  const { features, modelType, call, runtime, notes, versions } = scores;
  const how = `${modelType}, ${call} over ${features.length} columns, in ${runtime}`;
  return {
    model: { ...model, features, modelType },
    note: [`scored with ${model.uri}: ${how}`, ...notes].join("\n"),
    versions,
  };
}

async function locateModel(
  uri: string,
  client: TrackingClient | undefined,
  at: { readonly folder: string; readonly cwd: string },
): Promise<LocalModel> {
  if (!isRemoteModel(uri)) return await openLocalModel(uri, at.cwd);
  if (client !== undefined) return await downloadModel(client, uri, path.join(at.folder, "model"));
  throw new MlopsError({
    kind: "bug",
    code: "NO_TRACKING",
    message: `${uri} needs a tracking server, and none was opened.`,
  });
}

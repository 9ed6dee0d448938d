import path from "node:path";
import { MlopsError } from "../errors.ts";
import type { LocalModel } from "../scoring/model-location.ts";
import type { ModelScores, Scorer, ScorerRequest } from "../scoring/scorer.ts";
import type { TrackingClient } from "../tracking/types.ts";
import type { EvaluationColumns } from "./columns.ts";
import type { EvaluatedTable, EvaluationRequest } from "./evaluated-table.ts";
import { withScores } from "./model-scores.ts";
import type { TableData } from "./read/table-data.ts";
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
  const { label, labels, event, rowId, weight, query, subgroups, forecast } = at.columns;
  const exclude = [
    ...[label, event, rowId, weight, query, forecast?.series],
    ...labels.map((one) => one.label),
    ...[forecast?.trainingMae, forecast?.trainingRmse].filter((one) => typeof one === "string"),
    ...subgroups.flatMap((subgroup) => subgroup.columns),
  ];
  const { openScorer } = await import("../scoring/score-model.ts");
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
function scorerTask(task: Task | undefined): ScorerRequest["task"] {
  switch (task) {
    case undefined:
    case "binary":
    case "multiclass":
    case "multilabel":
    case "regression":
    case "survival":
      return task;
    case "forecasting":
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
  const { note, ...scored } = withScores(table.read, scores, table.uri);
  return { ...scored, ...modelFacts(model, scores, note) };
}

/** What is told of a model that was scored; `note`: of what was made of its answers. */
export function modelFacts(
  model: LocalModel,
  scores: Omit<ModelScores, "values" | "dtype">,
  note?: string,
): ScoredModel {
  const { features, modelType, call, runtime, notes, versions } = scores;
  const how = `${modelType}, ${call} over ${features.length} columns, in ${runtime}`;
  return {
    model: { ...model, features, modelType },
    note: [`scored with ${model.uri}: ${how}`, ...(note === undefined ? [] : [note]), ...notes].join("\n"),
    versions,
  };
}

async function locateModel(
  uri: string,
  client: TrackingClient | undefined,
  at: { readonly folder: string; readonly cwd: string },
): Promise<LocalModel> {
  const { downloadModel, isRemoteModel, openLocalModel } = await import("../scoring/model-location.ts");
  if (!isRemoteModel(uri)) return await openLocalModel(uri, at.cwd);
  if (client !== undefined) return await downloadModel(client, uri, path.join(at.folder, "model"));
  throw new MlopsError({
    kind: "bug",
    code: "NO_TRACKING",
    message: `${uri} needs a tracking server, and none was opened.`,
  });
}

import path from "node:path";
import type { DuckDb } from "../data/engine/duckdb.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { findPython } from "../process/python.ts";
import { writeFeatureTable } from "../scoring/feature-table.ts";
import { downloadModel, isRemoteModel, type LocalModel, openLocalModel } from "../scoring/model-location.ts";
import { scoreModel } from "../scoring/score-model.ts";
import type { TrackingClient } from "../tracking/types.ts";
import type { EvaluationColumns } from "./columns.ts";
import type { EvaluatedTable, EvaluationRequest } from "./evaluate-table.ts";
import { withScores } from "./model-scores.ts";
import type { TableData } from "./read/read-table.ts";
import type { Task } from "./task.ts";

/** What is measured, and the model that it is of. */
export interface Scored {
  readonly task: Task;
  readonly data: TableData;
  readonly model: EvaluatedTable["model"];
  readonly note: string | undefined;
}

/** Of a table that holds the predictions. */
export function ownScores(data: TableData): Scored {
  if (data.task === undefined) throw new RangeError("a table of predictions has a task");
  return { task: data.task, data, model: undefined, note: undefined };
}

/** Scores the model on the table, in the user's Python. */
export async function scoreTable(parts: {
  readonly request: EvaluationRequest;
  readonly client: TrackingClient | undefined;
  readonly folder: string;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly modelUri: string;
  /** The table's, for messages. */
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly read: TableData;
}): Promise<Scored> {
  const { request, client, folder, db, source, modelUri, uri, columns, read } = parts;
  const { cwd, env, positiveClass, signal, redact, onOutput } = request;
  const python = await findPython({ explicit: request.python, env, cwd });
  const model = await locateModel(modelUri, client, { folder, cwd });
  const table = path.join(folder, "features.arrow");
  await writeFeatureTable(db, source, table);
  const { label, rowId, weight, query, subgroups } = columns;
  const exclude = [label, rowId, weight, query, ...subgroups.flatMap((subgroup) => subgroup.columns)];
  const scores = await scoreModel({
    python,
    modelFile: model.file,
    table,
    rows: read.rows,
    exclude: exclude.filter((name) => name !== undefined),
    task: request.task === "binary" || request.task === "regression" ? request.task : undefined,
    positiveClass,
    folder,
    cwd,
    env,
    signal,
    redact,
    onOutput,
  });
  const { features, modelType } = scores;
  const call = scores.kind === "score" ? "predict_proba" : "predict";
  const note = `scored with ${modelUri}: ${modelType}, ${call} over ${features.length} columns, in ${python}`;
  return {
    ...withScores(read, scores, uri),
    model: { ...model, features, modelType },
    note,
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

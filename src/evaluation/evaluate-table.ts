import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { DuckDb } from "../data/engine/duckdb.ts";
import { openDuckDb } from "../data/engine/duckdb.ts";
import { openTable } from "../data/sources/source.ts";
import type { SourceFile, TableSource } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { findPython } from "../process/python.ts";
import { writeFeatureTable } from "../scoring/feature-table.ts";
import { downloadModel, isRemoteModel, type LocalModel, openLocalModel } from "../scoring/model-location.ts";
import { type ModelScores, scoreModel } from "../scoring/score-model.ts";
import type { TrackingClient } from "../tracking/types.ts";
import { chooseColumns, describeColumns, type EvaluationColumns, type GivenColumns } from "./columns.ts";
import { type EvalSet, evalSetOf, scoresDigest } from "./eval-set.ts";
import { type Measurement, measure, type Task } from "./measure.ts";
import { type ReadColumns, readColumns } from "./read-columns.ts";

export interface EvaluationRequest {
  readonly table: string;
  /** Undefined: the table holds the predictions. */
  readonly modelUri: string | undefined;
  readonly columns: GivenColumns;
  readonly task: Task | undefined;
  readonly threshold: number | undefined;
  readonly positiveClass: string | undefined;
  readonly python: string | undefined;
  /** Looks at the table and its columns only. */
  readonly isDryRun: boolean;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
  readonly onOutput: (text: string) => void;
}

export interface EvaluatedTable {
  readonly uri: string;
  readonly files: readonly SourceFile[];
  readonly columns: EvaluationColumns;
  /** For a person: which columns were taken. */
  readonly columnNote: string;
  readonly positiveClass: string | undefined;
  readonly model: (LocalModel & Pick<ModelScores, "features" | "modelType">) | undefined;
  /** For a person: which model was scored how. */
  readonly modelNote: string | undefined;
  /** Undefined in a dry run. */
  readonly measured: Measurement | undefined;
  readonly evalSet: EvalSet | undefined;
  readonly scores:
    | {
        readonly kind: "score" | "prediction";
        readonly dtype: "float32" | "float64";
        readonly sha256: string;
      }
    | undefined;
}

/** Reads the table, scores the model if there is one, and measures. `client` is needed for models of a tracking server. */
export async function evaluateTable(
  request: EvaluationRequest,
  client: TrackingClient | undefined,
): Promise<EvaluatedTable> {
  const { cwd, signal } = request;
  const folder = await mkdtemp(path.join(tmpdir(), "mlops-evaluate-"));
  const db = await openDuckDb({ signal });
  try {
    const source = await openTable([request.table], db, { cwd, signal });
    const columns = chooseColumns(
      source.columns.map((column) => column.name),
      request.columns,
      { uri: request.table, needsScores: request.modelUri === undefined },
    );
    const base = {
      uri: request.table,
      files: await source.facts(),
      columns,
      columnNote: describeColumns(columns),
      positiveClass: request.positiveClass,
    };
    const nothing = {
      model: undefined,
      modelNote: undefined,
      measured: undefined,
      evalSet: undefined,
      scores: undefined,
    };
    if (request.isDryRun) return { ...base, ...nothing };
    const read = await readColumns(db, source, {
      ...columns,
      value: columns.score ?? columns.prediction,
      valueKind: columns.score === undefined ? "prediction" : "score",
      positiveClass: request.positiveClass,
    });
    const scored = await scoresOf({ request, client, folder, db, source, columns, read });
    const { values, dtype, kind } = scored;
    const measured = await measure({
      uri: request.table,
      task: request.task,
      columns: read,
      values,
      dtype,
      kind,
      threshold: request.threshold,
    });
    return {
      ...base,
      model: scored.model,
      modelNote: scored.note,
      measured,
      evalSet: evalSetOf(read.labels, read.rowIds),
      scores: { kind, dtype, sha256: scoresDigest(values, read.rowIds) },
    };
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scored extends Pick<ModelScores, "values" | "dtype" | "kind"> {
  readonly model: EvaluatedTable["model"];
  readonly note: string | undefined;
}

async function scoresOf(parts: {
  readonly request: EvaluationRequest;
  readonly client: TrackingClient | undefined;
  readonly folder: string;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly columns: EvaluationColumns;
  readonly read: ReadColumns;
}): Promise<Scored> {
  const { request, folder, columns, read } = parts;
  const { modelUri, cwd, env } = request;
  if (modelUri === undefined) {
    if (read.values === undefined) throw new RangeError("neither scores nor a model");
    const kind = columns.score === undefined ? "prediction" : "score";
    return { values: read.values, dtype: read.dtype, kind, model: undefined, note: undefined };
  }
  const python = await findPython({ explicit: request.python, env, cwd });
  const model = await locateModel(modelUri, parts.client, { folder, cwd });
  const table = path.join(folder, "features.arrow");
  await writeFeatureTable(parts.db, parts.source, table);
  const exclude = [
    columns.label,
    ...columns.subgroups,
    ...(columns.rowId === undefined ? [] : [columns.rowId]),
  ];
  const { task, positiveClass, signal, redact, onOutput } = request;
  const scores = await scoreModel({
    python,
    modelFile: model.file,
    table,
    rows: read.rows,
    exclude,
    task,
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
  return { ...scores, model: { ...model, features, modelType }, note };
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

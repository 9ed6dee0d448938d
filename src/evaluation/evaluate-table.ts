import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { openDuckDb } from "../data/engine/duckdb.ts";
import { openTable } from "../data/sources/source.ts";
import type { SourceFile } from "../data/sources/table-source.ts";
import { MlopsError } from "../errors.ts";
import { downloadModel, isRemoteModel, type LocalModel, openLocalModel } from "../scoring/model-location.ts";
import { type ModelScores, openScorer, type Scorer, type ScorerRequest } from "../scoring/score-model.ts";
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
  readonly onWarning: (text: string) => void;
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
  let scorer: Scorer | undefined;
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
    const model = await locateModel(request, client, folder);
    // Python loads the model while the columns are read.
    if (model !== undefined) scorer = await openScorer(scorerRequest({ request, model, columns, folder }));
    const read = await readColumns(db, source, {
      ...columns,
      value: columns.score ?? columns.prediction,
      valueKind: columns.score === undefined ? "prediction" : "score",
      positiveClass: request.positiveClass,
    });
    const scored =
      model === undefined || scorer === undefined
        ? scoresOfTable(read, columns)
        : modelScores(model, await scorer.score(db, source, read.rows));
    const { values, dtype, kind } = scored;
    const measured = measure({
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
    await scorer?.close();
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scored {
  readonly values: Float64Array;
  readonly dtype: "float32" | "float64";
  readonly kind: "score" | "prediction";
  readonly model: EvaluatedTable["model"];
  readonly note: string | undefined;
}

function scoresOfTable(read: ReadColumns, columns: EvaluationColumns): Scored {
  if (read.values === undefined) throw new RangeError("neither scores nor a model");
  const kind = columns.score === undefined ? "prediction" : "score";
  return { values: read.values, dtype: read.dtype, kind, model: undefined, note: undefined };
}

function scorerRequest(parts: {
  readonly request: EvaluationRequest;
  readonly model: LocalModel;
  readonly columns: EvaluationColumns;
  readonly folder: string;
}): ScorerRequest {
  const { request, model, columns, folder } = parts;
  const { label, subgroups, rowId } = columns;
  return {
    ...request,
    model,
    folder,
    exclude: [label, ...subgroups, ...(rowId === undefined ? [] : [rowId])],
  };
}

function modelScores(model: LocalModel, scores: ModelScores): Scored {
  const { kind, values, dtype, classes, features, modelType, call, runtime, notes } = scores;
  if (kind === "probabilities" || (kind === "prediction" && classes.length > 0)) {
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: `${model.uri} knows ${classes.length} classes (${classes.join(", ")}), and only two can be evaluated yet.`,
    });
  }
  const note = [
    `scored with ${model.uri}: ${modelType}, ${call} over ${features.length} columns, in ${runtime}`,
    ...notes,
  ].join("\n");
  return {
    values: Float64Array.from(values[0]),
    dtype,
    kind,
    model: { ...model, features, modelType },
    note,
  };
}

async function locateModel(
  { modelUri, cwd }: EvaluationRequest,
  client: TrackingClient | undefined,
  folder: string,
): Promise<LocalModel | undefined> {
  if (modelUri === undefined) return undefined;
  if (!isRemoteModel(modelUri)) return await openLocalModel(modelUri, cwd);
  if (client !== undefined) return await downloadModel(client, modelUri, path.join(folder, "model"));
  throw new MlopsError({
    kind: "bug",
    code: "NO_TRACKING",
    message: `${modelUri} needs a tracking server, and none was opened.`,
  });
}

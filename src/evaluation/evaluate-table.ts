import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { type DuckDb, openDuckDb } from "../data/engine/duckdb.ts";
import type { RemoteFetch } from "../data/sources/located.ts";
import { openTable } from "../data/sources/source.ts";
import type { SourceFile, TableSource } from "../data/sources/table-source.ts";
import type { BinaryOptions } from "../metrics/binary/binary-input.ts";
import type { LocalModel } from "../scoring/model-location.ts";
import type { ModelScores } from "../scoring/scorer.ts";
import type { TrackingClient } from "../tracking/types.ts";
import { chooseColumns, type EvaluationColumns, type GivenColumns } from "./columns.ts";
import { type CustomMetric, type CustomMetricsRequest, customMetrics, withCustom } from "./custom-metrics.ts";
import { describeColumns } from "./describe-columns.ts";
import { type EvalSet, evalSetOf, scoresDigest } from "./eval-set.ts";
import { type KeptScores, keepScores } from "./kept/keep-scores.ts";
import type { Measurement } from "./measure.ts";
import { measureApart } from "./measure-apart.ts";
import { oddities } from "./oddities.ts";
import { readTable } from "./read/read-table.ts";
import { orderRowIds } from "./row-ids.ts";
import { kindOf, scoreColumns } from "./score-facts.ts";
import { type LoadingModel, loadModel, modelScores, ownScores } from "./score-table.ts";
import type { Task } from "./task.ts";

export interface EvaluationRequest {
  /** Files, patterns, folders and `s3://` addresses of one table. */
  readonly paths: readonly string[];
  /** Undefined: the table holds the predictions. */
  readonly modelUri: string | undefined;
  readonly columns: GivenColumns;
  readonly task: Task | undefined;
  readonly threshold: number | undefined;
  readonly positiveClass: string | undefined;
  /** Of a ranking: how many of the first rows count; empty: the usual ones. */
  readonly ks: readonly number[];
  readonly binary: BinaryOptions;
  readonly maxGroups: number;
  readonly python: string | undefined;
  /** Where the scores are kept, absolute; undefined: nowhere. */
  readonly scoresFile: string | undefined;
  readonly custom: Pick<CustomMetricsRequest, "files" | "program" | "timeoutMs">;
  /** Looks at the table and its columns only. */
  readonly isDryRun: boolean;
  readonly limits: { readonly threads: number | undefined; readonly memoryLimit: string | undefined };
  readonly fetchRemote: RemoteFetch | undefined;
  readonly watch: EvaluationWatch;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
  readonly onOutput: (text: string) => void;
  readonly onWarning: (text: string) => void;
}

/** Told how far an evaluation is. */
interface EvaluationWatch {
  phase(title: string, number: number, total: number): void;
  /** `percent` 0..100 of the phase, undefined where it cannot be said. */
  follow(read: () => number | undefined): void;
}

interface ScoresFacts {
  readonly kind: "score" | "prediction";
  readonly dtype: "float32" | "float64";
  readonly sha256: string;
  /** The Parquet file with them, where one was kept. */
  readonly file: KeptScores | undefined;
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
  /** Of what scored, by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** Undefined in a dry run. */
  readonly measured: Measurement | undefined;
  readonly evalSet: EvalSet | undefined;
  readonly scores: ScoresFacts | undefined;
  readonly customMetrics: readonly CustomMetric[];
  /** For a person: what is odd about the table and was measured all the same. */
  readonly notes: readonly string[];
}

/** Reads the table, scores the model if there is one, and measures. `client` is needed for models of a tracking server. */
export async function evaluateTable(
  request: EvaluationRequest,
  client: TrackingClient | undefined,
): Promise<EvaluatedTable> {
  const { signal, limits, watch } = request;
  const folder = await mkdtemp(path.join(tmpdir(), "mlops-evaluate-"));
  const db = await openDuckDb({ signal, ...limits });
  watch.phase("opening", 1, 3);
  watch.follow(() => db.progress());
  try {
    const source = await openSource(request, db);
    try {
      return await evaluateSource({ request, client, folder, db, source });
    } finally {
      source.close();
    }
  } finally {
    await db.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The digest of a Parquet file is found while its rows are read; a CSV must be known to be one first. */
async function openSource(request: EvaluationRequest, db: DuckDb): Promise<TableSource> {
  const { paths, cwd, signal, fetchRemote } = request;
  const readsAhead = paths.every((one) => /\.(parquet|pq)$/i.test(one));
  return await openTable(paths, db, { cwd, signal, fetchRemote, readsAhead });
}

interface Parts {
  readonly request: EvaluationRequest;
  readonly client: TrackingClient | undefined;
  readonly folder: string;
  readonly db: DuckDb;
  readonly source: TableSource;
}

async function evaluateSource(parts: Parts): Promise<EvaluatedTable> {
  const { request, db, source } = parts;
  const { positiveClass, modelUri } = request;
  const uri = shownPaths(request.paths);
  const columns = chooseColumns(
    source.columns.map((column) => column.name),
    request.columns,
    { uri, needsScores: modelUri === undefined, task: request.task, positiveClass },
  );
  const base = { uri, columns, columnNote: describeColumns(columns), positiveClass };
  if (request.isDryRun) return { ...base, ...nothing, files: await source.facts() };
  const loading = await loadModel(request, parts.client, { folder: parts.folder, columns });
  try {
    return { ...base, ...(await measureTable({ request, db, source, uri, columns, loading })) };
  } finally {
    await loading?.scorer.close();
  }
}

/** Reads and measures; a model is loaded meanwhile. */
async function measureTable(parts: {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly loading: LoadingModel | undefined;
}): Promise<Omit<EvaluatedTable, "uri" | "columns" | "columnNote" | "positiveClass">> {
  const { request, db, source, uri, columns, loading } = parts;
  const { positiveClass, watch } = request;
  const read = await readTable(db, source, {
    uri,
    columns,
    task: request.task,
    positiveClass,
    classes: request.columns.classes,
    hasModel: loading !== undefined,
    maxGroups: request.maxGroups,
    onRows: followRows(watch),
  });
  const order =
    columns.rowId === undefined
      ? undefined
      : await orderRowIds(db, source, { uri, column: columns.rowId, rows: read.rows });
  const scored =
    loading === undefined
      ? ownScores(read)
      : modelScores(loading.model, await loading.scorer.score(db, source, read.rows), { read, uri });
  const { task, data } = scored;
  watch.phase("measuring", 3, 3);
  watch.follow(() => undefined);
  const { scoresFile, signal } = request;
  const { threshold, ks, binary: options } = request;
  const [measured, evalSet, sha256] = await Promise.all([
    measureApart({ uri, task, data, threshold, ks, options }, signal),
    evalSetOf(data.labels, order, signal),
    scoresDigest(scoreColumns(data), order, signal),
  ]);
  const kept =
    scoresFile === undefined
      ? undefined
      : await keepScores({ db, source, columns, data, file: scoresFile, signal });
  const files = await source.facts();
  const input = {
    files: files.map((one) => one.absolutePath),
    scoresFile: kept?.file,
    task,
    rows: read.rows,
  };
  const custom = await customMetrics(
    { ...request, ...request.custom },
    { ...input, columns: { ...columns } },
    Object.keys(measured.overall.metrics),
  );
  return {
    files,
    model: scored.model,
    modelNote: scored.note,
    versions: { duckdb: await engineVersion(db), ...scored.versions },
    measured: withCustom(measured, custom),
    customMetrics: custom,
    evalSet,
    scores: { ...kindOf(data), sha256, file: kept },
    notes: oddities(data, uri),
  };
}

async function engineVersion(db: DuckDb): Promise<string> {
  const [row = {}] = await db.query("SELECT version() AS version");
  return String(row["version"]).replace(/^v/, "");
}

const nothing = {
  model: undefined,
  modelNote: undefined,
  versions: {},
  customMetrics: [],
  notes: [],
  measured: undefined,
  evalSet: undefined,
  scores: undefined,
};

function shownPaths([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function followRows(watch: EvaluationWatch): (done: number, all: number) => void {
  let percent = 0;
  watch.phase("reading", 2, 3);
  watch.follow(() => percent);
  return (done, all) => {
    percent = (100 * done) / all;
  };
}

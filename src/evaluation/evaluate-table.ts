import { availableParallelism } from "node:os";
import type { DuckDb } from "../data/engine/duckdb.ts";
import type { SourceFile, TableSource } from "../data/sources/table-source.ts";
import { makeTemporaryFolder, removeFolder } from "../files.ts";
import type { JobThread } from "../metrics/binary/job-thread.ts";
import type { TrackingClient } from "../tracking/types.ts";
import { chooseColumns, type EvaluationColumns } from "./columns.ts";
import { describeColumns } from "./describe-columns.ts";
import { evalSetOf, scoresDigest } from "./eval-set.ts";
import type { EvaluatedTable, EvaluationRequest, EvaluationWatch } from "./evaluated-table.ts";
import type { KeptScores } from "./kept/keep-scores.ts";
import { measureApart } from "./measure-apart.ts";
import { oddities } from "./oddities.ts";
import { openSource, shownPaths } from "./open-source.ts";
import type { Outcome } from "./outcome.ts";
import { readOnce } from "./read/once-read.ts";
import { lookFirst, type ReadRequest, readTable } from "./read/read-table.ts";
import type { TableData } from "./read/table-data.ts";
import { refuseTwins } from "./refuse-twins.ts";
import { orderRowIds } from "./row-ids.ts";
import { kindOf, scoreColumns } from "./score-facts.ts";
import { type LoadingModel, loadModel, modelScores, ownScores } from "./score-table.ts";
import { startHelper } from "./start-helper.ts";
import { unusedSettings } from "./unused-settings.ts";
import { withCustomMetrics } from "./with-custom-metrics.ts";

/** Reads the table, scores the model if there is one, and measures. `client` is needed for models of a tracking server. */
export async function evaluateTable(
  request: EvaluationRequest,
  client: TrackingClient | undefined,
): Promise<EvaluatedTable> {
  const { watch } = request;
  const folder = await makeTemporaryFolder("mlops-evaluate-");
  try {
    const db = await request.openDatabase();
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
    }
  } finally {
    await request.helper?.close();
    await removeFolder(folder);
  }
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
  refuseTwins(columns, uri);
  const base = { uri, columns, columnNote: describeColumns(columns), positiveClass };
  if (request.isDryRun) return { ...base, ...nothing, files: await source.facts() };
  const loading = await loadModel(request, parts.client, { folder: parts.folder, columns });
  const helper = request.helper && startHelper(request.helper, source, { columns, task: request.task });
  try {
    const once = await readOnce(db, source, modelUri === undefined ? columns : undefined);
    return { ...base, ...(await measureTable({ request, db, source: once, uri, columns, loading, helper })) };
  } finally {
    await loading?.scorer.close();
  }
}

function threadsOf({ limits }: EvaluationRequest): number {
  return limits.threads ?? availableParallelism();
}

interface TableParts {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly loading: LoadingModel | undefined;
  readonly helper: JobThread | undefined;
}

/** Reads and measures; a model is loaded meanwhile. */
async function measureTable(
  parts: TableParts,
): Promise<Omit<EvaluatedTable, "uri" | "columns" | "columnNote" | "positiveClass">> {
  const { request, db, source, columns } = parts;
  const outcome = await outcomeOf(parts);
  const { measured, kept, model, wayNote, evalSet, notes } = outcome;
  const files = await source.facts();
  const input = {
    files: files.map((one) => one.absolutePath),
    scoresFile: kept?.file,
    task: measured.task,
    rows: outcome.rows,
  };
  const { custom, ...all } = await withCustomMetrics(
    request,
    { ...input, columns: { ...columns } },
    measured,
  );
  return {
    files,
    historyFiles: outcome.historyFiles,
    model,
    wayNote,
    versions: { duckdb: await engineVersion(db), ...outcome.versions },
    measured: all.measured,
    customMetrics: custom,
    evalSet,
    scores: { ...outcome.scores, file: kept },
    notes: [...unusedSettings(request, measured.task), ...notes],
  };
}

/** The training errors that MASE divides by are those of the training series, where it is given. */
async function withHistory(
  request: EvaluationRequest,
  { label, forecast }: EvaluationColumns,
  data: TableData,
): Promise<{ readonly data: TableData; readonly historyFiles: readonly SourceFile[] }> {
  const { history } = request;
  if (history === undefined) return { data, historyFiles: [] };
  const { historyScales } = await import("./history.ts");
  const columns = { label, series: forecast?.series };
  const { scales, files } = await historyScales({ ...request, history }, columns, data);
  return { data: { ...data, scales }, historyFiles: files };
}

/** In memory where the table fits into it, else from disk where that can be. */
async function outcomeOf(parts: TableParts): Promise<Outcome> {
  const { request, db, source, uri, columns, loading } = parts;
  const asked = {
    uri,
    columns,
    task: request.task,
    positiveClass: request.positiveClass,
    classes: request.columns.classes,
    hasModel: loading !== undefined,
    maxGroups: request.maxGroups,
    availableBytes: request.availableBytes,
    onRows: followRows(request.watch),
  };
  const look = await lookFirst(db, source, asked);
  const reading = { ...asked, look };
  if (look.shortage !== undefined) {
    const { evaluateFromDisk } = await import("./evaluate-from-disk.ts");
    const outcome = await evaluateFromDisk({ ...parts, reading, threads: threadsOf(request) });
    if (outcome !== undefined) return outcome;
  }
  return await evaluateArrays(parts, reading);
}

async function evaluateArrays(parts: TableParts, reading: ReadRequest): Promise<Outcome> {
  const { request, db, source, uri, columns, loading, helper } = parts;
  const { watch, scoresFile, signal, threshold, ks, taus, binary: options } = request;
  const read = await readTable(db, source, reading);
  const { rows } = read;
  const order =
    columns.rowId === undefined
      ? undefined
      : await orderRowIds(db, source, { uri, column: columns.rowId, rows });
  const scored =
    loading === undefined
      ? ownScores(read)
      : modelScores(loading.model, await loading.scorer.score(db, source, rows), { read, uri });
  const { task, model, note: wayNote, versions } = scored;
  const { data, historyFiles } = await withHistory(request, columns, scored.data);
  watch.phase("measuring", 3, 3);
  watch.follow(() => undefined);
  const [measured, evalSet, sha256] = await Promise.all([
    measureApart(
      { uri, task, data, threshold, ks, taus, options },
      { signal, helper, count: threadsOf(request) },
    ),
    evalSetOf(data.labels, order, signal),
    scoresDigest(scoreColumns(data), order, signal),
  ]);
  const kept = scoresFile === undefined ? undefined : await keptScores(parts, { data, file: scoresFile });
  const scores = { ...kindOf(data), sha256 };
  return {
    rows,
    measured,
    evalSet,
    scores,
    kept,
    notes: oddities(data, uri),
    model,
    wayNote,
    versions,
    historyFiles,
  };
}

async function keptScores(
  { request, db, source, columns }: TableParts,
  { data, file }: { readonly data: TableData; readonly file: string },
): Promise<KeptScores> {
  const { keepScores, measuredColumns } = await import("./kept/keep-scores.ts");
  const { signal } = request;
  return await keepScores({ db, source, columns, file, signal, measured: measuredColumns(data) });
}

async function engineVersion(db: DuckDb): Promise<string> {
  const [row = {}] = await db.query("SELECT version() AS version");
  return String(row["version"]).replace(/^v/, "");
}

const nothing = {
  historyFiles: [],
  model: undefined,
  wayNote: undefined,
  versions: {},
  customMetrics: [],
  notes: [],
  measured: undefined,
  evalSet: undefined,
  scores: undefined,
};

function followRows(watch: EvaluationWatch): (done: number, all: number) => void {
  let percent = 0;
  watch.phase("reading", 2, 3);
  watch.follow(() => percent);
  return (done, all) => {
    percent = (100 * done) / all;
  };
}

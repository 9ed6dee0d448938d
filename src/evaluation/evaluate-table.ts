import type { DuckDb } from "../data/engine/duckdb.ts";
import type { TableSource } from "../data/sources/table-source.ts";
import { makeTemporaryFolder, removeFolder } from "../files.ts";
import type { TrackingClient } from "../tracking/types.ts";
import { chooseColumns } from "./columns.ts";
import { describeColumns } from "./describe-columns.ts";
import { doubts } from "./doubts.ts";
import { evaluateArrays, type TableParts, threadsOf } from "./evaluate-arrays.ts";
import type { EvaluatedTable, EvaluationRequest, EvaluationWatch } from "./evaluated-table.ts";
import { openSource, shownPaths } from "./open-source.ts";
import type { Outcome } from "./outcome.ts";
import { answersFit, isStorable } from "./read/memory-need.ts";
import { readOnce } from "./read/once-read.ts";
import { type LookedAt, lookFirst } from "./read/read-table.ts";
import { refuseTwins } from "./refuse-twins.ts";
import { type LoadingModel, loadModel } from "./score-table.ts";
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
      // The thread ends by itself while the database is closed here.
      await Promise.all([request.helper?.close(), db.close()]);
    }
  } finally {
    await Promise.all([request.helper?.close(), removeFolder(folder)]);
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
    versions: { duckdb: db.version, ...outcome.versions },
    measured: all.measured,
    customMetrics: custom,
    evalSet,
    scores: { ...outcome.scores, file: kept },
    notes: [...unusedSettings(request, measured.task), ...notes],
  };
}

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
  const outcome =
    loading === undefined || answersFit(source, { ...asked, ...look })
      ? await outcomeOfRows(parts, reading)
      : await outcomeOfAnswers({ ...parts, loading }, reading);
  const isZeroOne = look.facts.columns.get(columns.label)?.isZeroOne === true;
  const found = doubts(outcome.measured, { task: request.task, hasModel: loading !== undefined, isZeroOne });
  return { ...outcome, notes: [...outcome.notes, ...found] };
}

/** What a model makes of a table that may not fit into memory is measured as a table of predictions. */
async function outcomeOfAnswers(
  parts: TableParts & { readonly loading: LoadingModel },
  reading: LookedAt,
): Promise<Outcome> {
  const { look, columns } = reading;
  if (look.shortage !== undefined && !isStorable(columns, look.task, true)) throw look.shortage;
  const { answeredTable } = await import("./stored/answers/answered-table.ts");
  const { facts, close, ...answered } = await answeredTable({ ...parts, reading });
  try {
    const own = { ...parts, ...answered, columns: answered.reading.columns, loading: undefined };
    const outcome = await outcomeOfRows(own, answered.reading);
    const { model, note, versions } = facts;
    const wayNote = [note, outcome.wayNote].filter((one) => one !== undefined).join("\n");
    return { ...outcome, model, versions, wayNote };
  } finally {
    close();
  }
}

/** In memory where the table fits into it, else from disk where that can be. */
async function outcomeOfRows(parts: TableParts, reading: LookedAt): Promise<Outcome> {
  if (reading.look.shortage !== undefined) {
    const { evaluateFromDisk } = await import("./evaluate-from-disk.ts");
    const threads = threadsOf(parts.request);
    const outcome = await evaluateFromDisk({ ...parts, reading, threads });
    if (outcome !== undefined) return outcome;
  }
  return await evaluateArrays(parts, reading);
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

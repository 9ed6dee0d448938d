import { availableParallelism } from "node:os";
import type { DuckDb } from "../data/engine/duckdb.ts";
import type { SourceFile, TableSource } from "../data/sources/table-source.ts";
import type { JobThread } from "../metrics/binary/job-thread.ts";
import type { EvaluationColumns } from "./columns.ts";
import { evalSetOf, scoresDigest } from "./eval-set.ts";
import type { EvaluationRequest } from "./evaluated-table.ts";
import type { KeptScores } from "./kept/keep-scores.ts";
import { measureApart } from "./measure-apart.ts";
import { oddities } from "./oddities.ts";
import type { Outcome } from "./outcome.ts";
import { type LookedAt, readTable } from "./read/read-table.ts";
import type { TableData } from "./read/table-data.ts";
import { orderRowIds } from "./row-ids.ts";
import { kindOf, scoreColumns } from "./score-facts.ts";
import { type LoadingModel, modelScores, ownScores } from "./score-table.ts";

/** A table that is measured, and with what. */
export interface TableParts {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly loading: LoadingModel | undefined;
  readonly helper: JobThread | undefined;
}

/** So many threads measure at most. */
export function threadsOf({ limits }: EvaluationRequest): number {
  return limits.threads ?? availableParallelism();
}

/** Reads a table into arrays and measures these. Throws why it does not fit into memory. */
export async function evaluateArrays(parts: TableParts, reading: LookedAt): Promise<Outcome> {
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

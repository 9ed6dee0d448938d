import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { JobThread } from "../../metrics/binary/job-thread.ts";
import { storedMetrics } from "../../metrics/binary/stored/measure-stored.ts";
import { bucketRowBytes } from "../../metrics/binary/stored/read-buckets.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { EvaluationRequest } from "../evaluated-table.ts";
import { keepScores } from "../kept/keep-scores.ts";
import { measurementOf, thresholdOf } from "../measure.ts";
import { zeroWeightNotes } from "../oddities.ts";
import type { Outcome } from "../outcome.ts";
import { bytesForRows, isStorable } from "../read/memory-need.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import { lookAtRowIds } from "../row-ids.ts";
import type { LoadingModel } from "../score-table.ts";
import { measuredColumns } from "./measured-columns.ts";
import { StoredModel } from "./model-said.ts";
import { sortedDigests } from "./sorted-digests.ts";
import { type StoredTable, storeTable } from "./store-table.ts";

export interface StoredEvaluation {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly loading: LoadingModel | undefined;
  readonly helper: JobThread | undefined;
  /** So many at most. */
  readonly threads: number;
  readonly reading: ReadRequest & { readonly look: FirstLook };
  /** In memory at once. */
  readonly rowBytes: number;
}

/** How many bytes of rows may be in memory where a table is measured from disk; undefined where it is not: it fits, or cannot be. */
export function storedBytes(
  { task, shortage }: FirstLook,
  { columns, hasModel, availableBytes }: ReadRequest,
): number | undefined {
  if (shortage === undefined || !isStorable(columns, task, hasModel)) return undefined;
  return bytesForRows(availableBytes);
}

/** Measures a table that does not fit into memory: it is read once, into files, and measured from these some rows at a time. */
export async function evaluateStored(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading, loading } = work;
  const { scoresFile, signal } = request;
  const { rows } = reading.look.facts;
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const { look } = reading;
  const model = loading === undefined ? undefined : new StoredModel(loading, { db, source, uri, look });
  const asked = { ...reading, order: ids?.ordered, modelScores: model && (() => model.said()) };
  const table = await storeTable(db, source, asked);
  try {
    const digests =
      ids === undefined || ids.ordered !== undefined
        ? { labelsSha256: table.labelsSha256, scoresSha256: table.scores.sha256 }
        : await sortedDigests(db, source, { request: asked, ids, table, signal });
    const measured = await measureStored(work, table);
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(table, signal),
          });
    const isNarrow = table.scores.kind === "score" && table.form.like instanceof Float32Array;
    const wayNote = `${uri} does not fit into memory: measured from disk, ${rows} rows`;
    return {
      rows,
      measured,
      evalSet: {
        rows,
        sha256: digests.labelsSha256,
        identifiedBy: ids === undefined ? "row-order" : "row-id",
      },
      scores: {
        kind: table.scores.kind,
        dtype: isNarrow ? "float32" : "float64",
        sha256: digests.scoresSha256,
      },
      kept,
      notes: zeroWeightNotes({ count: table.zeroWeights, rows }, uri),
      model: model?.facts.model,
      historyFiles: [],
      wayNote: model === undefined ? wayNote : `${model.facts.note}\n${wayNote}`,
      versions: model?.facts.versions ?? {},
    };
  } finally {
    await table.close();
  }
}

async function measureStored(
  { request, helper, threads, rowBytes }: StoredEvaluation,
  { form, stored, room, scores, subgroups }: StoredTable,
): Promise<Outcome["measured"]> {
  const { watch, signal, binary: options } = request;
  let percent = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => percent);
  const isScored = scores.kind === "score";
  const threshold = isScored ? thresholdOf(request.threshold, scores) : 0.5;
  const mostRows = Math.floor(rowBytes / bucketRowBytes(form, stored.weights !== undefined));
  const onRows = (done: number) => {
    percent = (100 * done) / form.rows;
  };
  const input = { stored, room, form, threshold, options, isScored };
  // Of a model's scores nobody knew that they would be these.
  const own = helper === undefined && isScored && threads > 1 ? new JobThread() : undefined;
  try {
    const measured = await storedMetrics(input, { mostRows, helper: helper ?? own, signal, onRows });
    return measurementOf({ task: "binary", threshold, measured, subgroups });
  } finally {
    await own?.close();
  }
}

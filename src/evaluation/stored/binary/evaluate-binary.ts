import { JobThread } from "../../../metrics/binary/job-thread.ts";
import { storedMetrics } from "../../../metrics/binary/stored/measure-stored.ts";
import { bucketRowBytes } from "../../../metrics/binary/stored/read-buckets.ts";
import { keepScores } from "../../kept/keep-scores.ts";
import { measurementOf, thresholdOf } from "../../measure.ts";
import { zeroWeightNotes } from "../../oddities.ts";
import type { Outcome } from "../../outcome.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { sortedDigests } from "./binary-digests.ts";
import { measuredColumns } from "./measured-columns.ts";
import { type StoredBinary, storeBinary } from "./store-binary.ts";

/** `evaluateFromDisk` of two classes, with scores or predicted ones. */
export async function evaluateBinary(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { scoresFile, signal } = request;
  const { rows } = reading.look.facts;
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, order: ids?.ordered };
  const table = await storeBinary(db, source, asked);
  try {
    const digests =
      ids === undefined || ids.ordered !== undefined
        ? { labelsSha256: table.labelsSha256, scoresSha256: table.scores.sha256 }
        : await sortedDigests(db, source, { request: asked, ids, signal });
    const measured = await measureStored(work, table);
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(table, signal),
          });
    const isNarrow = table.scores.kind === "score" && table.form.like instanceof Float32Array;
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
      model: undefined,
      historyFiles: [],
      wayNote: `${uri} does not fit into memory: measured from disk, ${rows} rows`,
      versions: {},
    };
  } finally {
    await table.close();
  }
}

async function measureStored(
  { request, helper, threads, rowBytes }: StoredEvaluation,
  { form, stored, room, scores, subgroups }: StoredBinary,
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

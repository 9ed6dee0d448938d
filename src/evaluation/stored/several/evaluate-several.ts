import { keepScores } from "../../kept/keep-scores.ts";
import { measurementOf } from "../../measure.ts";
import { SumCheck, zeroWeightNotes } from "../../oddities.ts";
import type { Outcome } from "../../outcome.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import { fullDisk } from "../disk-room.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { measuredRows } from "./kept-columns.ts";
import { measureClasses } from "./measure-classes.ts";
import { measureLabels } from "./measure-labels.ts";
import { severalDigests, sortedDigests } from "./several-digests.ts";
import { storeSeveral } from "./store-several.ts";

/** `evaluateFromDisk` of a table of classes or of labels. */
export async function evaluateSeveral(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading, rowBytes } = work;
  const { signal, scoresFile } = request;
  const { rows } = reading.look.facts;
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const isSorted = ids !== undefined && ids.ordered === undefined;
  const asked = { ...reading, order: ids?.ordered, rowBytes, isSorted };
  const table = await storeSeveral(db, source, asked);
  try {
    const digests =
      ids !== undefined && ids.ordered === undefined
        ? await sortedDigests(db, source, { request: asked, ids, signal })
        : await severalDigests(table, { order: ids?.ordered, signal });
    const sums = new SumCheck();
    const { threshold, measured } = table.columns.isMultilabel
      ? await measureLabels(work, table)
      : { threshold: null, measured: await measureClasses(work, table, sums) };
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredRows(table, signal),
          });
    const [first] = table.columns.scores;
    return {
      rows,
      measured: measurementOf({
        task: table.columns.isMultilabel ? "multilabel" : "multiclass",
        ...{ threshold, measured, subgroups: table.subgroups },
      }),
      evalSet: {
        rows,
        sha256: digests.labelsSha256,
        identifiedBy: ids === undefined ? "row-order" : "row-id",
      },
      scores: {
        kind: first === undefined ? "prediction" : "score",
        dtype: first?.sink.values instanceof Float32Array ? "float32" : "float64",
        sha256: digests.scoresSha256,
      },
      kept,
      notes: [...sums.notes(uri), ...zeroWeightNotes({ count: table.zeroWeights, rows }, uri)],
      model: undefined,
      historyFiles: [],
      wayNote: `${uri} does not fit into memory: measured from disk, ${rows} rows`,
      versions: {},
    };
  } catch (error) {
    throw fullDisk(error, uri) ?? error;
  } finally {
    await table.close();
  }
}

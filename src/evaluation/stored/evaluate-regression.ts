import type { RegressionMetrics } from "../../metrics/regression/regression.ts";
import { storedRegression } from "../../metrics/regression/stored/stored-regression.ts";
import { keepScores, type MeasuredColumns } from "../kept/keep-scores.ts";
import { measurementOf } from "../measure.ts";
import { unweightedNotes } from "../oddities.ts";
import type { Outcome } from "../outcome.ts";
import { lookAtRowIds } from "../row-ids.ts";
import { fullDisk } from "./disk-room.ts";
import type { StoredEvaluation } from "./evaluate-stored.ts";
import { regressionDigests } from "./regression-digests.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { closeFiles, storeRegression } from "./store-regression.ts";
import { columnBlocks, type StoredRegression } from "./stored-regression.ts";

/** `evaluateStored` of a regression. */
export async function evaluateRegression(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { rows } = reading.look.facts;
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, order: ids?.ordered };
  const stored = await storeRegression(db, source, asked);
  try {
    const digests =
      ids === undefined || ids.ordered !== undefined
        ? stored
        : await regressionDigests(db, source, { request: asked, ids });
    const measured = measurementOf({
      task: "regression",
      threshold: null,
      measured: await measureStored(work, stored),
      subgroups: stored.subgroups,
    });
    const { scoresFile, signal } = request;
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(stored, signal),
          });
    const identifiedBy = ids === undefined ? "row-order" : "row-id";
    return {
      ...{ rows, measured, kept },
      evalSet: { rows, sha256: digests.labelsSha256, identifiedBy },
      scores: { kind: "prediction", dtype: "float64", sha256: digests.scoresSha256 },
      notes: unweightedNotes({ uri, count: stored.zeroWeights, rows }),
      model: undefined,
      historyFiles: [],
      wayNote: `${uri} does not fit into memory: measured from disk, ${rows} rows`,
      versions: {},
    };
  } finally {
    await closeFiles(stored.files);
  }
}

async function measureStored(
  { request, db, uri, rowBytes }: StoredEvaluation,
  { table }: StoredRegression,
): Promise<RegressionMetrics> {
  const { watch, signal } = request;
  let share = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => 100 * share);
  const room = new ScratchFolder(db.folder);
  try {
    return await storedRegression(table, {
      room,
      memoryBytes: rowBytes,
      signal,
      onShare(done) {
        share = done;
      },
    });
  } catch (error) {
    throw fullDisk(error, uri) ?? error;
  } finally {
    await room.close();
  }
}

/** Truth and prediction as they stand in the table. */
function measuredColumns(stored: StoredRegression, signal: AbortSignal): MeasuredColumns {
  async function* stretches() {
    for await (const { columns } of columnBlocks(stored)) {
      signal.throwIfAborted();
      yield [
        { name: "label", values: columns.truths },
        { name: "prediction", values: columns.predictions },
      ];
    }
  }
  return { names: ["label", "prediction"], stretches: stretches() };
}

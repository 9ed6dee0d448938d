import { keepScores } from "../../kept/keep-scores.ts";
import { measurementOf } from "../../measure.ts";
import type { Outcome } from "../../outcome.ts";
import { programBytes } from "../../read/memory-need.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import { weightedRanking } from "../../task-inputs.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { measureQueries } from "./measure-queries.ts";
import { rankingDigests } from "./ranking-digests.ts";
import { measuredFiles } from "./ranking-files.ts";
import { storeRanking } from "./store-ranking.ts";

/** With less DuckDB sorts in one thread: each takes tens of megabytes of its own. */
const fewBytes = programBytes + 200e6;

/** `evaluateFromDisk` of a ranking: its rows come sorted by query, and each query is measured by itself. */
export async function evaluateRanking(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { scoresFile, signal } = request;
  const { rows } = reading.look.facts;
  if (columns.weight !== undefined) throw weightedRanking();
  if (request.availableBytes < fewBytes) await db.query("SET threads TO 1");
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, order: ids?.ordered };
  const stored = await storeRanking(db, source, asked);
  const { files, subgroups } = stored;
  try {
    const digests = await rankingDigests(db, source, { request: asked, stored, ids, signal });
    const measured = await measureQueries(work, stored);
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredFiles(files, rows, signal),
          });
    const score = files.columns.find((one) => one.name === "score");
    return {
      ...{ rows, kept },
      measured: measurementOf({ task: "ranking", threshold: null, measured, subgroups }),
      evalSet: {
        rows,
        sha256: digests.labelsSha256,
        identifiedBy: ids === undefined ? "row-order" : "row-id",
      },
      scores: {
        kind: score === undefined ? "prediction" : "score",
        dtype: score?.like instanceof Float32Array ? "float32" : "float64",
        sha256: digests.scoresSha256,
      },
      notes: [],
      model: undefined,
      historyFiles: [],
      wayNote: `${uri} does not fit into memory: measured from disk, ${rows} rows`,
      versions: {},
    };
  } finally {
    await files.close();
  }
}

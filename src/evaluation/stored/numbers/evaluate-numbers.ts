import type { QuantileMetrics } from "../../../metrics/quantile/quantile.ts";
import { storedQuantileMetrics } from "../../../metrics/quantile/stored/stored-quantile.ts";
import type { RegressionMetrics } from "../../../metrics/regression/regression.ts";
import { storedRegression } from "../../../metrics/regression/stored/stored-regression.ts";
import type { EvaluationColumns } from "../../columns.ts";
import { keepScores, type MeasuredColumns } from "../../kept/keep-scores.ts";
import { measurementOf } from "../../measure.ts";
import type { Outcome } from "../../outcome.ts";
import { programBytes } from "../../read/memory-need.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import { fullDisk } from "../disk-room.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { numberDigests } from "./number-digests.ts";
import { ScratchFolder } from "./scratch-folder.ts";
import { closeFiles, storeNumbers } from "./store-numbers.ts";
import { columnBlocks, type StoredNumbers } from "./stored-numbers.ts";

/** With less DuckDB sorts and joins in one thread: each takes tens of megabytes of its own. */
const fewBytes = programBytes + 200e6;

/** `evaluateFromDisk` of a regression, or of quantiles and intervals. */
export async function evaluateNumbers(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { scoresFile, signal } = request;
  const { rows } = reading.look.facts;
  if (request.availableBytes < fewBytes) await db.query("SET threads TO 1");
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, order: ids?.ordered };
  const stored = await storeNumbers(db, source, asked);
  try {
    const digests = await numberDigests(db, source, { request: asked, stored, ids, signal });
    const task = columns.prediction === undefined ? "quantile" : "regression";
    const measured = measurementOf({
      ...{ task, threshold: null, subgroups: stored.subgroups },
      measured: await measureStored(work, stored),
    });
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(stored, columns, signal),
          });
    const identifiedBy = ids === undefined ? "row-order" : "row-id";
    return {
      ...{ rows, measured, kept },
      evalSet: { rows, sha256: digests.labelsSha256, identifiedBy },
      scores: { kind: "prediction", dtype: "float64", sha256: digests.scoresSha256 },
      notes: stored.check.notes(uri, rows),
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
  { request, db, uri, columns, rowBytes }: StoredEvaluation,
  { table }: StoredNumbers,
): Promise<RegressionMetrics | QuantileMetrics> {
  const { watch, signal } = request;
  let share = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => 100 * share);
  const room = new ScratchFolder(db.folder);
  const onShare = (done: number) => {
    share = done;
  };
  const ways = { room, memoryBytes: rowBytes, signal, onShare };
  const levels = {
    quantiles: columns.quantiles.map((one) => one.level),
    intervals: columns.intervals.map((one) => one.level),
  };
  try {
    return columns.prediction === undefined
      ? await storedQuantileMetrics(table, levels, ways)
      : await storedRegression(table, ways);
  } catch (error) {
    throw fullDisk(error, uri) ?? error;
  } finally {
    await room.close();
  }
}

/** Truths, and what the model said, as they stand in the table. */
function measuredColumns(
  { rows, files }: StoredNumbers,
  { prediction, quantiles, intervals }: EvaluationColumns,
  signal: AbortSignal,
): MeasuredColumns {
  const names = [
    "label",
    ...(prediction === undefined ? [] : ["prediction"]),
    ...quantiles.map(({ level }) => `quantile_${level}`),
    ...intervals.flatMap(({ level }) => [`interval_${level}_lower`, `interval_${level}_upper`]),
  ];
  async function* stretches() {
    for await (const { columns } of columnBlocks([files.truths, ...files.said], rows)) {
      signal.throwIfAborted();
      yield columns.map((values, index) => ({ name: names[index] ?? "", values }));
    }
  }
  return { names, stretches: stretches() };
}

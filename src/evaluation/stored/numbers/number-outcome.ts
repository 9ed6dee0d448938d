import type { SourceColumn, SourceFile } from "../../../data/sources/table-source.ts";
import type { GroupMetrics } from "../../../metrics/metric-set.ts";
import type { EvaluationColumns } from "../../columns.ts";
import { keepScores, type MeasuredColumns } from "../../kept/keep-scores.ts";
import { type Measurement, measurementOf } from "../../measure.ts";
import type { Outcome } from "../../outcome.ts";
import { programBytes } from "../../read/memory-need.ts";
import { lookAtRowIds } from "../../row-ids.ts";
import type { Task } from "../../task.ts";
import type { StoredEvaluation, StoreRequest } from "../stored-evaluation.ts";
import { numberDigests } from "./number-digests.ts";
import { closeFiles } from "./number-files.ts";
import { storeNumbers } from "./store-numbers.ts";
import { columnBlocks, type StoredNumbers } from "./stored-numbers.ts";

/** With less DuckDB sorts and joins in one thread: each takes tens of megabytes of its own. */
const fewBytes = programBytes + 200e6;

export function hasFewBytes({ availableBytes }: StoredEvaluation["request"]): boolean {
  return availableBytes < fewBytes;
}

/** How a task whose truths are numbers is measured. */
interface NumberTask {
  readonly task: Task;
  /** The columns as they are stored. */
  readonly columns: EvaluationColumns;
  /** Of a forecast. */
  readonly series?: SourceColumn | undefined;
  /** All rows were read, and none was refused. */
  readonly measure: (stored: StoredNumbers, request: StoreRequest) => Promise<MeasuredNumbers>;
}

interface MeasuredNumbers {
  readonly overall: Measurement["overall"];
  readonly groups: readonly (readonly GroupMetrics[])[];
  /** Of a forecast. */
  readonly historyFiles?: readonly SourceFile[];
}

/** Stores a table, measures it, and says what else there is to it. */
export async function outcomeOfNumbers(work: StoredEvaluation, task: NumberTask): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { scoresFile, signal } = request;
  const { rows } = reading.look.facts;
  if (hasFewBytes(request)) await db.query("SET threads TO 1");
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, columns: task.columns, order: ids?.ordered };
  const stored = await storeNumbers(db, source, { request: asked, series: task.series });
  try {
    const digests = await numberDigests(db, source, { request: asked, stored, ids, signal });
    const { historyFiles = [], ...measured } = await task.measure(stored, asked);
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(stored, columns, signal),
          });
    const identifiedBy = ids === undefined ? "row-order" : "row-id";
    return {
      ...{ rows, kept },
      measured: measurementOf({
        task: task.task,
        threshold: null,
        measured,
        subgroups: stored.subgroups,
      }),
      evalSet: { rows, sha256: digests.labelsSha256, identifiedBy },
      scores: { kind: "prediction", dtype: "float64", sha256: digests.scoresSha256 },
      notes: stored.check.notes(uri, rows),
      model: undefined,
      historyFiles,
      wayNote: `${uri} does not fit into memory: measured from disk, ${rows} rows`,
      versions: {},
    };
  } finally {
    await closeFiles(stored.files);
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

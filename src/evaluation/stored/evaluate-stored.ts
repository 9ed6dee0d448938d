import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { emptyScores } from "../../metrics/binary/columns.ts";
import type { JobThread } from "../../metrics/binary/job-thread.ts";
import { storedMetrics } from "../../metrics/binary/stored/measure-stored.ts";
import { blocksOf } from "../../metrics/binary/stored/stored-rows.ts";
import type { EvaluationColumns } from "../columns.ts";
import type { EvaluationRequest } from "../evaluated-table.ts";
import { keepScores, type MeasuredColumns } from "../kept/keep-scores.ts";
import { measurementOf, thresholdOf } from "../measure.ts";
import type { Outcome } from "../outcome.ts";
import { bytesForRows, isStorable } from "../read/memory-need.ts";
import type { FirstLook, ReadRequest } from "../read/read-table.ts";
import { lookAtRowIds } from "../row-ids.ts";
import { sortedDigests } from "./sorted-digests.ts";
import { type StoredTable, storeTable } from "./store-table.ts";

export interface StoredEvaluation {
  readonly request: EvaluationRequest;
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly uri: string;
  readonly columns: EvaluationColumns;
  readonly helper: JobThread | undefined;
  readonly reading: ReadRequest & { readonly look: FirstLook };
  /** In memory at once. */
  readonly rowBytes: number;
}

/** How many bytes of rows may be in memory where a table is measured from disk; undefined where it is not: it fits, or cannot be. */
export function storedBytes(
  { task, shortage }: FirstLook,
  { columns, hasModel, availableBytes }: ReadRequest,
): number | undefined {
  if (shortage === undefined || hasModel || !isStorable(columns, task)) return undefined;
  return bytesForRows(availableBytes);
}

/** Measures a table that does not fit into memory: it is read once, into files, and measured from these some rows at a time. */
export async function evaluateStored(work: StoredEvaluation): Promise<Outcome> {
  const { request, db, source, uri, columns, reading } = work;
  const { rows } = reading.look.facts;
  const ids =
    columns.rowId === undefined
      ? undefined
      : await lookAtRowIds(db, source, { uri, column: columns.rowId, rows });
  const asked = { ...reading, order: ids?.ordered };
  const table = await storeTable(db, source, asked);
  try {
    const digests =
      ids === undefined || ids.ordered !== undefined
        ? table
        : await sortedDigests(db, source, { request: asked, ids });
    const measured = await measureStored(work, table);
    const { scoresFile, signal } = request;
    const kept =
      scoresFile === undefined
        ? undefined
        : await keepScores({
            ...{ db, source, columns, file: scoresFile, signal },
            measured: measuredColumns(table, signal),
          });
    return {
      rows,
      measured,
      evalSet: {
        rows,
        sha256: digests.labelsSha256,
        identifiedBy: ids === undefined ? "row-order" : "row-id",
      },
      scores: {
        kind: "score",
        dtype: table.form.like instanceof Float32Array ? "float32" : "float64",
        sha256: digests.scoresSha256,
      },
      kept,
      notes: [],
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
  { request, helper, rowBytes }: StoredEvaluation,
  { form, stored, room, range, subgroups }: StoredTable,
): Promise<Outcome["measured"]> {
  const { watch, signal, binary: options } = request;
  let percent = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => percent);
  const threshold = thresholdOf(request.threshold, range);
  const mostRows = Math.floor(rowBytes / (form.like.BYTES_PER_ELEMENT + form.payloadBytes));
  const onRows = (done: number) => {
    percent = (100 * done) / form.rows;
  };
  const input = { stored, room, form, threshold, options };
  const measured = await storedMetrics(input, { mostRows, helper, signal, onRows });
  return measurementOf({ task: "binary", threshold, measured, subgroups });
}

/** Label and score as they stand in the table. */
function measuredColumns({ stored, form }: StoredTable, signal: AbortSignal): MeasuredColumns {
  async function* stretches() {
    const all = { start: 0, end: form.rows, signal };
    let start = 0;
    for await (const { payloads } of blocksOf(stored, form, all)) {
      const scores = emptyScores(form.like, payloads.length, false);
      // -0 as it is.
      await stored.scores.read(start, scores);
      start += payloads.length;
      const codes = Uint8Array.from(payloads, (value) => value & 1);
      yield [
        { name: "label", codes },
        { name: "score", values: scores },
      ];
    }
  }
  return { names: ["label", "score"], stretches: stretches() };
}

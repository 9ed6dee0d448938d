import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { RowForm, StoredRows, WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { planReading, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { refuseBadRows } from "../../read/read-table.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields, type StoredGroups } from "../group-fields.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { makeBinaryFiles } from "./binary-files.ts";
import { fillFiles } from "./fill-files.ts";
import type { ScoreFacts } from "./score-writer.ts";

/** The table as files below the database's folder, in the order of its rows. Must be closed. */
export interface StoredBinary {
  readonly form: RowForm;
  /** As they stand in the table. */
  readonly stored: StoredRows;
  /** Room for the same rows in another order. */
  readonly room: StoredRows<WritableColumn>;
  readonly scores: ScoreFacts;
  readonly subgroups: readonly StoredGroups[];
  /** Hex; of the evaluation set. */
  readonly labelsSha256: string;
  /** Rows of weight 0. */
  readonly zeroWeights: number;
  close(): Promise<void>;
}

/** Rows that are read before they are written. */
const mostBlockRows = 2 ** 18;

/** Reads two classes, what a model said of them, weights and groups into files, and checks them as `readTable` does. */
export async function storeBinary(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
): Promise<StoredBinary> {
  const { columns, look, uri } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const blockRows = Math.min(rows, mostBlockRows);
  const reading = planReading(source, plan, { ...look.facts, rows: blockRows });
  const groups = new GroupFields(reading, columns.subgroups);
  refuseTable(uri, reading.strange.length === 0 ? [] : reading.strange.map((one) => `${uri}: ${one}`));
  const parts = { uri, rows, reading, groups };
  refuseGroups(parts, request);
  await requireDisk(db.folder, { ...parts, bytesEach: bytesEach(parts) });
  const files = await makeBinaryFiles(db.folder, columns.weight !== undefined);
  try {
    const filled = { db, source, request, reading, groups, to: files, blockRows };
    const found = await fillFiles(filled);
    await refuseBadRows(db, source, { request, reading, rows: found.rows, weights: found.weights });
    const kept = groups.groups;
    const counts = kept.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(counts, { uri, maxGroups: request.maxGroups, isCounted: true }));
    const scores = found.scores.facts();
    const { payloads, ...form } = groups.form(files.stored.payloads);
    const { like, counted, lowest, highest, range } = scores;
    return {
      form: { ...form, rows, counted, like, lowest, highest, range },
      stored: { ...files.stored, payloads },
      room: files.room,
      scores,
      subgroups: kept,
      labelsSha256: found.labelsSha256,
      zeroWeights: found.weights.zero.count,
      close: files.close,
    };
  } catch (error) {
    await files.close();
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

/** Of a row that is written twice: as it stands, and in order. */
function bytesEach({
  reading,
  groups,
}: {
  readonly reading: TableReading;
  readonly groups: GroupFields;
}): number {
  const { score, weight } = reading;
  const own = groups.payloadBytes + (weight === undefined ? 0 : 8);
  return own + (score === undefined ? 4 : score.sink.values.BYTES_PER_ELEMENT);
}

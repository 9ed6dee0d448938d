import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { RowForm, StoredRows, WritableColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { otherShortage } from "../../read/memory-need.ts";
import { planReading, type TableReading } from "../../read/plan-reading.ts";
import { refuseTable } from "../../read/problems.ts";
import { refuseBadRows } from "../../read/read-table.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { GroupFields, type StoredGroups } from "../group-fields.ts";
import { refuseGroups } from "../refuse-groups.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { type BinaryFiles, makeBinaryFiles } from "./binary-files.ts";
import { type Found, fillFiles } from "./fill-files.ts";
import { type Said, type ScoreFacts, ScoreWriter } from "./score-writer.ts";

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

export interface StoreBinaryRequest extends StoreRequest {
  /** What a model makes of the rows, in their order: asked for when they were read and can be measured. */
  readonly modelScores?: (() => AsyncIterable<Said>) | undefined;
}

/** Rows that are read before they are written. */
const mostBlockRows = 2 ** 18;
/** Of doubles that a model is yet to make: in its own file, in ours, and sorted by row ids. */
const modelBytes = 8;

/** Reads two classes, what a model said of them, weights and groups into files, and checks them as `readTable` does. */
export async function storeBinary(
  db: DuckDb,
  source: TableSource,
  request: StoreBinaryRequest,
): Promise<StoredBinary> {
  const { columns, look, uri, modelScores } = request;
  const { rows } = look.facts;
  const plan = { ...request, task: look.task };
  const blockRows = Math.min(rows, mostBlockRows);
  const reading = planReading(source, plan, { ...look.facts, rows: blockRows });
  // A model says what the task is when it has scored; from disk two classes are measured so.
  if (reading.label.labels().kind !== "binary" && look.shortage !== undefined)
    throw otherShortage(look.shortage);
  const groups = new GroupFields(reading, columns.subgroups);
  refuseTable(uri, reading.strange.length === 0 ? [] : reading.strange.map((one) => `${uri}: ${one}`));
  const parts = { uri, rows, reading, groups };
  refuseGroups(parts, request);
  await requireDisk(db.folder, { ...parts, ...bytesOf(parts) });
  const files = await makeBinaryFiles(db.folder, columns.weight !== undefined);
  try {
    const filled = { db, source, request, reading, groups, to: files, blockRows };
    const found = await fillFiles(filled);
    await refuseBadRows(db, source, { request, reading, rows: found.rows, weights: found.weights });
    const kept = groups.groups;
    const counts = kept.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(counts, { uri, maxGroups: request.maxGroups, isCounted: true }));
    const scores = await scoreFacts(files, found, modelScores);
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

async function scoreFacts(
  files: BinaryFiles,
  { scores }: Found,
  modelScores: StoreBinaryRequest["modelScores"],
): Promise<ScoreFacts> {
  if (scores !== undefined) return scores.facts();
  if (modelScores === undefined) throw new RangeError("a table without scores and without a model");
  const { stored } = files;
  const writer = new ScoreWriter(stored.scores);
  let start = 0;
  for await (const said of modelScores()) {
    const weights = stored.weights && new Float64Array(said.values.length);
    if (weights !== undefined) await stored.weights?.read(start, weights);
    await writer.add(said, weights);
    start += said.values.length;
  }
  return writer.facts();
}

/** Each is for what is written twice, and once for what is not. */
function bytesOf({ reading, groups }: { readonly reading: TableReading; readonly groups: GroupFields }): {
  readonly bytesEach: number;
  readonly bytesOnce: number;
} {
  const { score, prediction, weight } = reading;
  const weightBytes = weight === undefined ? 0 : 8;
  const own = groups.payloadBytes + weightBytes;
  if (score !== undefined) return { bytesEach: own + score.sink.values.BYTES_PER_ELEMENT, bytesOnce: 0 };
  return prediction === undefined
    ? { bytesEach: own + modelBytes, bytesOnce: 2 * modelBytes }
    : { bytesEach: own + 4, bytesOnce: 0 };
}

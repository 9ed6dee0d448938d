import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import { quotePath } from "../../../data/engine/sql.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { startEvalSet } from "../../eval-set.ts";
import { writeArrays } from "../../kept/write-arrays.ts";
import type { LabelReading } from "../../read/labels.ts";
import { planReading } from "../../read/plan-reading.ts";
import { type FloatSink, floatSink, type Sink, zeroOneSink } from "../../read/sinks.ts";
import type { RowIds } from "../../row-ids.ts";
import { ColumnFile } from "../column-file.ts";
import { hashColumn } from "../hash-column.ts";
import { readInIdOrder } from "../id-order.ts";
import type { Block } from "../read-blocks.ts";
import { codesOf } from "./fill-files.ts";
import { measuredColumns } from "./measured-columns.ts";
import type { StoreBinaryRequest, StoredBinary } from "./store-binary.ts";

/** More rows than any chunk of the engine has. */
const blockRows = 2 ** 16;

interface DigestRequest {
  readonly request: StoreBinaryRequest;
  readonly ids: RowIds;
  readonly table: StoredBinary;
  readonly signal: AbortSignal;
}

/** Hex. */
interface Digests {
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

/**
 * The digests of a table whose rows do not stand in the order of their ids: DuckDB sorts ids, labels and what the model said, out of
 * memory where it must. All rows must have been read before, and none refused. Throws `not-evaluable` for ids that stand twice.
 */
export async function sortedDigests(db: DuckDb, source: TableSource, asked: DigestRequest): Promise<Digests> {
  const { request, signal } = asked;
  const { rows } = request.look.facts;
  const { from, ids, label, said } = await hashedColumns(db, source, asked);
  const labels = await ColumnFile.make(path.join(db.folder, "sorted-labels.column"));
  const scoreHash = createHash("sha256");
  const write = async (block: Block) => {
    const [codes, values] = [label, said].map((one) => one.values().subarray(0, block.rows));
    if (codes === undefined || values === undefined) throw new RangeError("columns that are not hashed");
    await labels.write(block.start, codes);
    scoreHash.update(values);
    // Only ones are written among codes.
    for (const own of [codes, values]) if (own instanceof Uint8Array) own.fill(0);
  };
  try {
    const identified = { from, ids, columns: [label, said], uri: request.uri };
    const order = await readInIdOrder(db, identified, { blockRows, rows, write });
    const labelHash = startEvalSet("binary", order);
    await hashColumn(labelHash, labels, { rows, signal, like: (count) => new Uint8Array(count) });
    return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await labels.close();
  }
}

/** A column as it is hashed. */
interface HashedColumn {
  readonly sql: string;
  readonly sink: Sink;
  /** Of the rows that were read last. */
  values(): Uint8Array | Float32Array | Float64Array;
}

interface HashedColumns {
  /** Where the columns stand. */
  readonly from: string;
  /** As they stand there. */
  readonly ids: Pick<RowIds, "sql" | "areNumbers">;
  readonly label: HashedColumn;
  /** Score or predicted class. */
  readonly said: HashedColumn;
}

async function hashedColumns(
  db: DuckDb,
  source: TableSource,
  { request, ids, table, signal }: DigestRequest,
): Promise<HashedColumns> {
  const { look, modelScores } = request;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: blockRows });
  const { label, score, prediction } = reading;
  if (modelScores !== undefined) {
    const file = path.join(db.folder, "model-scores.parquet");
    const measured = measuredColumns(table, signal);
    await writeArrays(file, measured.stretches, signal);
    const own = `SELECT ${ids.sql} AS own_id, ${label.sink.sql} AS own_label FROM ${source.sql}`;
    const made = `SELECT ${table.scores.kind} AS said FROM read_parquet(${quotePath(file)})`;
    return {
      from: `(${own}) own POSITIONAL JOIN (${made}) made`,
      ids: { ...ids, sql: "own_id" },
      label: { ...codesColumn(label), sql: "own_label" },
      said: saidByModel(table),
    };
  }
  const known = { from: source.sql, ids, label: codesColumn(label) };
  if (score !== undefined) return { ...known, said: floatsColumn(score.sink) };
  if (prediction !== undefined) return { ...known, said: codesColumn(prediction) };
  throw new RangeError("a table without scores and without a model");
}

function codesColumn(reading: LabelReading): HashedColumn {
  return { sql: reading.sink.sql, sink: reading.sink, values: () => codesOf(reading) };
}

function floatsColumn(sink: FloatSink): HashedColumn {
  return { sql: sink.sql, sink, values: () => sink.values };
}

/** Of a file that `writeArrays` has written: scores, or classes as whole numbers. */
function saidByModel({ scores: { kind, like } }: StoredBinary): HashedColumn {
  if (kind === "score") return floatsColumn(floatSink("said", blockRows, like instanceof Float32Array));
  const sink = zeroOneSink("said", blockRows);
  return { sql: sink.sql, sink, values: () => sink.codes };
}

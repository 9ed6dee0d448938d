import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { quotePath } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { startEvalSet } from "../eval-set.ts";
import { writeArrays } from "../kept/write-arrays.ts";
import type { LabelReading } from "../read/labels.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { planReading } from "../read/plan-reading.ts";
import type { FloatSink, Sink } from "../read/sinks.ts";
import { type RowIds, SortedIds } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { codesOf } from "./fill-files.ts";
import { measuredColumns } from "./measured-columns.ts";
import type { StoredTable, StoreRequest } from "./store-table.ts";

/** More rows than any chunk of the engine has. */
const stretchRows = 2 ** 16;

interface DigestRequest {
  readonly request: StoreRequest;
  readonly ids: RowIds;
  readonly table: StoredTable;
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
  const { request, ids } = asked;
  const hashed = await hashedColumns(db, source, asked);
  const labels = await ColumnFile.make(path.join(db.folder, "sorted-labels.column"));
  try {
    const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
    const scoreHash = createHash("sha256");
    let done = 0;
    for await (const { rows, label, said, addIds } of sortedRows(db, hashed, ids.areNumbers)) {
      addIds(sorted);
      scoreHash.update(hashed.said.take(said, rows));
      await labels.write(done, hashed.label.take(label, rows));
      done += rows;
    }
    const labelHash = startEvalSet("binary", { sha256: sorted.finish(request.uri, request.look.facts.rows) });
    const block = new Uint8Array(stretchRows);
    for (let start = 0; start < done; start += stretchRows) {
      const own = block.subarray(0, Math.min(stretchRows, done - start));
      await labels.read(start, own);
      labelHash.update(own);
    }
    return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await labels.close();
  }
}

type Numbers = Parameters<Sink["take"]>[0]["items"];

/** A column as it is hashed. */
interface HashedColumn<Values> {
  readonly sql: string;
  /** In memory that is used again. */
  take(items: Numbers, rows: number): Values;
}

interface HashedColumns {
  /** Where the columns stand. */
  readonly from: string;
  /** The expression of the row ids there. */
  readonly ids: string;
  readonly label: HashedColumn<Uint8Array>;
  /** Score or predicted class. */
  readonly said: HashedColumn<Uint8Array | Float32Array | Float64Array>;
}

async function hashedColumns(
  db: DuckDb,
  source: TableSource,
  { request, ids, table, signal }: DigestRequest,
): Promise<HashedColumns> {
  const { look, modelScores } = request;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: stretchRows });
  const { label, score, prediction } = reading;
  if (modelScores !== undefined) {
    const file = path.join(db.folder, "model-scores.parquet");
    const measured = measuredColumns(table, signal);
    await writeArrays(file, measured.stretches, signal);
    const own = `SELECT ${ids.sql} AS own_id, ${label.sink.sql} AS own_label FROM ${source.sql}`;
    const made = `SELECT ${table.scores.kind} AS said FROM read_parquet(${quotePath(file)})`;
    return {
      from: `(${own}) own POSITIONAL JOIN (${made}) made`,
      ids: "own_id",
      label: { ...codesColumn(label), sql: "own_label" },
      said: { sql: "said", take: saidByModel },
    };
  }
  const known = { from: source.sql, ids: ids.sql, label: codesColumn(label) };
  if (score !== undefined) return { ...known, said: floatsColumn(score.sink) };
  if (prediction !== undefined) return { ...known, said: codesColumn(prediction) };
  throw new RangeError("a table without scores and without a model");
}

function codesColumn(reading: LabelReading): HashedColumn<Uint8Array> {
  return {
    sql: reading.sink.sql,
    take(items, rows) {
      // Only ones are written among them.
      codesOf(reading).fill(0, 0, rows);
      reading.sink.take({ items, start: 0, gaps: undefined });
      return codesOf(reading).subarray(0, rows);
    },
  };
}

function floatsColumn(sink: FloatSink): HashedColumn<FloatSink["values"]> {
  return {
    sql: sink.sql,
    take(items, rows) {
      sink.take({ items, start: 0, gaps: undefined });
      return sink.values.subarray(0, rows);
    },
  };
}

/** Of a file that `writeArrays` has written: scores, or classes as whole numbers. */
function saidByModel(items: Numbers): Uint8Array | Float32Array | Float64Array {
  if (items instanceof Int32Array) return Uint8Array.from(items);
  if (items instanceof Float64Array || items instanceof Float32Array) return items;
  throw new RangeError("a column holds no scores");
}

interface SortedRows {
  readonly rows: number;
  readonly label: Numbers;
  readonly said: Numbers;
  addIds(to: SortedIds): void;
}

async function* sortedRows(
  db: DuckDb,
  { from, ids, label, said }: HashedColumns,
  areNumbers: boolean,
): AsyncIterable<SortedRows> {
  const named = [ids, label.sql, said.sql].map((sql, index) => `${sql} AS c${index}`);
  const sql = `SELECT c0, c1, c2 FROM (SELECT ${named.join(", ")} FROM ${from}) ORDER BY c0`;
  if (areNumbers) {
    for await (const { rows, columns } of streamNumbers(db, sql)) {
      const [numbers, labels, scores] = columns;
      if (labels === undefined || scores === undefined || !(numbers instanceof BigInt64Array))
        throw new RangeError("row ids are no 64-bit integers");
      yield { rows, label: labels, said: scores, addIds: (to) => to.addNumbers(numbers) };
    }
    return;
  }
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const [texts, labels, scores] = columns;
    const cells = Array.from({ length: rows }, (_, row) => texts?.cell(row));
    const addIds = (to: SortedIds) => to.addTexts(cells);
    yield { rows, label: numbersOf(labels?.numbers), said: numbersOf(scores?.numbers), addIds };
  }
}

function numbersOf(vector: Numbers | BigUint64Array | undefined): Numbers {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}

import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import { quotePath } from "../../data/engine/sql.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { startEvalSet } from "../eval-set.ts";
import { writeArrays } from "../kept/write-arrays.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { planReading } from "../read/plan-reading.ts";
import type { Sink } from "../read/sinks.ts";
import { type RowIds, SortedIds } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { codesOf } from "./fill-files.ts";
import { measuredColumns } from "./measured-columns.ts";
import type { StoredTable, StoreRequest } from "./store-table.ts";
import { bytesOfColumn } from "./table-files.ts";

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
  const { request, ids, table } = asked;
  const hashed = await hashedColumns(db, source, asked);
  const later = await Promise.all(
    ["sorted-labels", "sorted-predictions"].map((name) =>
      ColumnFile.make(path.join(db.folder, `${name}.column`)),
    ),
  );
  const [labels, predictions] = later;
  try {
    const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
    const scoreHash = createHash("sha256");
    let done = 0;
    for await (const { rows, columns, addIds } of sortedRows(db, hashed, ids.areNumbers)) {
      addIds(sorted);
      const [label, said, beside] = hashed.columns.map((column, index) => column.take(columns[index], rows));
      if (said !== undefined) scoreHash.update(said);
      if (label instanceof Uint8Array) await labels?.write(done, label);
      if (beside instanceof Uint8Array) await predictions?.write(done, beside);
      done += rows;
    }
    const labelHash = startEvalSet("binary", { sha256: sorted.finish(request.uri) });
    for await (const bytes of bytesOfColumn(labels, done)) labelHash.update(bytes);
    const besides = table.predictions === undefined ? undefined : predictions;
    for await (const bytes of bytesOfColumn(besides, done)) scoreHash.update(bytes);
    return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await Promise.all(later.map((file) => file.close()));
  }
}

type Numbers = Parameters<Sink["take"]>[0]["items"];
type Values = Uint8Array | Float32Array | Float64Array;

/** Label, then score or predicted class, then a predicted class beside the score. */
interface HashedColumns {
  /** Where the columns stand, and the row ids. */
  readonly from: string;
  readonly ids: string;
  readonly columns: readonly {
    readonly sql: string;
    /** The values as they are hashed, in memory that is used again. */
    take(items: Numbers | undefined, rows: number): Values;
  }[];
}

async function hashedColumns(
  db: DuckDb,
  source: TableSource,
  { request, ids, table, signal }: DigestRequest,
): Promise<HashedColumns> {
  const { look, modelScores } = request;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: stretchRows });
  const { label, score, prediction } = reading;
  const codes = (own: typeof label) => ({
    sql: own.sink.sql,
    take(items: Numbers | undefined, rows: number) {
      // Only ones are written among them.
      codesOf(own).fill(0, 0, rows);
      if (items !== undefined) own.sink.take({ items, start: 0, gaps: undefined });
      return codesOf(own).subarray(0, rows);
    },
  });
  if (modelScores !== undefined) {
    const file = path.join(db.folder, "model-scores.parquet");
    const measured = measuredColumns(table, signal);
    await writeArrays(file, measured.stretches, signal);
    const [, name = ""] = measured.names;
    const own = `SELECT ${ids.sql} AS own_id, ${label.sink.sql} AS own_label FROM ${source.sql}`;
    const made = `SELECT ${name} AS said FROM read_parquet(${quotePath(file)})`;
    return {
      from: `(${own}) own POSITIONAL JOIN (${made}) made`,
      ids: "own_id",
      columns: [
        { ...codes(label), sql: "own_label" },
        { sql: "said", take: (items) => saidOf(items, table.scores.kind) },
      ],
    };
  }
  const own =
    score === undefined
      ? []
      : [
          {
            sql: score.sink.sql,
            take(items: Numbers | undefined, rows: number) {
              if (items !== undefined) score.sink.take({ items, start: 0, gaps: undefined });
              return score.sink.values.subarray(0, rows);
            },
          },
        ];
  const columns = [codes(label), ...own, ...(prediction === undefined ? [] : [codes(prediction)])];
  return { from: source.sql, ids: ids.sql, columns };
}

/** Of the file that `writeArrays` has written. */
function saidOf(items: Numbers | undefined, kind: "score" | "prediction"): Values {
  if (kind === "prediction" && items instanceof Int32Array) return Uint8Array.from(items);
  if (items instanceof Float64Array || items instanceof Float32Array) return items;
  throw new RangeError("a column holds no scores");
}

interface SortedRows {
  readonly rows: number;
  readonly columns: readonly Numbers[];
  addIds(to: SortedIds): void;
}

async function* sortedRows(
  db: DuckDb,
  hashed: HashedColumns,
  areNumbers: boolean,
): AsyncIterable<SortedRows> {
  const named = [hashed.ids, ...hashed.columns.map((column) => column.sql)].map(
    (sql, index) => `${sql} AS c${index}`,
  );
  const list = named.map((_, index) => `c${index}`).join(", ");
  const sql = `SELECT ${list} FROM (SELECT ${named.join(", ")} FROM ${hashed.from}) ORDER BY c0`;
  if (areNumbers) {
    for await (const chunk of streamNumbers(db, sql)) {
      const [numbers, ...columns] = chunk.columns;
      if (!(numbers instanceof BigInt64Array)) throw new RangeError("row ids are no 64-bit integers");
      yield { rows: chunk.rows, columns, addIds: (to) => to.addNumbers(numbers) };
    }
    return;
  }
  for await (const { rows, columns: vectors } of db.streamVectors(sql)) {
    const [texts, ...others] = vectors;
    const cells = Array.from({ length: rows }, (_, row) => texts?.cell(row));
    const addIds = (to: SortedIds) => to.addTexts(cells);
    yield { rows, columns: others.map((one) => numbersOf(one.numbers)), addIds };
  }
}

function numbersOf(vector: Numbers | BigUint64Array | undefined): Numbers {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}

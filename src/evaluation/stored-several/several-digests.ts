import { createHash, type Hash } from "node:crypto";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { emptyPayloads, emptyScores } from "../../metrics/binary/columns.ts";
import type { StoredColumn } from "../../metrics/binary/stored/stored-rows.ts";
import { namedHead, startEvalSet } from "../eval-set.ts";
import { type NumberChunk, streamNumbers } from "../read/number-chunks.ts";
import { planReading } from "../read/plan-reading.ts";
import { type RowIds, type RowOrder, SortedIds } from "../row-ids.ts";
import { ColumnStore } from "./column-store.ts";
import { fillStore } from "./fill-store.ts";
import type { StoredSeveral, StoreSeveralRequest } from "./store-several.ts";
import { bytesOf, likeOf, severalColumns } from "./table-columns.ts";

/** Hex; of the evaluation set and of the scores. */
interface SeveralDigests {
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

type Stored = Pick<StoredSeveral, "rows" | "columns" | "stored">;

const blockRows = 2 ** 16;

/** As `evalSetOf` and `scoresDigest`, of columns in the order of the rows or of their ids, which `order` is. */
export async function severalDigests(
  table: Stored,
  { order, signal }: { readonly order: Pick<RowOrder, "sha256"> | undefined; readonly signal: AbortSignal },
): Promise<SeveralDigests> {
  const { columns, stored } = table;
  const { truths, predictions, scores, names, isMultilabel } = columns;
  const labelHash = startEvalSet(namedHead(isMultilabel ? "several" : "classes", names), order);
  const scoreHash = createHash("sha256");
  // Classes count as 32-bit codes, and labels as bytes.
  const codes = (hash: Hash, at: number) =>
    hashColumn(stored[at], {
      hash,
      rows: table.rows,
      signal,
      isWide: !isMultilabel,
      like: codesLike(columns, at),
    });
  for (const place of truths.keys()) await codes(labelHash, place);
  const firstScore = truths.length + predictions.length;
  for (const [place, one] of scores.entries())
    await hashColumn(stored[firstScore + place], {
      ...{ hash: scoreHash, rows: table.rows, signal, isWide: false },
      like: (count) => emptyScores(likeOf(one), count, false),
    });
  for (const place of predictions.keys()) await codes(scoreHash, truths.length + place);
  return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
}

type Values = ReturnType<typeof emptyPayloads> | ReturnType<typeof emptyScores>;

function codesLike({ truths, predictions }: Stored["columns"], at: number): (count: number) => Values {
  const { bytesEach = 1 } = [...truths, ...predictions][at] ?? {};
  return (count) => emptyPayloads(bytesEach, count, false);
}

async function hashColumn(
  column: StoredColumn | undefined,
  how: {
    readonly hash: Hash;
    readonly rows: number;
    readonly signal: AbortSignal;
    readonly isWide: boolean;
    readonly like: (count: number) => Values;
  },
): Promise<void> {
  const { hash, rows, signal, isWide } = how;
  const block = how.like(Math.min(blockRows, rows));
  for (let start = 0; start < rows; start += blockRows) {
    signal.throwIfAborted();
    const own = block.subarray(0, Math.min(blockRows, rows - start));
    await column?.read(start, own);
    hash.update(isWide ? Uint32Array.from(own) : own);
    await setImmediate();
  }
}

/**
 * The digests of a table whose rows do not stand in the order of their ids: DuckDB sorts what is measured, out of memory where it must,
 * and it is written to files once more. All rows must have been read before, and none refused. Throws `not-evaluable` for ids that
 * stand twice.
 */
export async function sortedDigests(
  db: DuckDb,
  source: TableSource,
  {
    request,
    ids,
    signal,
  }: {
    readonly request: StoreSeveralRequest;
    readonly ids: RowIds;
    readonly signal: AbortSignal;
  },
): Promise<SeveralDigests> {
  const { look, uri } = request;
  const { rows } = look.facts;
  const reading = planReading(source, { ...request, task: look.task }, { ...look.facts, rows: blockRows });
  const columns = severalColumns(
    reading,
    request.columns.labels.map((one) => one.class),
  );
  const coded = [...columns.truths, ...columns.predictions].map((one) => one.sink);
  const sinks = [...new Set([...coded, ...columns.scores.map((one) => one.sink)])];
  const store = await ColumnStore.make(path.join(db.folder, "ordered.columns"), rows, bytesOf(columns));
  try {
    const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
    const chunks = sortedChunks(db, source, { ids, sorted, sqls: sinks.map((sink) => sink.sql) });
    const to = { to: store.columns, stretchRows: blockRows, mostRows: rows };
    await fillStore(chunks, { sinks, columns, ...to });
    const order = { sha256: sorted.finish(uri, rows) };
    return await severalDigests({ rows, columns, stored: store.columns }, { order, signal });
  } catch (error) {
    throw source.explain(error);
  } finally {
    await store.close();
  }
}

/** The columns in the order of the ids, which are told to `sorted`. */
async function* sortedChunks(
  db: DuckDb,
  source: TableSource,
  {
    ids,
    sorted,
    sqls,
  }: { readonly ids: RowIds; readonly sorted: SortedIds; readonly sqls: readonly string[] },
): AsyncIterable<NumberChunk> {
  const list = [...sqls, ids.sql].map((sql, index) => `${sql} AS c${index}`).join(", ");
  const sql = `SELECT * FROM (SELECT ${list} FROM ${source.sql}) ORDER BY c${sqls.length}`;
  const gaps = sqls.map(() => undefined);
  if (ids.areNumbers) {
    for await (const { rows, columns } of streamNumbers(db, sql)) {
      const numbers = columns[sqls.length];
      if (!(numbers instanceof BigInt64Array)) throw new RangeError("row ids are no 64-bit integers");
      sorted.addNumbers(numbers);
      yield { rows, columns: columns.slice(0, -1), gaps };
    }
    return;
  }
  for await (const { rows, columns } of db.streamVectors(sql)) {
    const texts = columns[sqls.length];
    sorted.addTexts(Array.from({ length: rows }, (_, row) => texts?.cell(row)));
    const numbers = columns.slice(0, -1).map((column) => column.numbers);
    yield { rows, columns: numbers.map(numbersOf), gaps };
  }
}

function numbersOf(vector: NumberChunk["columns"][number] | BigUint64Array | undefined) {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}

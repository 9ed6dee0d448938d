import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { startEvalSet } from "../eval-set.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { planReading } from "../read/plan-reading.ts";
import { type RowIds, SortedIds } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { scoresOf } from "./fill-files.ts";
import type { StoredTable, StoreRequest } from "./store-table.ts";

/** More rows than any chunk of the engine has. */
const stretchRows = 2 ** 16;

/**
 * The digests of a table whose rows do not stand in the order of their ids: DuckDB sorts ids, labels and scores, out of memory where it
 * must. All rows must have been read before, and none refused. Throws `not-evaluable` for ids that stand twice.
 */
export async function sortedDigests(
  db: DuckDb,
  source: TableSource,
  { request, ids }: { readonly request: StoreRequest; readonly ids: RowIds },
): Promise<Pick<StoredTable, "labelsSha256" | "scoresSha256">> {
  const { look, uri } = request;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: stretchRows });
  const labels = await ColumnFile.make(path.join(db.folder, "sorted-labels.column"));
  try {
    const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
    const scoreHash = createHash("sha256");
    let done = 0;
    for await (const { rows, label, score, addIds } of sortedRows(db, source, { ids, reading })) {
      addIds(sorted);
      reading.label.sink.take({ items: label, start: 0, gaps: undefined });
      reading.score?.sink.take({ items: score, start: 0, gaps: undefined });
      const read = reading.label.labels();
      if (read.kind !== "binary") throw new RangeError("labels that are not 0 and 1");
      scoreHash.update(scoresOf(reading).subarray(0, rows));
      await labels.write(done, read.codes.subarray(0, rows));
      // Only ones are written among them.
      read.codes.fill(0, 0, rows);
      done += rows;
    }
    const labelHash = startEvalSet("binary", { sha256: sorted.finish(uri) });
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

type Numbers = Parameters<ReturnType<typeof planReading>["label"]["sink"]["take"]>[0]["items"];

interface SortedRows {
  readonly rows: number;
  readonly label: Numbers;
  readonly score: Numbers;
  addIds(to: SortedIds): void;
}

async function* sortedRows(
  db: DuckDb,
  source: TableSource,
  { ids, reading }: { readonly ids: RowIds; readonly reading: ReturnType<typeof planReading> },
): AsyncIterable<SortedRows> {
  const columns = [reading.label.sink.sql, reading.score?.sink.sql ?? "0", ids.sql];
  const named = columns.map((sql, index) => `${sql} AS c${index}`);
  const sql = `SELECT c0, c1, c2 FROM (SELECT ${named.join(", ")} FROM ${source.sql}) ORDER BY c2`;
  if (ids.areNumbers) {
    for await (const chunk of streamNumbers(db, sql)) {
      const [label, score, numbers] = chunk.columns;
      if (label === undefined || score === undefined || !(numbers instanceof BigInt64Array))
        throw new RangeError("row ids are no 64-bit integers");
      yield { rows: chunk.rows, label, score, addIds: (to) => to.addNumbers(numbers) };
    }
    return;
  }
  for await (const { rows, columns: vectors } of db.streamVectors(sql)) {
    const [label, score, texts] = vectors;
    const cells = Array.from({ length: rows }, (_, row) => texts?.cell(row));
    const addIds = (to: SortedIds) => to.addTexts(cells);
    yield { rows, label: numbersOf(label?.numbers), score: numbersOf(score?.numbers), addIds };
  }
}

function numbersOf(vector: Numbers | BigUint64Array | undefined): Numbers {
  if (vector === undefined || vector instanceof BigUint64Array)
    throw new RangeError("a column holds no numbers");
  return vector;
}

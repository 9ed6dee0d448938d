import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { startEvalSet } from "../eval-set.ts";
import { planReading } from "../read/plan-reading.ts";
import { type RowIds, SortedIds } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { inIdOrder } from "./id-order.ts";
import { columnsOf } from "./regression-rows.ts";
import type { StoreRequest } from "./store-table.ts";
import type { StoredRegression } from "./stored-regression.ts";

/** More rows than any chunk of the engine has. */
const stretchRows = 2 ** 16;

/**
 * The digests of a table whose rows do not stand in the order of their ids. All rows must have been read before, and none refused. Throws
 * `not-evaluable` for ids that stand twice.
 */
export async function regressionDigests(
  db: DuckDb,
  source: TableSource,
  { request, ids }: { readonly request: StoreRequest; readonly ids: RowIds },
): Promise<Pick<StoredRegression, "labelsSha256" | "scoresSha256">> {
  const { look, uri } = request;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: stretchRows });
  const { label, prediction } = reading;
  const file = await ColumnFile.make(path.join(db.folder, "sorted-truths.column"));
  try {
    const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
    const scoreHash = createHash("sha256");
    let done = 0;
    const sinks = prediction === undefined ? [label.sink] : [label.sink, prediction.sink];
    const asked = { ids, sorted, sqls: sinks.map((sink) => sink.sql) };
    for await (const chunk of inIdOrder(db, source, asked)) {
      for (const [index, sink] of sinks.entries()) {
        const items = chunk.columns[index];
        if (items !== undefined) sink.take({ items, start: 0, gaps: undefined });
      }
      const { truths, predictions } = columnsOf(reading, chunk.rows);
      scoreHash.update(predictions);
      await file.write(done, truths);
      done += chunk.rows;
    }
    const labelHash = startEvalSet("numbers", { sha256: sorted.finish(uri) });
    const block = new Float64Array(stretchRows);
    for (let start = 0; start < done; start += stretchRows) {
      const own = block.subarray(0, Math.min(stretchRows, done - start));
      await file.read(start, own);
      labelHash.update(own);
    }
    return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
  } catch (error) {
    throw source.explain(error);
  } finally {
    await file.close();
  }
}

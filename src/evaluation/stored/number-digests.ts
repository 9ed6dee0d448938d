import { createHash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { startEvalSet } from "../eval-set.ts";
import { planReading } from "../read/plan-reading.ts";
import { type RowIds, type RowOrder, SortedIds } from "../row-ids.ts";
import { ColumnFile } from "./column-file.ts";
import { inIdOrder } from "./id-order.ts";
import { columnsOf, saidSinks } from "./number-rows.ts";
import type { StoreRequest } from "./store-table.ts";
import { hashColumns, type StoredNumbers } from "./stored-numbers.ts";

/** More rows than any chunk of the engine has. */
const stretchRows = 2 ** 16;

/** Hex; of the evaluation set, and of what the model said. */
interface Digests {
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

interface DigestRequest {
  readonly request: StoreRequest;
  readonly stored: StoredNumbers;
  readonly ids: RowIds | undefined;
  readonly signal: AbortSignal;
}

/**
 * The digests of a table in files, in the order of the row ids where there are any. All rows must have been read before, and none refused.
 * Throws `not-evaluable` for ids that stand twice.
 */
export async function numberDigests(db: DuckDb, source: TableSource, asked: DigestRequest): Promise<Digests> {
  const { stored, ids, signal } = asked;
  const { rows, files } = stored;
  if (ids === undefined || ids.ordered !== undefined)
    return await digestsOf([files.truths, ...files.said], { rows, signal, order: ids?.ordered });
  const columns = [files.truths, ...files.said].map((_, index) => `sorted-${index}`);
  const sorted = await Promise.all(
    columns.map((name) => ColumnFile.make(path.join(db.folder, `${name}.column`))),
  );
  try {
    const order = { sha256: await writeSorted(db, source, { ...asked, ids, sorted }) };
    return await digestsOf(sorted, { rows, signal, order });
  } catch (error) {
    throw source.explain(error);
  } finally {
    await Promise.all(sorted.map((file) => file.close()));
  }
}

/** Of truths, first, and what the model said. */
async function digestsOf(
  [truths, ...said]: readonly ColumnFile[],
  known: {
    readonly rows: number;
    readonly signal: AbortSignal;
    readonly order: Pick<RowOrder, "sha256"> | undefined;
  },
): Promise<Digests> {
  const labels = startEvalSet("numbers", known.order);
  return {
    labelsSha256: await hashColumns(labels, truths === undefined ? [] : [truths], known),
    scoresSha256: await hashColumns(createHash("sha256"), said, known),
  };
}

/** Answers the digest of the ids. */
async function writeSorted(
  db: DuckDb,
  source: TableSource,
  work: DigestRequest & { readonly ids: RowIds; readonly sorted: readonly ColumnFile[] },
): Promise<string> {
  const { request, ids, sorted: files } = work;
  const { look, uri } = request;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: stretchRows });
  const sinks = saidSinks(reading);
  const sorted = new SortedIds(ids.areNumbers ? "whole numbers" : "texts");
  let done = 0;
  for await (const chunk of inIdOrder(db, source, { ids, sorted, sqls: sinks.map((sink) => sink.sql) })) {
    for (const [index, sink] of sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: 0, gaps: undefined });
    }
    const { truths, said } = columnsOf(reading, chunk.rows);
    for (const [index, values] of [truths, ...said].entries()) await files[index]?.write(done, values);
    done += chunk.rows;
  }
  return sorted.finish(uri, look.facts.rows);
}

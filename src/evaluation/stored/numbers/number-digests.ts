import { createHash, type Hash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { startEvalSet } from "../../eval-set.ts";
import { planReading } from "../../read/plan-reading.ts";
import type { RowIds, RowOrder } from "../../row-ids.ts";
import { ColumnFile } from "../column-file.ts";
import { hashColumn } from "../hash-column.ts";
import { readInIdOrder } from "../id-order.ts";
import type { Block } from "../read-blocks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { columnsOf, saidSinks } from "./number-rows.ts";
import type { StoredNumbers } from "./stored-numbers.ts";

/** More rows than any chunk of the engine has. */
const blockRows = 2 ** 16;

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
    const order = await writeSorted(db, source, { ...asked, ids, sorted });
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
  const like = (count: number) => new Float64Array(count);
  const digestOf = async (hash: Hash, files: readonly ColumnFile[]) => {
    for (const file of files) await hashColumn(hash, file, { ...known, like });
    return hash.digest("hex");
  };
  return {
    labelsSha256: await digestOf(startEvalSet("numbers", known.order), truths === undefined ? [] : [truths]),
    scoresSha256: await digestOf(createHash("sha256"), said),
  };
}

/** Answers the digest of the ids. */
async function writeSorted(
  db: DuckDb,
  source: TableSource,
  work: DigestRequest & { readonly ids: RowIds; readonly sorted: readonly ColumnFile[] },
): Promise<Pick<RowOrder, "sha256">> {
  const { request, ids, sorted } = work;
  const { look, uri } = request;
  const plan = { ...request, task: look.task };
  const reading = planReading(source, plan, { ...look.facts, rows: blockRows });
  const columns = saidSinks(reading).map((sink) => ({ sql: sink.sql, sink }));
  const write = async ({ start, rows }: Block) => {
    const { truths, said } = columnsOf(reading, rows);
    for (const [index, values] of [truths, ...said].entries()) await sorted[index]?.write(start, values);
  };
  const from = { from: source.sql, ids, columns, uri };
  return await readInIdOrder(db, from, { blockRows, rows: look.facts.rows, write });
}

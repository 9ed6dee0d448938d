import { createHash, type Hash } from "node:crypto";
import path from "node:path";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import type { StoredColumn } from "../../../metrics/binary/stored/stored-rows.ts";
import { emptyPayloads, emptyScores, type Payloads } from "../../../metrics/score-columns.ts";
import { namedHead, startEvalSet } from "../../eval-set.ts";
import { planReading } from "../../read/plan-reading.ts";
import type { RowIds, RowOrder } from "../../row-ids.ts";
import { hashColumn } from "../hash-column.ts";
import { readInIdOrder } from "../id-order.ts";
import { ColumnStore } from "./column-store.ts";
import { storeFilling } from "./fill-store.ts";
import { bytesOf, likeOf, severalColumns } from "./several-columns.ts";
import type { StoredSeveral, StoreSeveralRequest } from "./store-several.ts";

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
  const known = { rows: table.rows, signal };
  const codes = (hash: Hash, at: number) =>
    hashColumn(hash, columnAt(stored, at), { ...known, isWide: !isMultilabel, like: codesLike(columns, at) });
  for (const place of truths.keys()) await codes(labelHash, place);
  const firstScore = truths.length + predictions.length;
  for (const [place, one] of scores.entries())
    await hashColumn(scoreHash, columnAt(stored, firstScore + place), {
      ...known,
      like: (count) => emptyScores(likeOf(one), count, false),
    });
  for (const place of predictions.keys()) await codes(scoreHash, truths.length + place);
  return { labelsSha256: labelHash.digest("hex"), scoresSha256: scoreHash.digest("hex") };
}

function columnAt(stored: Stored["stored"], at: number): StoredColumn {
  const column = stored[at];
  if (column === undefined) throw new RangeError("a column that is not stored");
  return column;
}

function codesLike({ truths, predictions }: Stored["columns"], at: number): (count: number) => Payloads {
  const { bytesEach = 1 } = [...truths, ...predictions][at] ?? {};
  return (count) => emptyPayloads(bytesEach, count, false);
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
    const fill = storeFilling(columns, store.columns);
    const identified = {
      from: source.sql,
      ids,
      uri,
      columns: sinks.map((sink) => ({ sql: sink.sql, sink })),
    };
    const order = await readInIdOrder(db, identified, { blockRows, rows, write: fill.write });
    return await severalDigests({ rows, columns, stored: store.columns }, { order, signal });
  } catch (error) {
    throw source.explain(error);
  } finally {
    await store.close();
  }
}

import { createHash } from "node:crypto";
import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { startEvalSet } from "../../eval-set.ts";
import type { RowIds, RowOrder } from "../../row-ids.ts";
import { readInIdOrder } from "../id-order.ts";
import type { Block } from "../read-blocks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { rankingColumns } from "./ranking-columns.ts";
import {
  blockRows,
  hashRankingFiles,
  makeRankingFiles,
  type RankingFiles,
  writeRows,
} from "./ranking-files.ts";
import type { StoredRanking } from "./store-ranking.ts";

/** Hex; of the evaluation set, and of what the model said. */
interface Digests {
  readonly labelsSha256: string;
  readonly scoresSha256: string;
}

interface DigestRequest {
  readonly request: StoreRequest;
  readonly stored: StoredRanking;
  readonly ids: RowIds | undefined;
  readonly signal: AbortSignal;
}

/**
 * The digests of a ranking in files, in the order of the row ids where there are any. All rows must have been read before, and none
 * refused. Throws `not-evaluable` for ids that stand twice.
 */
export async function rankingDigests(
  db: DuckDb,
  source: TableSource,
  asked: DigestRequest,
): Promise<Digests> {
  const { stored, ids, request, signal } = asked;
  const { rows } = stored;
  if (ids === undefined || ids.ordered !== undefined)
    return await digestsOf(stored.files, { rows, signal, order: ids?.ordered });
  const files = await makeRankingFiles(db.folder, "sorted-", rankingColumns(source, request, 0));
  try {
    const order = await writeSorted(db, source, { request, ids, files });
    return await digestsOf(files, { rows, signal, order });
  } catch (error) {
    throw source.explain(error);
  } finally {
    await files.close();
  }
}

async function digestsOf(
  { columns }: RankingFiles,
  known: {
    readonly rows: number;
    readonly signal: AbortSignal;
    readonly order: Pick<RowOrder, "sha256"> | undefined;
  },
): Promise<Digests> {
  const labels = startEvalSet("numbers", known.order);
  return {
    labelsSha256: await hashRankingFiles(labels, columns.slice(0, 1), known),
    scoresSha256: await hashRankingFiles(createHash("sha256"), columns.slice(1), known),
  };
}

/** Answers the digest of the ids. */
async function writeSorted(
  db: DuckDb,
  source: TableSource,
  work: { readonly request: StoreRequest; readonly ids: RowIds; readonly files: RankingFiles },
): Promise<Pick<RowOrder, "sha256">> {
  const { request, ids, files } = work;
  const { uri, look } = request;
  const own = { ...request, columns: { ...request.columns, subgroups: [] } };
  const read = rankingColumns(source, own, blockRows);
  const columns = read.sinks.map((sink) => ({ sql: sink.sql, sink }));
  const write = async (block: Block) => await writeRows(files, read, block);
  const reading = { blockRows, rows: look.facts.rows, write };
  return await readInIdOrder(db, { from: source.sql, ids, columns, uri }, reading);
}

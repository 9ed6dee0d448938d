import type { DuckDb } from "../../../data/engine/duckdb.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { refuseTable } from "../../read/problems.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import type { Block } from "../read-blocks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { type RankingColumns, rankingColumns } from "./ranking-columns.ts";
import { blockRows, makeRankingFiles, type RankingFiles, writeRows } from "./ranking-files.ts";
import { readRankingRows } from "./read-rows.ts";
import type { SeenGroups } from "./subgroup-codes.ts";

/** A ranking of which every row can be measured. Must be closed. */
export interface StoredRanking {
  readonly rows: number;
  /** In the order of the table. */
  readonly files: RankingFiles;
  readonly subgroups: readonly SeenGroups[];
}

/** Reads relevances and what they are ranked by into files below the database's folder, and checks all rows as `readTable` does. */
export async function storeRanking(
  db: DuckDb,
  source: TableSource,
  request: StoreRequest,
): Promise<StoredRanking> {
  const { uri, look, maxGroups } = request;
  const { rows } = look.facts;
  const read = rankingColumns(source, request, blockRows);
  refuseTable(
    uri,
    read.reading.strange.map((one) => `${uri}: ${one}`),
  );
  refuseTable(uri, tooManyGroups(read.groups.possible, { uri, maxGroups, isCounted: false }));
  await requireDisk(db.folder, { uri, rows, bytesEach: bytesEach(read) });
  const files = await makeRankingFiles(db.folder, "", read);
  try {
    const keep = (block: Block) => writeRows(files, read, block);
    const seen = await readRankingRows({ db, source, request, read, keep });
    const subgroups = read.groups.groupsOf(seen);
    const counts = subgroups.map(({ column, names }) => ({ column, count: names.length }));
    refuseTable(uri, tooManyGroups(counts, { uri, maxGroups, isCounted: true }));
    return { rows, files, subgroups };
  } catch (error) {
    await files.close();
    throw fullDisk(error, uri) ?? source.explain(error);
  }
}

/** Half of what is there at the same time: the files, and the rows that DuckDB sorts by query or by row id, with their key. */
function bytesEach({ columns, groups }: RankingColumns): number {
  const kept = columns.reduce((sum, { values }) => sum + values.BYTES_PER_ELEMENT, 0);
  return (kept + 16 + kept + 4 * groups.possible.length) / 2;
}

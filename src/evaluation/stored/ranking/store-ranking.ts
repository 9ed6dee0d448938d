import type { DuckDb } from "../../../data/engine/duckdb.ts";
import { confirmRead } from "../../../data/sources/source.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { floatProblem } from "../../read/float-readings.ts";
import { streamNumbers } from "../../read/number-chunks.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "../../read/problems.ts";
import { BadRows, type Sink } from "../../read/sinks.ts";
import { tooManyGroups } from "../../read/subgroups.ts";
import { fullDisk, requireDisk } from "../disk-room.ts";
import { missingNames } from "../name-order.ts";
import { type Block, readBlocks } from "../read-blocks.ts";
import type { StoreRequest } from "../stored-evaluation.ts";
import { tooFewRows } from "../too-few-rows.ts";
import { queryColumn, type RankingColumns, rankingColumns } from "./ranking-columns.ts";
import { blockRows, makeRankingFiles, type RankingFiles, writeRows } from "./ranking-files.ts";
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
    const seen = await fill({ db, source, request, read, files });
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

interface FillParts {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: StoreRequest;
  readonly read: RankingColumns;
  readonly files: RankingFiles;
}

/** Answers the groups that have rows. Throws for rows that cannot be measured, and as `confirmRead` does. */
async function fill({ db, source, request, read, files }: FillParts): Promise<readonly Uint8Array[]> {
  const { uri, look, onRows } = request;
  const { rows } = look.facts;
  const check = new RowCheck(read, missingNames(queryColumn(source, request)));
  const sinks = [...read.sinks, check.missing];
  const write = async (block: Block) => {
    check.take(block);
    await writeRows(files, read, block);
  };
  const sql = `SELECT ${sinks.map((sink) => sink.sql).join(", ")} FROM ${source.sql}`;
  const found = await readBlocks(streamNumbers(db, sql), { sinks, blockRows, rows, write, onRows });
  // Where there were fewer than were counted, and the file is the same, DuckDB ended too early.
  await confirmRead(source, rows);
  if (found < rows) throw tooFewRows(uri, { found, rows, what: "read" });
  const { label } = read.reading;
  const problems = problemsOf(source, { read, check, request });
  const sentences = await describeProblems(db, source, { uri, rows, problems });
  refuseTable(uri, sentences, label.problem.bad.count > 0 ? label.hint : undefined);
  return check.seen;
}

/** In the order of a table in memory. */
function problemsOf(
  source: TableSource,
  found: { readonly read: RankingColumns; readonly check: RowCheck; readonly request: StoreRequest },
): ColumnProblem[] {
  const { label, prediction, floats } = found.read.reading;
  const column = queryColumn(source, found.request);
  const { missing, negative } = found.check;
  return [
    label.problem,
    { ...label.problem, what: "below 0, which no relevance is", bad: negative },
    ...(prediction === undefined ? [] : [prediction.problem]),
    ...floats.all().map((one) => floatProblem(source, one)),
    {
      name: `the query column ${JSON.stringify(column.name)}`,
      what: "that are missing",
      column,
      bad: missing.bad,
    },
  ];
}

/** What is found out about the rows while they are read. */
class RowCheck {
  /** Relevances below 0. */
  readonly negative = new BadRows();
  readonly missing: Sink;
  readonly seen: readonly Uint8Array[];
  readonly #read: RankingColumns;

  constructor(read: RankingColumns, missing: Sink) {
    this.#read = read;
    this.missing = missing;
    this.seen = read.groups.seen();
  }

  /** The rows that were read last. */
  take({ start, rows }: Block): void {
    const [relevances] = this.#read.columns;
    this.negative.from = start;
    for (let row = 0; row < rows; row += 1) if ((relevances?.values[row] ?? 0) < 0) this.negative.add(row);
    for (const [index, codes] of this.#read.groups.codes(rows).entries()) {
      const seen = this.seen[index];
      if (seen !== undefined) for (const code of codes) seen[code] = 1;
    }
  }
}

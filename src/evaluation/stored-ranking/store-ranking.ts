import type { DuckDb } from "../../data/engine/duckdb.ts";
import { confirmRead } from "../../data/sources/source.ts";
import type { TableSource } from "../../data/sources/table-source.ts";
import { floatProblem } from "../read/float-readings.ts";
import { streamNumbers } from "../read/number-chunks.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "../read/problems.ts";
import { BadRows, type Sink } from "../read/sinks.ts";
import { tooManyGroups } from "../read/subgroups.ts";
import { fullDisk, requireDisk } from "../stored/disk-room.ts";
import type { StoreRequest } from "../stored/store-table.ts";
import { missingSink, queryColumn, type RankingColumns, rankingColumns } from "./ranking-columns.ts";
import { blockRows, makeRankingFiles, type RankingFiles, writeRows } from "./ranking-files.ts";
import { tooFewRows } from "./shortages.ts";
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
  const { uri, look } = request;
  const stretch = new Stretch(read, files, missingSink(queryColumn(source, request)));
  const sql = `SELECT ${stretch.sinks.map((sink) => sink.sql).join(", ")} FROM ${source.sql}`;
  for await (const chunk of streamNumbers(db, sql)) {
    // More than were counted: the file was changed meanwhile, which is found out at the end.
    if (stretch.rows + chunk.rows > look.facts.rows) break;
    if (stretch.start + chunk.rows > blockRows) await stretch.write();
    for (const [index, sink] of stretch.sinks.entries()) {
      const items = chunk.columns[index];
      if (items !== undefined) sink.take({ items, start: stretch.start, gaps: chunk.gaps[index] });
    }
    stretch.start += chunk.rows;
    request.onRows?.(stretch.rows, look.facts.rows);
  }
  await stretch.write();
  const { rows } = stretch;
  await confirmRead(source, Math.max(rows, look.facts.rows));
  if (rows < look.facts.rows) throw tooFewRows(uri, { found: rows, rows: look.facts.rows, what: "read" });
  const problems = problemsOf(source, { read, stretch, request });
  const { label } = read.reading;
  const sentences = await describeProblems(db, source, { uri, rows, problems });
  refuseTable(uri, sentences, label.problem.bad.count > 0 ? label.hint : undefined);
  return stretch.seen;
}

/** In the order of a table in memory. */
function problemsOf(
  source: TableSource,
  found: { readonly read: RankingColumns; readonly stretch: Stretch; readonly request: StoreRequest },
): ColumnProblem[] {
  const { label, prediction, floats } = found.read.reading;
  const column = queryColumn(source, found.request);
  const { missing, negative } = found.stretch;
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

/** The rows that were read last. */
class Stretch {
  /** Relevances below 0. */
  readonly negative = new BadRows();
  readonly missing: Sink;
  readonly sinks: readonly Sink[];
  readonly seen: readonly Uint8Array[];
  /** The next row of the stretch. */
  start = 0;
  readonly #read: RankingColumns;
  readonly #files: RankingFiles;
  #written = 0;

  constructor(read: RankingColumns, files: RankingFiles, missing: Sink) {
    this.#read = read;
    this.#files = files;
    this.missing = missing;
    this.sinks = [...read.sinks, missing];
    this.seen = read.groups.seen();
  }

  /** Of the table, so far. */
  get rows(): number {
    return this.#written + this.start;
  }

  async write(): Promise<void> {
    const [rows, start] = [this.start, this.#written];
    const [relevances] = this.#read.columns;
    for (let row = 0; row < rows; row += 1) if ((relevances?.values[row] ?? 0) < 0) this.negative.add(row);
    for (const [index, codes] of this.#read.groups.codes(rows).entries()) {
      const seen = this.seen[index];
      if (seen !== undefined) for (const code of codes) seen[code] = 1;
    }
    await writeRows(this.#files, this.#read, { start, rows });
    this.#written += rows;
    this.start = 0;
    for (const { bad } of [...this.sinks, { bad: this.negative }]) bad.from = this.#written;
  }
}

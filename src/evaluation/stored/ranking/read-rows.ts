import type { DuckDb } from "../../../data/engine/duckdb.ts";
import { confirmRead } from "../../../data/sources/source.ts";
import type { TableSource } from "../../../data/sources/table-source.ts";
import { floatProblem } from "../../read/float-readings.ts";
import { streamNumbers } from "../../read/number-chunks.ts";
import { type ColumnProblem, describeProblems, refuseTable } from "../../read/problems.ts";
import type { LookedAt } from "../../read/read-table.ts";
import { BadRows, type Sink } from "../../read/sinks.ts";
import { type Block, readBlocks } from "../read-blocks.ts";
import { missingSink, queryColumn, type RankingColumns } from "./ranking-columns.ts";
import { blockRows } from "./ranking-files.ts";
import { tooFewRows } from "./shortages.ts";

interface ReadParts {
  readonly db: DuckDb;
  readonly source: TableSource;
  readonly request: LookedAt;
  /** Of `blockRows` rows. */
  readonly read: RankingColumns;
  /** Keeps what was read. */
  readonly keep: (block: Block) => Promise<void>;
}

/**
 * Reads the rows of a ranking, some at a time. Answers the groups that have rows. Throws for rows that cannot be measured, and as
 * `confirmRead` does.
 */
export async function readRankingRows(parts: ReadParts): Promise<readonly Uint8Array[]> {
  const { db, source, request, read, keep } = parts;
  const { uri, look, onRows } = request;
  const { rows } = look.facts;
  const check = new RowCheck(read, missingSink(queryColumn(source, request)));
  const sinks = [...read.sinks, check.missing];
  const write = async (block: Block) => {
    check.take(block);
    await keep(block);
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
  found: { readonly read: RankingColumns; readonly check: RowCheck; readonly request: ReadParts["request"] },
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

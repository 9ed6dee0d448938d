import type { DuckDb } from "../../data/engine/duckdb.ts";
import type { SourceColumn, TableSource } from "../../data/sources/table-source.ts";
import { MlopsError } from "../../errors.ts";
import { printable } from "../../printable.ts";
import { hasDecimalComma } from "./class-names.ts";
import type { LabelRequest } from "./label-request.ts";
import { BadRows } from "./sinks.ts";

/** Rows of one column that cannot be measured. */
export interface ColumnProblem {
  /** `the label column "death"`. */
  readonly name: string;
  /** `that are no numbers`. */
  readonly what: string;
  readonly column: SourceColumn;
  readonly bad: BadRows;
}

/** One sentence for each column with bad rows, with the first of them as they stand in the file. */
export async function describeProblems(
  db: DuckDb,
  source: TableSource,
  {
    uri,
    rows,
    problems,
  }: { readonly uri: string; readonly rows: number; readonly problems: readonly ColumnProblem[] },
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { name, what, column, bad } of problems) {
    if (bad.count === 0) continue;
    const cells: (string | undefined)[] = [];
    for (const row of bad.first) cells.push(await cellAt(db, source, { column, row }));
    const shown = cells.map((cell, index) => `row ${(bad.first[index] ?? 0) + 1} ${shownCell(cell)}`);
    const more = bad.count > bad.first.length ? ", …" : "";
    const list = `${shown.join(", ")}${more}${commaNote(cells)}`;
    sentences.push(`${uri}: ${name} has ${bad.count} of ${rows} values ${what}: ${list}`);
  }
  return sentences;
}

/** Undefined for one that is missing. */
async function cellAt(
  db: DuckDb,
  source: TableSource,
  { column, row }: { readonly column: SourceColumn; readonly row: number },
): Promise<string | undefined> {
  const sql = `SELECT CAST(${column.sql} AS VARCHAR) AS cell FROM ${source.sql} LIMIT 1 OFFSET ${row}`;
  const [found = {}] = await db.query(sql);
  const cell = found["cell"];
  return typeof cell !== "string" || cell === "" ? undefined : cell;
}

function shownCell(cell: string | undefined): string {
  if (cell === undefined) return "is missing";
  return `is ${printable(JSON.stringify(cell.length > 60 ? `${cell.slice(0, 59)}…` : cell))}`;
}

function commaNote(cells: readonly (string | undefined)[]): string {
  const hasComma = cells.some((cell) => cell !== undefined && hasDecimalComma(cell));
  return hasComma ? " (numbers are written with a decimal point)" : "";
}

/** Rows without a name of a class. Where there are too many names no row was looked up, and none is told. */
export function missingProblem({ column, name, facts }: LabelRequest, bad: BadRows): ColumnProblem {
  return {
    name,
    what: "that are missing",
    column,
    bad: facts.dictionary === undefined ? new BadRows() : bad,
  };
}

/** Throws `not-evaluable` with all sentences; does nothing without any. */
export function refuseTable(uri: string, problems: readonly string[], hint?: string): void {
  if (problems.length === 0) return;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "PREDICTIONS_INVALID",
    message: problems.map((problem) => `${problem}.`).join("\n"),
    hint: hint ?? `Mend the step that writes ${uri}; nothing was measured.`,
  });
}

import type { Answers } from "../plan/answers.ts";
import type { PlanColumn } from "../plan/column.ts";
import { and, column as columnValue, type Expression, isNan, isNull, textOf } from "../plan/expression.ts";
import type { RowsMeasure } from "../plan/measure.ts";

/** Rows that `where` keeps; all without it. */
export function countOf(where?: Expression): RowsMeasure {
  return where === undefined ? { kind: "count" } : { kind: "count", where };
}

/** What the rules of one column count alike. */
export interface ColumnCounts {
  readonly measures: readonly RowsMeasure[];
  /** All rows that `when` keeps. */
  rows(answers: Answers): number;
  /** NaN counts as missing, as in pandas; in a column of text it is a word. */
  missing(answers: Answers): number;
  /** Rows with a value. */
  present(answers: Answers): number;
  /** There, but not readable as the column's type. */
  mistyped(answers: Answers): number;
  /** A type found in the first rows holds only if it holds for all: otherwise the column is text. */
  isText(answers: Answers): boolean;
}

/** The counts of `column` among the rows that `when` keeps. Only what can be other than 0 is measured. */
export function columnCounts(column: PlanColumn, when?: Expression): ColumnCounts {
  const { name, type, origin } = column;
  const rows = countOf(when);
  const nulls = countOf(and(when, isNull(name)));
  const nan = type === "double" ? countOf(and(when, isNan(name))) : undefined;
  const wrong = canBeMistyped(column) ? countOf(and(when, { op: "is-mistyped", column: name })) : undefined;
  // A word anywhere makes the whole column text, also where `when` keeps only numbers.
  const word = origin === "inferred" && wrong !== undefined ? mistypedAnywhere(name) : undefined;
  const count = (measure: RowsMeasure | undefined, answers: Answers) =>
    measure === undefined ? 0 : answers.count(measure);
  const isText = (answers: Answers) => type === "string" || count(word, answers) > 0;
  const missing = (answers: Answers) => count(nulls, answers) + (isText(answers) ? 0 : count(nan, answers));
  return {
    measures: [rows, nulls, nan, wrong, word].filter((measure) => measure !== undefined),
    rows: (answers) => answers.count(rows),
    missing,
    present: (answers) => answers.count(rows) - missing(answers),
    mistyped: (answers) => count(wrong, answers),
    isText,
  };
}

function mistypedAnywhere(name: string): RowsMeasure {
  return countOf({ op: "is-mistyped", column: name });
}

function canBeMistyped({ storage, type }: PlanColumn): boolean {
  return storage === "text" && type !== "string" && type !== "other";
}

/** What tells two values apart. Where nobody said that 007 and 7 are the same number, they are two texts. */
export function identityOf({ name, origin }: PlanColumn): Expression {
  return origin === "inferred" ? textOf(name) : columnValue(name);
}

/** What is shown of a value: as it stands in the file. */
export function shownOf({ name, storage }: PlanColumn): Expression {
  return storage === "text" ? textOf(name) : columnValue(name);
}

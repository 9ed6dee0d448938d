import type { PlanColumn } from "../../plan/column.ts";
import {
  and,
  column as columnOf,
  type Expression,
  isMissing,
  isTrue,
  literal,
  not,
  or,
} from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import {
  type Expectation,
  type ExpectationBody,
  type ExpectationTable,
  isNotEvaluable,
  type NotEvaluable,
} from "../expectation.ts";
import { mapBody } from "../map-result.ts";
import { findColumn } from "./columns.ts";

interface SeveralColumns {
  readonly names: readonly string[];
  /** Rows that are left out: those in which all, any or none of the values are missing. */
  readonly ignored: "all" | "any" | "none";
}

/** The rows of several columns that an expectation judges. */
interface JudgedRows {
  readonly columns: readonly PlanColumn[];
  readonly judged: Expression | undefined;
  bodyOf(unexpected: RowsMeasure): ExpectationBody;
}

/** An expectation on the values of several columns in a row; not evaluable without one of the columns. */
export function judgedRows(
  { kwargs, where }: Expectation<{ readonly mostly: number }>,
  table: ExpectationTable,
  { names, ignored }: SeveralColumns,
): JudgedRows | NotEvaluable {
  const columns: PlanColumn[] = [];
  for (const name of names) {
    const column = findColumn(table, name);
    if (isNotEvaluable(column)) return column;
    columns.push(column);
  }
  const missing = ignoredRows(columns, ignored);
  const shown = columns.map(({ name }) => columnOf(name));
  return {
    columns,
    judged: and(where, missing === undefined ? undefined : not(missing)),
    bodyOf: (unexpected) => mapBody({ where, missing, unexpected, mostly: kwargs.mostly, shown }),
  };
}

function ignoredRows(
  columns: readonly PlanColumn[],
  ignored: SeveralColumns["ignored"],
): Expression | undefined {
  const missing = columns.map(({ name }) => isMissing(name));
  // Great Expectations counts the ignored rows also where none is.
  if (ignored === "none") return literal(false);
  return ignored === "all" ? and(...missing) : or(...missing);
}

/** Rows for which `expected` is not true: a null left in is unexpected, as in pandas. */
export function untrue(expected: Expression, judged: Expression | undefined): RowsMeasure {
  return { kind: "count", where: and(judged, not(isTrue(expected))) };
}

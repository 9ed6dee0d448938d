import type { Judgement } from "../../plan/check.ts";
import type { PlanColumn } from "../../plan/column.ts";
import { and, type Expression, isPresent } from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import {
  type ExpectationBody,
  type ExpectationTable,
  type NotEvaluable,
  notEvaluable,
} from "../expectation.ts";

/** The column of that name, or why there is nothing to judge. */
export function findColumn(table: ExpectationTable, name: string): PlanColumn | NotEvaluable {
  return table.find(name) ?? notEvaluable(`there is no column ${JSON.stringify(name)} in the table`);
}

/** No verdict, with the reason. */
export function unknown(reason: string): Judgement {
  return { outcome: "unknown", observed: null, failingRows: null, judgedRows: null, reason };
}

/**
 * `body`, unknown where a value of `columns` cannot be read as the type that its column has: a rule that left such values
 * out would say too much. Only columns kept as text can have them. `where` keeps the rows that the rule is about.
 */
export function guarded(
  body: ExpectationBody,
  columns: readonly PlanColumn[],
  where: Expression | undefined,
): ExpectationBody {
  const guards = columns.filter(canBeMistyped).map((column) => {
    const mistyped: Expression = { op: "is-mistyped", column: column.name };
    const measure: RowsMeasure = { kind: "count", where: and(where, mistyped) };
    return { column, measure };
  });
  if (guards.length === 0) return body;
  return {
    ...body,
    measures: [...body.measures, ...guards.map(({ measure }) => measure)],
    judge: (answers) => {
      const broken = guards.find(({ measure }) => answers.count(measure) > 0);
      if (broken === undefined) return body.judge(answers);
      const { name, type } = broken.column;
      const count = answers.count(broken.measure);
      return unknown(`column ${JSON.stringify(name)}: ${count} values cannot be read as ${type}`);
    },
  };
}

/**
 * `body`, unknown for `problem` unless one of `columns` has no value at all among the rows of `where`: the type of such a
 * column says nothing, least of all in a text file.
 */
export function unlessEmpty(
  body: ExpectationBody,
  problem: string,
  { columns, where }: { readonly columns: readonly PlanColumn[]; readonly where: Expression | undefined },
): ExpectationBody {
  const present = columns.map(
    ({ name }): RowsMeasure => ({ kind: "count", where: and(where, isPresent(name)) }),
  );
  return {
    ...body,
    measures: [...body.measures, ...present],
    judge: (answers) =>
      present.every((measure) => answers.count(measure) > 0) ? unknown(problem) : body.judge(answers),
  };
}

function canBeMistyped(column: PlanColumn): boolean {
  return column.storage === "text" && column.type !== "string" && column.type !== "other";
}

export function isNumeric(column: PlanColumn): boolean {
  return column.type === "integer" || column.type === "double" || column.type === "decimal";
}

export function isTime(column: PlanColumn): boolean {
  return column.type === "date" || column.type === "timestamp";
}

import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import { and, type Expression, isPresent } from "../../plan/expression.ts";
import type { RowsMeasure } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import {
  type ExpectationBody,
  type ExpectationRule,
  expectationRule,
  isNotEvaluable,
  notEvaluable,
} from "../expectation.ts";
import { columnName } from "../kwargs.ts";
import { columnMapKwargs } from "./column-map.ts";
import { findColumn } from "./columns.ts";
import { isNamed, type NamedType, namedType, observedName } from "./types-vocabulary.ts";

/** Types are those of the file; a text file has the type that all of its values can be read as. */
function typeBody(
  column: PlanColumn,
  where: Expression | undefined,
  judge: (type: NamedType) => { readonly success: boolean; readonly observed: string },
): ExpectationBody {
  const isGuessed = column.storage === "text" && column.type !== "other";
  const count = (kept: Expression): RowsMeasure => ({ kind: "count", where: and(where, kept) });
  const mistyped = count({ op: "is-mistyped", column: column.name });
  const present = count(isPresent(column.name));
  return {
    measures: isGuessed ? [mistyped, present] : [],
    judge: (answers) => {
      const isEmpty = isGuessed && answers.count(present) === 0;
      const isText = isGuessed && answers.count(mistyped) > 0;
      const { success, observed } = judge(namedType(column, { isText, isEmpty }));
      return observedResult(observed, success);
    },
    column: column.name,
    comparison: "in",
  };
}

const ofType = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, type_: z.string() }),
  make: ({ kwargs, where }, table) => {
    const column = findColumn(table, kwargs.column);
    if (isNotEvaluable(column)) return column;
    const { type_ } = kwargs;
    const body = typeBody(column, where, (type) => ({
      success: isNamed(type, type_) ?? false,
      observed: observedName(type, type_),
    }));
    return { ...body, limit: type_ };
  },
});

const inTypeList = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, type_list: z.array(z.string()).nullish() }),
  make: ({ kwargs, where }, table) => {
    const column = findColumn(table, kwargs.column);
    if (isNotEvaluable(column)) return column;
    const names = kwargs.type_list ?? undefined;
    const body = typeBody(column, where, (type) => ({
      // No list asks for nothing.
      success: names === undefined || names.some((name) => isNamed(type, name)),
      observed: observedName(type, names?.[0] ?? "object"),
    }));
    return { ...body, limit: names ?? null };
  },
});

const typeToBe = expectationRule({
  kwargs: z.strictObject({ column: columnName, type_: z.string() }),
  takesRowCondition: false,
  make: ({ kwargs }, table) => {
    const column = findColumn(table, kwargs.column);
    if (isNotEvaluable(column)) return column;
    const { type_ } = kwargs;
    if (isNamed(namedType(column, { isText: false, isEmpty: false }), type_) === undefined)
      return notEvaluable(`${JSON.stringify(type_)} is no type of pandas, Spark or SQL that is known here`);
    const body = typeBody(column, undefined, (type) => ({
      success: isNamed(type, type_) ?? false,
      observed: observedName(type, type_),
    }));
    return { ...body, limit: type_ };
  },
});

export const typeRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_be_of_type: ofType,
  expect_column_values_to_be_in_type_list: inTypeList,
  expect_column_type_to_be: typeToBe,
};

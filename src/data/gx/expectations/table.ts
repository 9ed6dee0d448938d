import * as z from "zod";
import type { RowsMeasure } from "../../plan/measure.ts";
import { aggregateResult, observedResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { boundKwargs, columnName, optionalFlag, optionalWholeNumber, wholeNumber } from "../kwargs.ts";
import { betweenLimit } from "./aggregate.ts";
import { isReversed } from "./bounds.ts";

const rowCountBetween = expectationRule({
  kwargs: z.strictObject({
    min_value: optionalWholeNumber,
    max_value: optionalWholeNumber,
    strict_min: optionalFlag,
    strict_max: optionalFlag,
  }),
  refuse: ({ min_value, max_value }) =>
    min_value !== undefined && max_value !== undefined && min_value > max_value
      ? "min_value is more than max_value"
      : undefined,
  make: ({ kwargs, where }) => {
    const rows: RowsMeasure = { kind: "count", where };
    return {
      measures: [rows],
      judge: (answers) => aggregateResult(answers.count(rows), kwargs),
      ...betweenLimit(kwargs),
    };
  },
});

const rowCountEquals = expectationRule({
  kwargs: z.strictObject({ value: wholeNumber }),
  make: ({ kwargs: { value }, where }) => {
    const rows: RowsMeasure = { kind: "count", where };
    return {
      measures: [rows],
      judge: (answers) => observedResult(answers.count(rows), answers.count(rows) === value),
      comparison: "=",
      limit: value,
    };
  },
});

const rowCountEqualsOther = expectationRule({
  kwargs: z.strictObject({ other_table_name: z.string().min(1) }),
  make: ({ kwargs: { other_table_name: other }, where }, table) => {
    if (!table.otherTables.includes(other))
      return notEvaluable(`the table ${JSON.stringify(other)} is not known to this run`);
    const rows: RowsMeasure = { kind: "count", where };
    const others: RowsMeasure = { kind: "table-rows", table: other };
    return {
      measures: [rows, others],
      judge: (answers) => {
        const observed = { self: answers.count(rows), other: answers.count(others) };
        return observedResult(observed, observed.self === observed.other);
      },
      comparison: "=",
    };
  },
});

const columnCountBetween = expectationRule({
  kwargs: z.strictObject({ min_value: boundKwargs.min_value, max_value: boundKwargs.max_value }),
  takesRowCondition: false,
  make: ({ kwargs }, { columns }) => {
    if (isReversed(kwargs)) return notEvaluable("min_value is more than max_value");
    return { measures: [], judge: () => aggregateResult(columns.length, kwargs), ...betweenLimit(kwargs) };
  },
});

const columnCountEquals = expectationRule({
  kwargs: z.strictObject({ value: wholeNumber }),
  takesRowCondition: false,
  make: ({ kwargs: { value } }, { columns }) => ({
    measures: [],
    judge: () => observedResult(columns.length, columns.length === value),
    comparison: "=",
    limit: value,
  }),
});

/** An index of 0 says nothing, a negative one counts from the end. Names are exact. */
const columnExists = expectationRule({
  kwargs: z.strictObject({ column: columnName, column_index: optionalWholeNumber }),
  takesRowCondition: false,
  make: ({ kwargs: { column, column_index = 0 } }, { columns }) => {
    const index = columns.findIndex(({ name }) => name === column);
    const place = column_index < 0 ? columns.length + column_index : column_index;
    const success = index !== -1 && (column_index === 0 || index === place);
    const judgement = observedResult(index === -1 ? null : column, success);
    return {
      measures: [],
      judge: () => ({ ...judgement, details: { success, result: {} } }),
      column,
      comparison: "=",
      limit: "present",
    };
  },
});

const names = z.array(z.string());

const columnsInOrder = expectationRule({
  kwargs: z.strictObject({ column_list: names.nullish() }),
  takesRowCondition: false,
  make: ({ kwargs: { column_list } }, { columns }) => {
    const observed = columns.map(({ name }) => name);
    if (column_list === null || column_list === undefined)
      return { measures: [], judge: () => observedResult(observed, true) };
    const length = Math.max(observed.length, column_list.length);
    const mismatched = Array.from({ length }, (_, index) => ({
      "Expected Column Position": index,
      Expected: column_list[index] ?? null,
      Found: observed[index] ?? null,
    })).filter(({ Expected, Found }) => Expected !== Found);
    const success = mismatched.length === 0;
    const more = success ? {} : { details: { mismatched } };
    return {
      measures: [],
      judge: () => observedResult(observed, success, more),
      comparison: "=",
      limit: column_list,
    };
  },
});

/** Without `column_set` none is expected; with `exact_match` false more columns than listed may be there. */
const columnsInSet = expectationRule({
  kwargs: z.strictObject({ column_set: names.nullish(), exact_match: optionalFlag }),
  takesRowCondition: false,
  make: ({ kwargs: { column_set, exact_match = true } }, { columns }) => {
    const observed = columns.map(({ name }) => name);
    const asked = new Set(column_set ?? []);
    const unexpected = observed.filter((name) => !asked.has(name)).toSorted();
    const missing = [...asked].filter((name) => !observed.includes(name)).toSorted();
    const success = missing.length === 0 && (unexpected.length === 0 || !exact_match);
    const mismatched = {
      ...(unexpected.length === 0 ? {} : { unexpected }),
      ...(missing.length === 0 ? {} : { missing }),
    };
    return {
      measures: [],
      judge: () => observedResult(observed.toSorted(), success, { details: { mismatched } }),
      comparison: "in",
      limit: [...asked],
    };
  },
});

export const tableRules: Readonly<Record<string, ExpectationRule>> = {
  expect_table_row_count_to_be_between: rowCountBetween,
  expect_table_row_count_to_equal: rowCountEquals,
  expect_table_row_count_to_equal_other_table: rowCountEqualsOther,
  expect_table_column_count_to_be_between: columnCountBetween,
  expect_table_column_count_to_equal: columnCountEquals,
  expect_column_to_exist: columnExists,
  expect_table_columns_to_match_ordered_list: columnsInOrder,
  expect_table_columns_to_match_set: columnsInSet,
};

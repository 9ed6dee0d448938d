import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import { textOf } from "../../plan/expression.ts";
import type { ValueTest } from "../../plan/measure.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { type ColumnMapJudge, columnMap, columnMapKwargs } from "./column-map.ts";
import { readFormat } from "./strptime-format.ts";
import { strptimeRegex } from "./strptime-regex.ts";
import { isTextToPython } from "./text-values.ts";

function noText(column: PlanColumn): ColumnMapJudge {
  const name = JSON.stringify(column.name);
  return { problem: `column ${name} is ${column.type}: values have to be text` };
}

function tested(
  column: PlanColumn,
  present: Parameters<Parameters<typeof columnMap>[2]>[1],
  test: ValueTest,
): ColumnMapJudge {
  return {
    unexpected: { kind: "failing-test", of: textOf(column.name), test, where: present },
    isText: true,
  };
}

const strftimeFormat = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, strftime_format: z.string().min(1) }),
  make: (expectation, table) => {
    const format = expectation.kwargs.strftime_format;
    const parts = readFormat(format);
    if (typeof parts === "string") return notEvaluable(`strftime_format ${JSON.stringify(format)}: ${parts}`);
    const pattern = strptimeRegex(parts);
    return columnMap(expectation, table, (column, present): ColumnMapJudge => {
      if (!isTextToPython(column)) return noText(column);
      if (pattern === undefined) return tested(column, present, { test: "strptime", format });
      return { expected: { op: "matches", value: textOf(column.name), pattern }, isText: true };
    });
  },
});

const dateutilParseable = expectationRule({
  kwargs: z.strictObject(columnMapKwargs),
  make: (expectation, table) =>
    columnMap(expectation, table, (column, present) =>
      isTextToPython(column) ? tested(column, present, { test: "dateutil" }) : noText(column),
    ),
});

/** What is no text is no JSON: each of its values is unexpected, as in Python. */
const jsonParseable = expectationRule({
  kwargs: z.strictObject(columnMapKwargs),
  make: (expectation, table) =>
    columnMap(expectation, table, (column, present) =>
      isTextToPython(column)
        ? tested(column, present, { test: "python-json" })
        : { unexpected: { kind: "count", where: present }, isText: true },
    ),
});

/** A value that is no JSON at all is no broken rule but an error, as in Python. */
const matchJsonSchema = expectationRule({
  kwargs: z.strictObject({ ...columnMapKwargs, json_schema: z.record(z.string(), z.unknown()) }),
  make: (expectation, table) =>
    columnMap(expectation, table, (column, present) =>
      isTextToPython(column)
        ? tested(column, present, { test: "json-schema", schema: expectation.kwargs.json_schema })
        : noText(column),
    ),
});

export const parseRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_match_strftime_format: strftimeFormat,
  expect_column_values_to_be_dateutil_parseable: dateutilParseable,
  expect_column_values_to_be_json_parseable: jsonParseable,
  expect_column_values_to_match_json_schema: matchJsonSchema,
};

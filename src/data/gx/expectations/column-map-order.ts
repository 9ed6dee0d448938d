import * as z from "zod";
import { column as columnOf } from "../../plan/expression.ts";
import { type ExpectationRule, expectationRule } from "../expectation.ts";
import { optionalFlag } from "../kwargs.ts";
import { columnMap, columnMapKwargs } from "./column-map.ts";
import { isNumeric, isTime } from "./columns.ts";

/** Over the present values in the order of the rows; the row that comes too late, or too early, is the later one. */
function inOrder(direction: "increasing" | "decreasing"): ExpectationRule {
  return expectationRule({
    kwargs: z.strictObject({ ...columnMapKwargs, strictly: optionalFlag }),
    make: (expectation, table) =>
      columnMap(expectation, table, (column, present) => {
        if (!isNumeric(column) && !isTime(column))
          return {
            problem: `column ${JSON.stringify(column.name)} is ${column.type}: its values have no differences`,
          };
        const strictly = expectation.kwargs.strictly ?? false;
        const of = columnOf(column.name);
        return { unexpected: { kind: "disorder", of, direction, strictly, where: present } };
      }),
  });
}

export const orderRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_be_increasing: inOrder("increasing"),
  expect_column_values_to_be_decreasing: inOrder("decreasing"),
};

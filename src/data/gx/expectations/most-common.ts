import * as z from "zod";
import { and, column as columnOf } from "../../plan/expression.ts";
import type { Measure } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule } from "../expectation.ts";
import { columnName, optionalFlag, valueSet } from "../kwargs.ts";
import { aggregate } from "./aggregate.ts";
import { isIn, literalsFor } from "./members.ts";
import { plainValue } from "./values.ts";

/** More modes than this are not listed. */
const maxModes = 200;

/**
 * The most frequent values: one, which has to be in the set; with `ties_okay` several, of which one has to be. Without a
 * value there is no mode.
 */
const mostCommon = expectationRule({
  kwargs: z.strictObject({ column: columnName, value_set: valueSet, ties_okay: optionalFlag }),
  make: (expectation, table) =>
    aggregate(expectation, table, (column, where) => {
      const { value_set, ties_okay = false } = expectation.kwargs;
      const of = [columnOf(column.name)];
      const isMember = isIn(column, literalsFor(column, value_set));
      const top: Measure = { kind: "frequencies", of, where, limit: maxModes };
      const topMember: Measure = { kind: "frequencies", of, where: and(where, isMember), limit: 1 };
      const problem =
        column.type === "other"
          ? `column ${JSON.stringify(column.name)} holds lists, structs or bytes`
          : undefined;
      if (problem !== undefined) return { measures: [], judge: () => observedResult([], false), problem };
      return {
        measures: [top, topMember],
        judge: (answers) => {
          const values = answers.frequencies(top);
          const most = values[0]?.count ?? 0;
          const modes = values.filter(({ count }) => count === most);
          const isMemberMode = most > 0 && answers.frequencies(topMember)[0]?.count === most;
          const shown = modes.map(({ values: [value = null] }) => plainValue(value, column));
          return observedResult(shown, isMemberMode && (ties_okay || modes.length === 1));
        },
      };
    }),
});

export const mostCommonRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_most_common_value_to_be_in_set: mostCommon,
};

import * as z from "zod";
import { rowsOfQuery } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import type { ExpectationDetails } from "../expectation.ts";
import {
  type ExpectationRule,
  expectationRule,
  isNotEvaluable,
  type NotEvaluable,
  notEvaluable,
} from "../expectation.ts";
import { mostly } from "../kwargs.ts";

/** The name that queries call the table by. */
const batchTable = "data";

/**
 * A query over `{batch}`, where literal braces are doubled, as SQL. Not evaluable: a brace without its other half, another
 * name in braces.
 */
export function queryOf(written: string): string | NotEvaluable {
  const sql = written.replace(/[;\s]+$/, "");
  let wrong: string | undefined;
  const filled = sql.replaceAll(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (found, name: string | undefined) => {
    if (found === "{{") return "{";
    if (found === "}}") return "}";
    if (name === "batch") return batchTable;
    wrong ??= found;
    return found;
  });
  if (wrong === undefined) return filled;
  return notEvaluable(`${wrong} in the query: only {batch} is filled in, and literal braces are doubled`);
}

/** Every row that the query returns is one too many. */
const unexpectedRows = expectationRule({
  kwargs: z.strictObject({ unexpected_rows_query: z.string().min(1) }),
  takesRowCondition: false,
  make: ({ kwargs }) => {
    const sql = queryOf(kwargs.unexpected_rows_query);
    if (typeof sql !== "string") return sql;
    const rows = rowsOfQuery(sql);
    return {
      measures: [rows],
      judge: (answers) => {
        const count = answers.count(rows);
        return { ...observedResult(count, count === 0), failingRows: count };
      },
      failing: () => ({ rows, shown: [] }),
      comparison: "=",
      limit: 0,
    };
  },
});

/**
 * The rows of two queries, how often each occurs counted. A row of the longer result that has no partner is unexpected.
 * Nulls are equal. Unlike Great Expectations, which looks at the first 200 rows, all are compared.
 */
const resultsMatch = expectationRule({
  kwargs: z.strictObject({
    base_query: z.string().min(1),
    comparison_data_source_name: z.string().min(1),
    comparison_query: z.string().min(1),
    mostly,
  }),
  takesRowCondition: false,
  make: ({ kwargs }, table) => {
    const { base_query, comparison_data_source_name, comparison_query } = kwargs;
    const base = queryOf(base_query);
    if (isNotEvaluableQuery(base)) return base;
    if (table.otherTables.length === 0)
      return notEvaluable(
        `the data source ${JSON.stringify(comparison_data_source_name)} is not known to this run`,
      );
    const comparison = comparison_query.replace(/[;\s]+$/, "");
    const rows = rowsOfQuery(base);
    const others = rowsOfQuery(comparison);
    const alone = rowsOfQuery(`SELECT * FROM (${base}\n) EXCEPT ALL SELECT * FROM (${comparison}\n)`);
    return {
      measures: [rows, others, alone],
      judge: (answers) => {
        const longer = Math.max(answers.count(rows), answers.count(others));
        const matched = answers.count(rows) - answers.count(alone);
        return matchResult(longer, matched, kwargs.mostly);
      },
      comparison: "<=",
      limit: 0,
      allow: Number((1 - kwargs.mostly).toPrecision(12)),
    };
  },
});

function isNotEvaluableQuery(query: string | NotEvaluable): query is NotEvaluable {
  return typeof query !== "string" && isNotEvaluable(query);
}

function matchResult(longer: number, matched: number, share: number) {
  const unexpected = longer - matched;
  const percent = longer === 0 ? 0 : (1 - matched / longer) * 100;
  const success = 100 - percent >= share * 100;
  const result = { unexpected_count: unexpected, unexpected_percent: percent };
  const details: ExpectationDetails = { success, result };
  return {
    outcome: success ? ("good" as const) : ("bad" as const),
    observed: unexpected,
    failingRows: unexpected,
    judgedRows: longer,
    details,
  };
}

export const queryRules: Readonly<Record<string, ExpectationRule>> = {
  unexpected_rows_expectation: unexpectedRows,
  expect_query_results_to_match_comparison: resultsMatch,
};

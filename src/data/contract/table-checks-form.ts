import * as z from "zod";
import { commandProblem } from "./command-line.ts";
import { mapping, notes, rowNotes } from "./forms.ts";
import { columnNames, duration, paths, sqlText } from "./values.ts";

const kinds = "a check is one of assert, in, sql, script, expect";

const assertion = mapping(
  {
    assert: z
      .string(`expected an SQL condition; ${kinds}`)
      .pipe(sqlText)
      .describe("SQL condition that is true for every row: net <= gross"),
    nulls: z
      .enum(["pass", "fail"])
      .optional()
      .describe(
        "rows for which the condition is neither true nor false: not counted (pass, default), or broken (fail)",
      ),
    ...rowNotes,
  },
  "{assert: net <= gross}",
);

const reference = mapping(
  {
    in: mapping(
      {
        columns: columnNames.describe("the column, or columns, whose values must be found there"),
        data: paths.optional().describe("the other table: a path, glob, URI, or a list of them"),
        table: z.string().min(1).optional().describe("instead of data: a name under tables"),
        key: columnNames.optional().describe("the columns over there; default: those of the same names"),
      },
      "{columns: customer_id, data: customers.parquet, key: id}",
    ).describe("every row's values stand in a row of another table; rows with a missing value are left out"),
    ...rowNotes,
  },
  "{in: {columns: customer_id, data: customers.parquet, key: id}}",
);

const query = mapping(
  {
    sql: sqlText.describe(
      "SQL query over data, and the tables under tables, that returns the rows that are wrong: none is good",
    ),
    timeout: duration.optional().describe("how long it may run, such as 90s; default 30m"),
    ...notes,
  },
  "{sql: select * from data where amount < 0}",
);

const script = mapping(
  {
    script: z
      .union([
        z.string().superRefine((line, context) => {
          const problem = commandProblem(line);
          if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
        }),
        z.array(z.string()).min(1, "is empty"),
      ])
      .describe("program with its arguments, run without a shell; it prints a JSON verdict"),
    timeout: duration.optional().describe("how long it may run, such as 90s; default 5m"),
    env: z
      .array(z.string().regex(/^[A-Za-z_]\w*$/, "is no name of an environment variable"))
      .optional()
      .describe("names of environment variables that it gets beside the harmless ones"),
    ...notes,
  },
  "{script: python checks/plausible.py}",
);

const expectation = z.looseObject({
  expect: z
    .string()
    .regex(
      /^(expect_[a-z0-9_]+|unexpected_rows_expectation)$/,
      "is no name of an expectation such as expect_column_mean_to_be_between",
    )
    .describe("an expectation of Great Expectations; its kwargs stand beside it"),
  ...notes,
});

/** Rules on the table as a whole. */
export const tableCheck = z.union([assertion, reference, query, script, expectation]);
export type TableCheck = z.infer<typeof tableCheck>;
export type Assertion = z.infer<typeof assertion>;
export type Reference = z.infer<typeof reference>;
export type QueryCheck = z.infer<typeof query>;
export type ScriptForm = z.infer<typeof script>;
export type ExpectationForm = z.infer<typeof expectation>;

/** First of all: its kwargs may have any name. */
export function isExpectation(check: TableCheck): check is ExpectationForm {
  return "expect" in check;
}

export function isAssertion(check: TableCheck): check is Assertion {
  return "assert" in check && !isExpectation(check);
}

export function isReference(check: TableCheck): check is Reference {
  return "in" in check && !isExpectation(check);
}

export function isQuery(check: TableCheck): check is QueryCheck {
  return "sql" in check && !isExpectation(check);
}

export function isScript(check: TableCheck): check is ScriptForm {
  return "script" in check && !isExpectation(check);
}

import * as z from "zod";
import { columnCard, defaultRules } from "./column-card.ts";
import { comesLater, mapping, notes, rowNotes, tableRule } from "./forms.ts";
import { tableCheck } from "./table-checks-form.ts";
import { duration, paths } from "./values.ts";

const rowNumber = z.number("expected a number of rows").int("expected a whole number").nonnegative();
const mode = z.enum(["allow", "warn", "fail"]);
const uniqueSet = z.array(z.string().min(1)).min(1, "names no column");

const change = z
  .array(z.number("expected a ratio such as 0.5").nonnegative())
  .length(2, "expected a pair such as [0.5, 2]")
  .refine(([low = 0, high = 0]) => low <= high, "the first is more than the second");

const rows = mapping(
  {
    min: tableRule(rowNumber).optional().describe("rows needed; default 1, and 0 allows an empty table"),
    max: tableRule(rowNumber).optional().describe("rows allowed"),
    change: tableRule(change)
      .optional()
      .describe("rows as a ratio to those of the report given by --previous-report: [0.5, 2]"),
  },
  "{min: 1000, max: 2000000}",
);

const freshness = mapping(
  {
    column: z.string().min(1).describe("a date or timestamp; without a zone it is read as UTC"),
    max_age: duration.describe("how old the newest value may be: 24h, 7d"),
    max_future: duration
      .optional()
      .describe("how far any value may lie in the future, such as 5m; without it that is not judged"),
    ...notes,
  },
  "{column: event_ts, max_age: 24h}",
);

/** A contract as it is written, before it is asked whether its parts fit each other. */
export const contractForm = z.strictObject({
  data: paths
    .optional()
    .describe(
      "what is judged where no --data-path is given: path, glob, folder, URI, or a list; environment variables as $NAME in braces",
    ),
  tables: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, "is no plain name: letters, digits and _"), paths)
    .optional()
    .describe("other tables by the names that sql and in checks call them: {customers: customers.parquet}"),
  rows: rows.optional().describe("how many rows there are"),
  freshness: freshness.optional().describe("how old the newest row is"),
  extra_columns: mode.optional().describe("columns without a card: allow (default), warn or fail"),
  column_order: mode
    .optional()
    .describe("columns that stand in another order than their cards: allow (default), warn or fail"),
  defaults: defaultRules
    .optional()
    .describe("rules for every column, and the severity of every rule, that say nothing else"),
  columns: z.array(columnCard).optional().describe("one card a column, with its rules"),
  unique: z
    .array(z.union([uniqueSet, mapping({ columns: uniqueSet, ...rowNotes }, "[tenant, order_id]")]))
    .optional()
    .describe("sets of columns in which no two rows are alike: [[tenant, order_id]]"),
  checks: z
    .array(tableCheck)
    .optional()
    .describe("rules on rows and on the table: assert, in, sql, script, expect"),
  suites: z
    .array(z.string().min(1))
    .optional()
    .describe("suites of Great Expectations: paths of their JSON files"),
  reference: comesLater(),
  label: comesLater(),
  split: comesLater(),
  segments: comesLater(),
});
export type ContractSource = z.infer<typeof contractForm>;

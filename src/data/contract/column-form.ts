import * as z from "zod";
import {
  comesLater,
  countRange,
  figureNotes,
  figureRange,
  lengthRange,
  mapping,
  rowRule,
  shareRange,
  tableRule,
} from "./forms.ts";
import { quantileShares } from "./quantile-shares.ts";
import { bound, declaredType, scalar, share, sqlText } from "./values.ts";

const pattern = z.string("expected a regular expression as text").min(1, "is empty: it would match all");
const flag = z.boolean("expected true or false");
const scalars = z.array(scalar).min(1, "is empty: no value would be allowed");

const nulls = z.union([
  z.enum(["never", "allow"], "expected never, allow, or settings such as {max_ratio: 5%}"),
  mapping({ max_ratio: share, ...figureNotes }, "{max_ratio: 5%}"),
  mapping({ value: z.union([z.enum(["never", "allow"]), share]), ...figureNotes }, "{value: 5%}"),
]);

const order = z.enum(["increasing", "strictly_increasing", "decreasing", "strictly_decreasing"]);

/** The rules that a column can have; `defaults` has them too. */
export const columnRules = {
  required: tableRule(flag).optional().describe("false: the column may be missing from the data"),
  type: rowRule(declaredType).optional().describe("what the column holds; of text, each value is read as it"),
  nulls: nulls.optional().describe("missing values (NaN too): never, allow, or {max_ratio: 5%}"),
  infinite: rowRule(z.enum(["never", "allow"]))
    .optional()
    .describe("infinite numbers: never (default) or allow"),
  min: rowRule(bound).optional().describe("no value below this number, date or timestamp"),
  max: rowRule(bound).optional().describe("no value above this"),
  greater_than: rowRule(bound).optional().describe("every value above this, itself excluded"),
  less_than: rowRule(bound).optional().describe("every value below this, itself excluded"),
  values: rowRule(scalars).optional().describe("every value is one of these"),
  not_values: rowRule(scalars).optional().describe("no value is one of these"),
  pattern: rowRule(pattern)
    .optional()
    .describe("a regular expression that is found in every value; anchor it with ^ and $"),
  not_pattern: rowRule(pattern).optional().describe("a regular expression that is found in no value"),
  length: lengthRange.optional().describe("characters of each value: a number, or {min, max}"),
  unique: rowRule(flag).optional().describe("true: no two rows have one value"),
  order: rowRule(order)
    .optional()
    .describe("how the values go on from row to row, in the order of the files"),
  mean: figureRange.optional().describe("mean of the values: a number, or {min, max}"),
  median: figureRange.optional().describe("median of the values"),
  stdev: figureRange.optional().describe("standard deviation of the values (n - 1)"),
  sum: figureRange.optional().describe("sum of the values"),
  distinct: countRange.optional().describe("number of different values"),
  distinct_ratio: shareRange.optional().describe("different values as a share 0..1 of the values"),
  quantiles: quantileShares
    .optional()
    .describe("values at shares of the rows: {0.5: {min: 20, max: 40}, 0.99: {max: 90}}"),
};

/** The rules as they are written, each in one of its forms. */
export type WrittenRules = z.infer<z.ZodObject<typeof columnRules>>;

/** One card as it is written, before it is asked whether its rules fit each other. */
export const cardForm = z.strictObject({
  name: z
    .string()
    .min(1)
    .optional()
    .describe(
      "the column; a field in a struct by its path, address.city; elements of a list by items[], their fields by items[].price",
    ),
  match: z
    .string()
    .min(1)
    .optional()
    .describe("instead of name: all columns of this form, * and ? stand for any characters"),
  description: z.string().optional().describe("what the column holds; shown in reports beside required"),
  when: sqlText
    .optional()
    .describe("SQL condition: the rules of this card judge only rows for which it is true"),
  ...columnRules,
  drift: comesLater(),
  pii: comesLater(),
});
export type ColumnCard = z.infer<typeof cardForm>;

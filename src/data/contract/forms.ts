import * as z from "zod";
import { severity, share, sqlText } from "./values.ts";

/** What may stand beside every rule. */
export const notes = {
  severity: severity
    .optional()
    .describe("fail (default): the job fails; warn, info: reported only, the verdict stays pass"),
  name: z.string().min(1).optional().describe("what reports call the rule"),
  description: z.string().optional().describe("why the rule is there; shown in reports"),
};

const when = sqlText
  .optional()
  .describe("SQL condition over the columns: only rows for which it is true are judged");
const allow = share.optional().describe("share of the judged rows that may break the rule: 0.001 or 0.1%");

/** Beside a rule on rows. */
export const rowNotes = { allow, ...notes, when };

/** Beside a rule on a figure of many rows, where no row can be let off. */
export const figureNotes = { ...notes, when };

/** A mapping that says by `sample` what it should look like where something else stands. */
export function mapping<T extends z.core.$ZodShape>(shape: T, sample: string) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === "invalid_type" ? `expected settings such as ${sample}` : undefined),
  });
}

/** A rule on rows: `max: 10`, or `max: {value: 10, allow: 0.1%, severity: warn, name: not too old}`. */
export function rowRule<T extends z.ZodType>(value: T) {
  return z.union([value, mapping({ value, ...rowNotes }, "{value: …, allow: 1%, severity: warn}")]);
}

/** A rule on the table, where there is no row to let off and none to choose. */
export function tableRule<T extends z.ZodType>(value: T) {
  return z.union([value, mapping({ value, ...notes }, "{value: …, severity: warn}")]);
}

function checkEnds(ends: object, context: z.core.$RefinementCtx): void {
  const [min, max] = [endOf(ends, "min"), endOf(ends, "max")];
  const isEmpty = min === undefined && max === undefined;
  const isReversed = min !== undefined && max !== undefined && min > max;
  if (!isEmpty && !isReversed) return;
  const message = isEmpty ? "gives neither min nor max" : `${min} is more than max ${max}`;
  context.addIssue({ code: "custom", path: ["min"], message });
}

function endOf(ends: object, key: "min" | "max"): number | undefined {
  const value: unknown = Object.entries(ends).find(([name]) => name === key)?.[1];
  return typeof value === "number" ? value : undefined;
}

/** Exactly a number, or from min to max, with the notes beside them or around them. Both ends belong to the range. */
function rangeRule<N extends z.ZodType<number>, M extends z.core.$ZodShape>(end: N, beside: M) {
  const ends = {
    min: end.optional().describe("at least this, itself included"),
    max: end.optional().describe("at most this, itself included"),
  };
  const plain = mapping(ends, "{min: 1, max: 5}").superRefine(checkEnds);
  return z.union([
    end,
    mapping({ ...ends, ...beside }, "{min: 1, max: 5}").superRefine((rule, context) => {
      checkEnds(rule, context);
    }),
    mapping({ value: z.union([end, plain]), ...beside }, "{value: {min: 1, max: 5}, severity: warn}"),
  ]);
}

const finite = z.number("expected a number");
const natural = z.number("expected a whole number").int("expected a whole number").nonnegative();
const portion = z.number("expected a share from 0 to 1").min(0).max(1);

/** `mean: 5`, `mean: {min: 1, max: 5}`, `mean: {value: {min: 1}, severity: warn}`. */
export const figureRange = rangeRule(finite, figureNotes);
/** The same of a number of something. */
export const countRange = rangeRule(natural, figureNotes);
/** The same of a share 0..1. */
export const shareRange = rangeRule(portion, figureNotes);
/** The same for each row's value. */
export const lengthRange = rangeRule(natural, rowNotes);

/** Keys that a later version brings: known, but refused. */
export function comesLater() {
  return z.never("comes with a later version of mlops; take it out for now").optional();
}

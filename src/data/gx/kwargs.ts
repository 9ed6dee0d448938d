import * as z from "zod";

/** A bound after coercion: a number, a date or a timestamp. ISO 8601 text, timestamps with `T`. */
export type Bound = number | { readonly date: string } | { readonly timestamp: string };

const dateForm = /^\d{4}-\d{2}-\d{2}$/;
const timestampForm = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?$/;

/** ISO text as a date or a timestamp; undefined where it is neither. */
export function timeOf(text: string): { readonly date: string } | { readonly timestamp: string } | undefined {
  if (dateForm.test(text)) return isDay(text) ? { date: text } : undefined;
  const parts = timestampForm.exec(text);
  if (parts === null) return undefined;
  const [, day = "", clock = "", zone = ""] = parts;
  if (!isDay(day) || Number.isNaN(Date.parse(`${day}T${clock.slice(0, 12)}${zone}`))) return undefined;
  return { timestamp: `${day}T${clock}${zone}` };
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

const numberForm = /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i;

/** `3`, `"3"` -> 3, `true` -> 1, `"2020-01-02"` -> a date, with a clock -> a timestamp. */
function boundOf(written: unknown): Bound | undefined {
  if (typeof written === "number") return written;
  if (typeof written === "boolean") return written ? 1 : 0;
  if (typeof written !== "string") return undefined;
  const text = written.trim();
  if (numberForm.test(text)) return Number(text);
  return timeOf(text);
}

const bound = z.unknown().transform((written, context): Bound => {
  const found = boundOf(written);
  if (found !== undefined) return found;
  context.addIssue({ code: "custom", message: "expected a number, or a date or timestamp in ISO 8601" });
  return z.NEVER;
});

/** Null says the same as nothing. */
function optional<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((written) => written ?? undefined, schema.optional());
}

/** `min_value`, `max_value`, `strict_min`, `strict_max`: spread into a rule's strict object. */
export const boundKwargs = {
  min_value: optional(bound),
  max_value: optional(bound),
  strict_min: optional(z.boolean()),
  strict_max: optional(z.boolean()),
};

export interface Bounds {
  readonly min_value?: Bound | undefined;
  readonly max_value?: Bound | undefined;
  readonly strict_min?: boolean | undefined;
  readonly strict_max?: boolean | undefined;
}

/** A whole number; 3.0 and "3" are one. */
export const wholeNumber = z.union([
  z.int(),
  z
    .string()
    .regex(/^\s*[+-]?\d+\s*$/, "expected a whole number")
    .transform(Number),
]);

/** Share 0..1 of the values that have to be good; `true` is 1. */
export const mostly = optional(
  z.union([
    z.boolean().transform(Number),
    z.number().min(0).max(1),
    z.string().transform(Number).pipe(z.number().min(0).max(1)),
  ]),
).transform((share) => share ?? 1);

export const columnName = z.string().min(1);
export const columnList = z.array(columnName).min(2, "needs two columns or more");

/** A member of a value set. ISO text stays text: what it is, the column decides. */
export const member = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export const valueSet = z.array(member);

export const optionalText = optional(z.string());
export const optionalFlag = optional(z.boolean());
export const optionalWholeNumber = optional(wholeNumber);

/** A bound for people and for the result of Great Expectations. */
export function plainBound(value: Bound): string | number {
  if (typeof value === "number") return value;
  return "date" in value ? value.date : value.timestamp;
}

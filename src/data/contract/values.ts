import * as z from "zod";

export const severity = z.enum(["fail", "warn", "info"]);
export type Severity = z.infer<typeof severity>;

export const logicalType = z.enum(["integer", "double", "decimal", "string", "boolean", "date", "timestamp"]);
export type LogicalType = z.infer<typeof logicalType>;

/** What a card may call the type of a column; the last ones hold values that only `nulls` and `type` can judge. */
export const declaredType = z.enum([...logicalType.options, "list", "struct", "map", "binary"]);
export type DeclaredType = z.infer<typeof declaredType>;

/** A share 0..1. Plain `5` is refused: it could mean 5 or 5 %. */
export const share = z.union([
  z
    .number("expected a share such as 0.05 or 5%")
    .min(0)
    .max(1, "is ambiguous: write a share such as 0.05, or 5%"),
  z
    .string("expected a share such as 0.05 or 5%")
    .regex(/^\s*(\d+(\.\d+)?|\.\d+)\s*%\s*$/, "expected a share such as 0.05 or 5%")
    .transform((text) => Number.parseFloat(text) / 100)
    .refine((value) => value <= 1, "is more than 100%"),
]);

const unitsMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
const durationForm = /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/;

/** A time span in milliseconds, written with its unit. */
export const duration = z
  .string("expected a time span with its unit, such as 24h or 7d")
  .regex(durationForm, "expected a time span with its unit, such as 90s, 30m, 24h, 7d or 2w")
  .transform((text) => {
    const [, amount = "0", unit = "s"] = durationForm.exec(text) ?? [];
    return Number(amount) * (unitsMs[unit as keyof typeof unitsMs] ?? 0);
  });

const isoForm = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function isRealTime(text: string): boolean {
  if (!isoForm.test(text)) return false;
  const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const clock = text.length === 10 ? true : !Number.isNaN(Date.parse(text.replace(" ", "T")));
  return clock && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
}

const boundWords = "expected a number, a date such as 2026-01-31, or a timestamp in ISO 8601";

export const bound = z.union([z.number(boundWords), z.string(boundWords).refine(isRealTime, boundWords)]);
export type Bound = z.infer<typeof bound>;

const scalarWords = "expected a text, a number, true or false";
export const scalar = z.union([z.string(scalarWords), z.number(scalarWords), z.boolean(scalarWords)]);
export type Scalar = z.infer<typeof scalar>;

/** An SQL expression or query. What it means is the engine's business; that there is none can be seen here. */
export const sqlText = z
  .string("expected SQL as text")
  .refine((text) => withoutComments(text).trim() !== "", "is empty: expected SQL");

function withoutComments(sql: string): string {
  return sql.replace(/--[^\n]*/g, " ").replace(/\/\*[\s\S]*?\*\//g, " ");
}

/** A file, glob, folder or URI, or several that are one table. */
export const paths = z.union([
  z.string("expected a path, or a list of paths").min(1, "is empty"),
  z.array(z.string().min(1)).min(1, "is empty: no data is named"),
]);

/** Names of columns; one may stand alone. */
export const columnNames = z.union([
  z.string("expected the name of a column, or a list of names").min(1, "is empty"),
  z.array(z.string().min(1)).min(1, "is empty: no column is named"),
]);

/**
 * Milliseconds since 1970 of a date or timestamp, as contracts and engines write them; without a zone it is UTC.
 * undefined for what is no time, `infinity` among it.
 */
export function instantOf(text: string): number | undefined {
  const parts =
    /^(\d{4,6}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(\.\d+)?(Z|[+-]\d{2}(?::?\d{2})?)?)?$/.exec(text);
  if (parts === null) return undefined;
  const [, day = "", clock = "00:00", fraction = "", zone = "Z"] = parts;
  const offset = /^([+-]\d{2}):?(\d{2})?$/.exec(zone);
  const suffix = offset === null ? "Z" : `${offset[1]}:${offset[2] ?? "00"}`;
  const instant = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${suffix}`);
  return Number.isNaN(instant) ? undefined : instant;
}

/** Whether a column of `type` can be compared with `value`. */
export function boundFits(value: Bound, type: LogicalType): boolean {
  if (type === "date" || type === "timestamp") return typeof value === "string";
  return typeof value === "number" && isNumeric(type);
}

/** Whether a column of `type` can hold `value`. */
export function valueFits(value: Scalar, type: LogicalType): boolean {
  switch (type) {
    case "string":
      return true;
    case "boolean":
      return typeof value === "boolean";
    case "date":
    case "timestamp":
      return typeof value === "string" && isRealTime(value);
    default:
      return typeof value === "number";
  }
}

/** Whether values of `type` can be added up. */
export function isNumeric(type: string): boolean {
  return type === "integer" || type === "double" || type === "decimal";
}

/** One of something, or several: as a list. */
export function listOf<T extends string>(value: T | readonly T[]): readonly T[] {
  return typeof value === "string" ? [value] : value;
}

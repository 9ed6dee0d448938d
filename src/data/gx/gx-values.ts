import type { ColumnType } from "../plan/column.ts";
import type { Value } from "../plan/measure.ts";

/**
 * A cell as Great Expectations' JSON has it: decimals as numbers, times as ISO 8601 text, infinities as words (they have no
 * JSON), NaN as null. Whole numbers beyond 2^53 stay text, with every digit.
 */
export function gxValue(value: Value, type: ColumnType | undefined): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return finite(value);
  if (typeof value !== "string") return jsonValue(value);
  if (type === "decimal" || type === "integer" || type === "double") {
    const number = Number(value);
    return value.trim() === "" || Number.isNaN(number) ? value : finite(number);
  }
  return type === "timestamp" ? isoText(value) : value;
}

/** `2020-01-02 03:04:05.5+00` -> `2020-01-02T03:04:05.500000+00:00`, as Python writes it. */
function isoText(text: string): string {
  const parts = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?([+-]\d{2}(?::?\d{2})?|Z)?$/.exec(
    text,
  );
  if (parts === null) return text;
  const [, day = "", clock = "", fraction = "", zone = ""] = parts;
  const digits = fraction.replace(/0+$/, "");
  const shown = digits === "" ? "" : `.${digits.padEnd(digits.length > 6 ? 9 : 6, "0")}`;
  const offset = /^[+-]\d{2}$/.test(zone) ? `${zone}:00` : zone.replace("Z", "+00:00");
  return `${day}T${clock}${shown}${offset}`;
}

function finite(number: number): number | string | null {
  if (Number.isNaN(number)) return null;
  return Number.isFinite(number) ? number : String(number);
}

/** Anything as JSON can hold it, with the same rules; `undefined` members are left out. */
export function jsonValue(value: unknown): unknown {
  return gxJson(value, undefined);
}

/** `jsonValue` of what holds values of a column of `type`. */
export function gxJson(value: unknown, type: ColumnType | undefined): unknown {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "string")
    return gxValue(value, type);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((item: unknown) => gxJson(item, type));
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, gxJson(item, type)]),
  );
}

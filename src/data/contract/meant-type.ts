import { rulesOf } from "./column-rules.ts";
import type { ColumnCard, LogicalType } from "./contract.ts";

/** What the rules of a card say about the type of a column whose text has none. */
export function meantType(card: ColumnCard | undefined): LogicalType | undefined {
  if (card === undefined) return undefined;
  const { type, min, max, values } = rulesOf(card);
  if (type !== undefined) return type.value;
  const bounds = [min, max].flatMap((rule) => (rule === undefined ? [] : [rule.value]));
  if (bounds.some((bound) => typeof bound === "number")) return "double";
  if (bounds.length > 0) return bounds.every((bound) => String(bound).length === 10) ? "date" : "timestamp";
  if (values === undefined) return undefined;
  if (values.value.every((value) => typeof value === "number")) return "double";
  return values.value.every((value) => typeof value === "boolean") ? "boolean" : "string";
}

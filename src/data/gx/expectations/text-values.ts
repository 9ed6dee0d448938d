import type { PlanColumn } from "../../plan/column.ts";

/**
 * Whether the text of a value is the same for everybody: text itself, all of a CSV, whole numbers and dates. How Python
 * writes a float, a truth or a timestamp is its own way, and SQL engines refuse them all.
 */
export function hasText(column: PlanColumn): boolean {
  return column.storage === "text" || ["string", "integer", "date"].includes(column.type);
}

/** Whether Python would see text: what a CSV holds is text unless all of it are numbers or truths. */
export function isTextToPython(column: PlanColumn): boolean {
  if (column.storage === "typed") return column.type === "string";
  return column.type === "string" || column.type === "date" || column.type === "timestamp";
}

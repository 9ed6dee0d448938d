import type { LogicalType } from "../contract/values.ts";

/** What a column is for the rules; `other` is a list, a struct, bytes: only nulls and its type can be judged. */
export type ColumnType = LogicalType | "other";

/** A column as the plan knows it; which engine reads it, and how, is not its business. */
export interface PlanColumn {
  /** The name in the file; for a field in a struct its path, `address.city`. */
  readonly name: string;
  /** Set for a field in a struct: the top-level column and the names below it. */
  readonly path?: readonly string[];
  /** `text`: every value is text and is read as `type`; what cannot be read so is mistyped. */
  readonly storage: "text" | "typed";
  readonly type: ColumnType;
  /** The type of a text column: written in the contract, meant by its rules, or found in the first rows. */
  readonly origin: "declared" | "implied" | "inferred" | "stored";
  /** The type in the file; undefined for CSV, which stores none. */
  readonly storedType: ColumnType | undefined;
  /** Text that is read as decimals: the digits behind the point, so many that no value is rounded; undefined: read as doubles. */
  readonly fractionDigits?: number;
  /** The engine's name of the stored type, for messages. */
  readonly storedAs: string;
}

/** Whether a column stored as `actual` holds only what `declared` promises: an integer is a double, a date a timestamp. */
export function isOfType(actual: ColumnType, declared: LogicalType): boolean {
  if (actual === declared) return true;
  if (declared === "double") return actual === "integer" || actual === "decimal";
  if (declared === "decimal") return actual === "integer";
  return declared === "timestamp" && actual === "date";
}

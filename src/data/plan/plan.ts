import type { Bound, LogicalType, Scalar, Severity } from "../contract/contract.ts";

/** What a column is for the rules; `other` is a list, a struct, bytes: only nulls and its type can be judged. */
export type ColumnType = LogicalType | "other";

/** A column as the plan knows it; which engine reads it, and how, is not its business. */
export interface PlanColumn {
  readonly name: string;
  /** `text`: every value is text and is read as `type`; what cannot be read so is mistyped. */
  readonly storage: "text" | "typed";
  readonly type: ColumnType;
  /** The type of a text column: written in the contract, meant by its rules, or found in the first rows. */
  readonly origin: "declared" | "implied" | "inferred" | "stored";
  /** The type in the file; undefined for CSV, which stores none. */
  readonly storedType: ColumnType | undefined;
  /** The engine's name of the stored type, for messages. */
  readonly storedAs: string;
}

export type CheckKind =
  | "schema"
  | "type"
  | "nulls"
  | "infinite"
  | "range"
  | "values"
  | "unique"
  | "row_count";

interface CheckCommon {
  readonly name: string;
  readonly severity: Severity;
  /** Share 0..1 of the judged rows that may fail. */
  readonly allow: number;
  /** Not written by anybody: a default of the program. */
  readonly isDefault: boolean;
}

/** One rule, ready to be measured. `column` is a name in `Plan.columns`. */
export type PlannedCheck = CheckCommon &
  (
    | { readonly rule: "required"; readonly column: string; readonly isPresent: boolean }
    | { readonly rule: "extra"; readonly columns: readonly string[] }
    | { readonly rule: "type"; readonly column: string; readonly declared: LogicalType }
    | { readonly rule: "nulls"; readonly column: string; readonly maxRatio: number }
    | { readonly rule: "infinite"; readonly column: string }
    | { readonly rule: "min" | "max"; readonly column: string; readonly bound: Bound }
    | { readonly rule: "values"; readonly column: string; readonly values: readonly Scalar[] }
    | { readonly rule: "unique"; readonly columns: readonly string[] }
    | { readonly rule: "rows-min" | "rows-max"; readonly limit: number }
    /** A rule that cannot be judged: `skipped` where another check says why already, `error` otherwise. */
    | {
        readonly rule: "unjudged";
        readonly kind: CheckKind;
        readonly column: string | null;
        readonly verdict: "skipped" | "error";
        readonly reason: string;
        readonly limit: Limit;
      }
  );

export type Limit = string | number | boolean | null | readonly Scalar[];

export interface Plan {
  readonly columns: readonly PlanColumn[];
  readonly checks: readonly PlannedCheck[];
}

const kinds = {
  required: "schema",
  extra: "schema",
  type: "type",
  nulls: "nulls",
  infinite: "infinite",
  min: "range",
  max: "range",
  values: "values",
  unique: "unique",
  "rows-min": "row_count",
  "rows-max": "row_count",
} as const satisfies Record<string, CheckKind>;

export function kindOf(check: PlannedCheck): CheckKind {
  return check.rule === "unjudged" ? check.kind : kinds[check.rule];
}

/** The column that a check is about; null for checks of the table or of several columns. */
export function columnOf(check: PlannedCheck): string | null {
  switch (check.rule) {
    case "extra":
    case "rows-min":
    case "rows-max":
      return null;
    case "unique":
      return check.columns.length === 1 ? (check.columns[0] ?? null) : null;
    default:
      return check.column;
  }
}

/** What the check compares with, as the report shows it. */
export function limitOf(check: PlannedCheck): Limit {
  switch (check.rule) {
    case "required":
      return "present";
    case "extra":
      return [];
    case "type":
      return check.declared;
    case "nulls":
      return check.maxRatio;
    case "infinite":
    case "unique":
      return 0;
    case "min":
    case "max":
      return check.bound;
    case "values":
      return check.values;
    case "rows-min":
    case "rows-max":
    case "unjudged":
      return check.limit;
  }
}

/** Whether a column stored as `actual` holds only what `declared` promises: an integer is a double, a date a timestamp. */
export function isOfType(actual: ColumnType, declared: LogicalType): boolean {
  if (actual === declared) return true;
  if (declared === "double") return actual === "integer" || actual === "decimal";
  if (declared === "decimal") return actual === "integer";
  return declared === "timestamp" && actual === "date";
}

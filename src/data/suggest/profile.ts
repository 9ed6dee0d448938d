import type { ColumnType } from "../plan/column.ts";

/** What was measured of a table; the first contract is drawn from it. */
export interface TableProfile {
  readonly rows: number;
  readonly columns: readonly ColumnProfile[];
}

export interface ColumnProfile {
  readonly name: string;
  /** Text of which one value cannot be read as its inferred type is `string`. */
  readonly type: ColumnType;
  /** The engine's name of the type, for comments. */
  readonly storedAs: string;
  /** Null, and NaN among numbers. */
  readonly missing: number;
  readonly infinite: number;
  /** Different values, without missing ones. Undefined for types whose values are not judged. */
  readonly distinct: number | undefined;
  /** Smallest and largest value of numbers, without infinities, and of dates and timestamps as ISO text. */
  readonly range: { readonly min: number | string; readonly max: number | string } | undefined;
  /** Of texts, in characters. */
  readonly lengths: { readonly min: number; readonly max: number } | undefined;
  /** All values with their numbers of rows; only where they are few. */
  readonly frequencies:
    | readonly { readonly value: string | number | boolean; readonly count: number }[]
    | undefined;
  /** Name of the form that every text has. */
  readonly form: TextForm | undefined;
}

export type TextForm = "uuid" | "email" | "date" | "timestamp" | "digits" | "hexadecimal";

/** The forms that are looked for, the narrowest first. RE2, and no value of anybody's data. */
export const textForms: Readonly<Record<TextForm, string>> = {
  uuid: "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$",
  email: "^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$",
  date: "^\\d{4}-\\d{2}-\\d{2}$",
  timestamp: "^\\d{4}-\\d{2}-\\d{2}[T ]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?(Z|[+-]\\d{2}:?\\d{2})?$",
  digits: "^\\d+$",
  hexadecimal: "^[0-9a-fA-F]+$",
};

import type { LogicalType } from "../contract/values.ts";

/** What a column is for the rules; `other` is a list, a struct, bytes: only nulls and its type can be judged. */
export type ColumnType = LogicalType | "other";

/** A list in the rows of a table; its elements can stand where rows stand. A missing list has none. */
export interface ElementList {
  /** As a contract writes it: `items[]`, `items[].tags[]`, `matrix[][]`. */
  readonly name: string;
  /** The top-level column and the names of fields below it; in elements of another list, the names below those (maybe none). */
  readonly path: readonly string[];
  /** The elements of a map are its entries: structs of `key` and `value`. */
  readonly of: "list" | "map";
  /** The list whose elements hold this one. */
  readonly within?: ElementList;
}

/** A column as the plan knows it; which engine reads it, and how, is not its business. */
export interface PlanColumn {
  /** The name in the file; for a field in a struct its path, `address.city`; for elements theirs, `items[].price`. */
  readonly name: string;
  /** Set for a field in a struct: the top-level column and the names below it. Of elements: the list's name and those below. */
  readonly path?: readonly string[];
  /** Set for elements, or fields of them: there is a value for each element of this list, not for each row. */
  readonly list?: ElementList;
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

/** The lists that are gone through to the elements of `list`, the outermost first, itself the last. */
export function listsTo(list: ElementList): ElementList[] {
  return [...(list.within === undefined ? [] : listsTo(list.within)), list];
}

/** The innermost list that `columns` are of: a column of a row, or of an outer list, has one value for all elements in it. */
export function innermostList(columns: readonly PlanColumn[]): ElementList | undefined {
  const lists = columns.flatMap((column) => column.list ?? []);
  return lists.toSorted((a, b) => listsTo(b).length - listsTo(a).length)[0];
}

/** Whether a column stored as `actual` holds only what `declared` promises: an integer is a double, a date a timestamp. */
export function isOfType(actual: ColumnType, declared: LogicalType): boolean {
  if (actual === declared) return true;
  if (declared === "double") return actual === "integer" || actual === "decimal";
  if (declared === "decimal") return actual === "integer";
  return declared === "timestamp" && actual === "date";
}

import type { ResultFormat } from "./result-format.ts";
import { partialCount, type UnexpectedRows } from "./unexpected-rows.ts";

export interface ListOptions {
  readonly format: ResultFormat;
  readonly indexColumns: readonly string[];
  /** The table's own name of a column that the suite may write in another case. */
  readonly nameOf: (column: string) => string;
}

const nothing: UnexpectedRows = { rows: [], counts: [] };

/**
 * The lists of single values in the result of an expectation on values, as much of them as the format has: from BASIC the
 * first 20, from SUMMARY how often each occurs and which rows they are, in COMPLETE all. Rows are named by their number,
 * or by the values of the index columns beside those of the expectation.
 */
export function listsOf(
  kwargs: Readonly<Record<string, unknown>>,
  found: UnexpectedRows | undefined,
  { format, indexColumns, nameOf }: ListOptions,
): Readonly<Record<string, unknown>> {
  const { rows, counts } = found ?? nothing;
  const names = columnsOf(kwargs).map(nameOf);
  const shape = Array.isArray(kwargs["column_list"]) ? "record" : "value";
  const values = rows.map((row) => shaped(row.values, names, shape));
  const basic = {
    partial_unexpected_list: values.slice(0, partialCount),
    ...(indexColumns.length === 0 ? {} : { unexpected_index_column_names: indexColumns }),
  };
  if (format === "BASIC" || format === "BOOLEAN_ONLY") return basic;
  const index = rows.map((row) =>
    indexColumns.length === 0
      ? row.position
      : { ...recordOf(row.values, names), ...recordOf(row.index, indexColumns) },
  );
  const ordered = sorted(counts);
  const summary = {
    ...basic,
    ...(ordered === undefined ? {} : { partial_unexpected_counts: ordered }),
    partial_unexpected_index_list: index.slice(0, partialCount),
  };
  if (format === "SUMMARY") return summary;
  const positions = rows.map((row) => row.position).join(", ");
  return {
    ...summary,
    unexpected_list: values,
    unexpected_index_list: index,
    unexpected_index_query: `df.filter(items=[${positions}], axis=0)`,
  };
}

function columnsOf(kwargs: Readonly<Record<string, unknown>>): string[] {
  const list: unknown[] = Array.isArray(kwargs["column_list"])
    ? kwargs["column_list"]
    : [kwargs["column"], kwargs["column_A"], kwargs["column_B"]];
  return list.filter((name) => typeof name === "string");
}

/** A value, a pair as a list, several columns as a record. */
function shaped(values: readonly unknown[], names: readonly string[], shape: "record" | "value"): unknown {
  if (shape === "record") return recordOf(values, names);
  return values.length === 1 ? values[0] : values;
}

function recordOf(values: readonly unknown[], names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

/** Most frequent first, then by value; undefined where values of one count have no order, as text and null have none. */
function sorted(counts: UnexpectedRows["counts"]): { value: unknown; count: number }[] | undefined {
  let isOrdered = true;
  const order = (a: UnexpectedRows["counts"][number], b: UnexpectedRows["counts"][number]): number => {
    if (a.count !== b.count) return b.count - a.count;
    const found = compareTuples(a.values, b.values);
    if (found === undefined) isOrdered = false;
    return found ?? 0;
  };
  const found = counts.toSorted(order).map(({ values, count }) => ({
    value: values.length === 1 ? values[0] : values,
    count,
  }));
  return isOrdered ? found : undefined;
}

function compareTuples(left: readonly unknown[], right: readonly unknown[]): number | undefined {
  for (const [index, value] of left.entries()) {
    const order = compareCells(value, right[index]);
    if (order !== 0) return order;
  }
  return 0;
}

function compareCells(left: unknown, right: unknown): number | undefined {
  if (left === right) return 0;
  if (typeof left === "string" && typeof right === "string") return left < right ? -1 : 1;
  const [a, b] = [left, right].map((value) => (typeof value === "boolean" ? Number(value) : value));
  if (typeof a === "number" && typeof b === "number") return a - b;
  // A null in a column of numbers is NaN to pandas: nothing is more or less than it.
  const isNumberOrNull = (value: unknown) => typeof value === "number" || value === null;
  return isNumberOrNull(a) && isNumberOrNull(b) ? 0 : undefined;
}

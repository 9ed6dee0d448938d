import { type ContractDraft, type DraftNotes, listAt, type Plain, textAt, tidyShare } from "./draft.ts";

/** An expectation about the whole table, or about several columns. */
export interface TableExpectation {
  readonly type: string;
  readonly kwargs: Plain;
  /** Undefined where it is no number. */
  readonly mostly: number | undefined;
  readonly notes: DraftNotes;
}

/** Puts an expectation down as a rule on the table; false where the contract cannot say the same, or says it already. */
export function importTableExpectation(draft: ContractDraft, one: TableExpectation): boolean {
  const { type, kwargs } = one;
  switch (type) {
    case "expect_table_row_count_to_be_between":
      return importRows(draft, one, { min: kwargs["min_value"], max: kwargs["max_value"] });
    case "expect_table_row_count_to_equal":
      return importRows(draft, one, { min: kwargs["value"], max: kwargs["value"] });
    case "expect_compound_columns_to_be_unique":
      return importUniqueSet(draft, one);
    case "expect_table_columns_to_match_set":
      return importColumnSet(draft, one);
    case "unexpected_rows_expectation":
      return importQuery(draft, one);
    default:
      return false;
  }
}

function importRows(
  draft: ContractDraft,
  { kwargs, notes }: TableExpectation,
  ends: { readonly min: unknown; readonly max: unknown },
): boolean {
  if (kwargs["strict_min"] === true || kwargs["strict_max"] === true) return false;
  const given = (["min", "max"] as const).filter((key) => ends[key] !== undefined && ends[key] !== null);
  if (!given.every((key) => Number.isInteger(ends[key]))) return false;
  return given.map((key) => draft.rows(key, { ...notes, value: ends[key] })).every(Boolean);
}

/** By default only rows without any value are left out there; here a row that misses one is nobody's duplicate. */
function importUniqueSet(draft: ContractDraft, { kwargs, mostly, notes }: TableExpectation): boolean {
  const columns = listAt(kwargs, "column_list").filter((column) => typeof column === "string");
  if (columns.length < 2 || kwargs["ignore_row_if"] !== "any_value_is_missing" || mostly === undefined)
    return false;
  draft.unique(columns, { ...notes, allow: tidyShare(1 - mostly) });
  return true;
}

/** These columns and no other. */
function importColumnSet(draft: ContractDraft, { kwargs, notes }: TableExpectation): boolean {
  const columns = listAt(kwargs, "column_set").filter((column) => typeof column === "string");
  const mode = notes.severity === undefined ? "fail" : notes.severity;
  if (columns.length === 0 || kwargs["exact_match"] === false || mode === "info") return false;
  if (notes.name !== undefined || notes.description !== undefined) return false;
  if (!draft.table("extra_columns", mode)) return false;
  for (const column of columns) draft.rule(column, "required", { value: true, severity: mode });
  return true;
}

/** A query for the rows that break a rule; `{batch}` is the table. */
function importQuery(draft: ContractDraft, { kwargs, notes }: TableExpectation): boolean {
  const query = textAt(kwargs, "unexpected_rows_query");
  if (query === undefined || Object.keys(kwargs).length > 1) return false;
  const assertion = /^SELECT \* FROM \{batch\} WHERE NOT \((.*)\)$/is.exec(query.trim())?.[1];
  const rule = assertion === undefined ? { sql: query.replaceAll("{batch}", "data") } : { assert: assertion };
  const given = Object.entries(notes).filter(
    ([key, value]) => value !== undefined && !(key === "severity" && value === "fail"),
  );
  draft.check({ ...rule, ...Object.fromEntries(given) });
  return true;
}

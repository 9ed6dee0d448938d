import {
  ContractDraft,
  entryFor,
  type ImportedDraft,
  isPlain,
  listAt,
  type Plain,
  plainAt,
  textAt,
} from "./draft.ts";
import { importQuality } from "./odcs-quality.ts";
import { type SodaCheck, sodaChecks, toOdcsRule } from "./soda-checks.ts";
import { typeOfName } from "./type-names.ts";

/** A Soda contract of version 4. Its metrics are those of ODCS by other names, and are carried over as those are. */
export function fromSoda(document: Plain): ImportedDraft {
  const draft = new ContractDraft();
  for (const key of ["filter", "variables"])
    if (document[key] !== undefined)
      draft.note(key, "what part of the data is judged is said by the paths of the data");
  for (const [index, column] of listAt(document, "columns").entries())
    if (isPlain(column)) importColumn(draft, column, `columns[${index}]`);
  for (const check of sodaChecks(document, "checks")) importCheck(draft, check, "");
  return draft.result();
}

function importColumn(draft: ContractDraft, column: Plain, path: string): void {
  const name = textAt(column, "name");
  if (name === undefined) {
    draft.note(path, "has no name");
    return;
  }
  const card = draft.card(name);
  const written = textAt(column, "data_type");
  const type = written === undefined ? undefined : typeOfName(written);
  if (type !== undefined) card["type"] = type;
  else if (written !== undefined) draft.note(`${path}.data_type`, `the type ${written} has no counterpart`);
  if (column["optional"] === true) card["required"] = false;
  const own = { valid: column["valid_values"], missing: column["missing_values"] };
  for (const [key, value] of Object.entries(own))
    if (value !== undefined)
      draft.note(`${path}.${key}_values`, "is read from the checks only: write it there");
  for (const check of sodaChecks(column, `${path}.checks`)) importCheck(draft, check, name);
}

function importCheck(draft: ContractDraft, check: SodaCheck, column: string): void {
  const { path, type, body } = check;
  if (body["filter"] !== undefined) {
    draft.note(path, "a check of some rows only has no counterpart: write the rule with when");
    return;
  }
  if (type === "schema") importSchema(draft, body);
  else if (type === "freshness") importFreshness(draft, check);
  else if (type === "failed_rows") importFailedRows(draft, check);
  else if (type === "invalid" && importLimits(draft, check, column)) return;
  else importAsQuality(draft, check, column);
}

function importAsQuality(draft: ContractDraft, check: SodaCheck, column: string): void {
  const rule = toOdcsRule(check);
  if (typeof rule === "string") draft.note(check.path, rule);
  else importQuality(draft, rule, { path: check.path, column });
}

/** Beside the columns that are described there may be no other, unless it says so. */
function importSchema(draft: ContractDraft, body: Plain): void {
  if (body["allow_extra_columns"] !== true) draft.table("extra_columns", "fail");
  if (body["allow_other_column_order"] !== true) draft.table("column_order", "fail");
}

const units: Readonly<Record<string, string>> = { day: "d", hour: "h", minute: "m" };

function importFreshness(draft: ContractDraft, { path, body }: SodaCheck): void {
  const threshold = plainAt(body, "threshold");
  const unit = entryFor(units, textAt(threshold, "unit") ?? "hour");
  const limit = threshold["must_be_less_than"] ?? threshold["must_be_less_than_or_equal"];
  const column = textAt(body, "column");
  if (column === undefined || unit === undefined || typeof limit !== "number")
    draft.note(path, "needs a column and a threshold must_be_less_than");
  else if (!draft.table("freshness", { column, max_age: `${limit}${unit}` }))
    draft.note(path, "the contract has another rule freshness already");
}

/** Rows that are wrong: those that a query returns, or for which an expression is true. */
function importFailedRows(draft: ContractDraft, { path, body, notes }: SodaCheck): void {
  const threshold = plainAt(body, "threshold");
  const isNone = Object.keys(threshold).length === 0 || threshold["must_be"] === 0;
  const [query, expression] = [textAt(body, "query"), textAt(body, "expression")];
  if (!isNone) draft.note(path, "failed rows up to a number have no counterpart");
  else if (expression !== undefined) draft.check({ assert: `NOT (${expression})`, ...notes });
  else if (query !== undefined)
    draft.note(path, "the query names tables of the database: write it as an sql check over data");
  else draft.note(path, "has neither a query nor an expression");
}

const limits: Readonly<Record<string, string>> = {
  valid_min: "min",
  valid_max: "max",
  invalid_values: "not_values",
};

/** What an `invalid` check says by bounds and lengths; true where it was carried over, and nothing else stands in it. */
function importLimits(draft: ContractDraft, { body, notes }: SodaCheck, column: string): boolean {
  const { threshold, name, ...rules } = body;
  const length = lengthOf(rules);
  const keys = Object.keys(rules);
  const isKnown = keys.every((key) => Object.hasOwn(limits, key) || lengthKeys.includes(key));
  if (threshold !== undefined || keys.length === 0 || !isKnown || column === "") return false;
  if (length !== undefined) draft.rule(column, "length", { value: length, ...notes });
  for (const [key, value] of Object.entries(rules)) {
    const rule = entryFor(limits, key);
    if (rule !== undefined) draft.rule(column, rule, { value, ...notes });
  }
  return true;
}

const lengthKeys = ["valid_length", "valid_min_length", "valid_max_length"];

function lengthOf(rules: Plain): Plain | undefined {
  const number = (key: string) => (typeof rules[key] === "number" ? rules[key] : undefined);
  const exact = number("valid_length");
  const [min, max] = [exact ?? number("valid_min_length"), exact ?? number("valid_max_length")];
  if (min === undefined && max === undefined) return undefined;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

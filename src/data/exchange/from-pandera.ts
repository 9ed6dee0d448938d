import {
  addRule,
  ContractDraft,
  type DraftRule,
  type ImportedDraft,
  isPlain,
  listAt,
  nullsRule,
  type Plain,
  plainAt,
  textAt,
} from "./draft.ts";
import { type PanderaCheck, panderaChecks } from "./pandera-checks.ts";
import { expectationOf, rulesOf } from "./pandera-rules.ts";
import { panderaType } from "./pandera-types.ts";

/** Keys of a schema that say nothing about values, or say it of pandera's own doing. */
const tableNotes: Readonly<Record<string, string>> = {
  index: "an index is no column of a file: write a card for it if the file has it",
  multiindex: "an index is no column of a file",
  dtype: "one type for all columns has no counterpart",
  coerce: "data is judged as it is, nothing is converted",
  unique_column_names: "a file whose column names repeat is refused anyway",
  add_missing_columns: "data is judged as it is, nothing is added",
  drop_invalid_rows: "data is judged as it is, nothing is dropped",
  metadata: "free data, no rule",
  title: "text, no rule",
  description: "text, no rule",
};

const columnNotes: Readonly<Record<string, string>> = {
  coerce:
    "data is judged as it is, nothing is converted: a text column of a CSV file is read as the type anyway",
  default: "data is judged as it is, nothing is filled in",
  drop_invalid_rows: "data is judged as it is, nothing is dropped",
  metadata: "free data, no rule",
};

/** The schema that pandera writes as YAML or JSON: the lists of `checks` of older versions and the flat keys of 0.35. */
export function fromPandera(schema: Plain): ImportedDraft {
  const draft = new ContractDraft();
  noteKeys(draft, schema, { notes: tableNotes, path: "" });
  importStrict(draft, schema["strict"]);
  if (schema["ordered"] === true) draft.table("column_order", "fail");
  for (const [name, column] of columnsOf(schema)) importColumn(draft, name, column);
  importUnique(draft, schema["unique"]);
  for (const [index, check] of panderaChecks({ checks: schema["checks"] }).entries())
    draft.note(`checks[${index}]`, `${check.name}: a check of the whole table has no counterpart`);
  return draft.result();
}

function* columnsOf(schema: Plain): Generator<[string, Plain]> {
  for (const [name, column] of Object.entries(plainAt(schema, "columns")))
    yield [name, isPlain(column) ? column : {}];
  for (const column of listAt(schema, "columns")) {
    if (!isPlain(column)) continue;
    const name = column["name"];
    yield [Array.isArray(name) ? name.join(".") : String(name), column];
  }
}

function importStrict(draft: ContractDraft, strict: unknown): void {
  if (strict === true) draft.table("extra_columns", "fail");
  else if (strict === "filter")
    draft.note("strict", "filter removes columns that the schema does not name; they are allowed here");
}

function importUnique(draft: ContractDraft, unique: unknown): void {
  if (typeof unique === "string") draft.unique([unique]);
  else if (Array.isArray(unique)) draft.unique(unique.map(String));
}

function importColumn(draft: ContractDraft, name: string, column: Plain): void {
  const path = `columns.${name}`;
  const glob = column["regex"] === true ? globOf(name) : undefined;
  if (column["regex"] === true && glob === undefined) {
    draft.note(
      path,
      `the columns of the regular expression ${name} cannot be named by a pattern with * and ?`,
    );
    return;
  }
  const card = glob === undefined ? draft.card(name) : draft.card(glob, "match");
  noteKeys(draft, column, { notes: columnNotes, path: `${path}.` });
  const description = textAt(column, "description") ?? textAt(column, "title");
  if (description !== undefined) card["description"] = description;
  if (column["required"] === false) card["required"] = false;
  const dtype = textAt(column, "dtype");
  if (dtype !== undefined) {
    const type = panderaType(dtype);
    if (type === undefined) draft.note(`${path}.dtype`, `the type ${dtype} has no counterpart`);
    else card["type"] = type;
  }
  if (column["nullable"] !== true) card["nulls"] = "never";
  else card["nulls"] = nullsRule(1);
  if (column["unique"] === true) card["unique"] = true;
  for (const check of panderaChecks(column))
    importCheck({ draft, card, path, column: glob === undefined ? name : undefined }, check);
}

interface Place {
  readonly draft: ContractDraft;
  readonly card: Record<string, unknown>;
  readonly path: string;
  /** Undefined for a card that several columns share. */
  readonly column: string | undefined;
}

function importCheck(place: Place, check: PanderaCheck): void {
  if (check.name === "unique_values_eq" && Array.isArray(check.value) && place.column !== undefined) {
    const kwargs = { value_set: check.value };
    const expectation = { type: "expect_column_distinct_values_to_equal_set", kwargs };
    place.draft.check(
      expectCheck(expectation, place.column, { value: true, severity: check.isWarning ? "warn" : undefined }),
    );
    return;
  }
  const path = `${place.path}.${check.name}`;
  const rules = rulesOf(check);
  const reason = refusal(check) ?? (rules === undefined ? `${check.name} has no counterpart` : undefined);
  if (reason !== undefined) place.draft.note(path, reason);
  else for (const [key, value] of rules ?? []) importRule(place, check, { key, value, path });
}

function importRule(
  { draft, card, column }: Place,
  { isWarning, title, message }: PanderaCheck,
  { key, value, path }: { readonly key: string; readonly value: unknown; readonly path: string },
): void {
  const rule: DraftRule = {
    value,
    severity: isWarning ? "warn" : undefined,
    name: title,
    description: message,
  };
  if (addRule(card, key, rule)) return;
  const expectation = column === undefined ? undefined : expectationOf(key, value);
  if (expectation === undefined)
    draft.note(path, `the column has another rule ${key} already; write one rule for both`);
  else draft.check(expectCheck(expectation, column, rule));
}

function expectCheck(
  { type, kwargs }: { readonly type: string; readonly kwargs: Plain },
  column: string | undefined,
  { severity, name, description }: DraftRule,
): Plain {
  return {
    expect: type,
    column,
    ...kwargs,
    ...(severity === undefined ? {} : { severity }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

function refusal({ options }: PanderaCheck): string | undefined {
  if (options["groupby"] !== undefined && options["groupby"] !== null)
    return "a check of groups has no counterpart";
  if (options["ignore_na"] === false)
    return "ignore_na: false, a missing value that fails the check, has no counterpart: use nulls";
  return undefined;
}

/** pandera matches names from their start; a pattern of ours means the whole name. Undefined where that cannot be said. */
function globOf(regex: string): string | undefined {
  const isOpen = !regex.endsWith("$");
  const inner = regex.replace(/^\^/, "").replace(/\$$/, "");
  if (!/^(?:[\w -]|\.\*?)+$/.test(inner)) return undefined;
  const glob = inner.replaceAll(".*", "*").replaceAll(".", "?");
  return isOpen && !glob.endsWith("*") ? `${glob}*` : glob;
}

function noteKeys(
  draft: ContractDraft,
  value: Plain,
  { notes, path }: { readonly notes: Readonly<Record<string, string>>; readonly path: string },
): void {
  for (const [key, reason] of Object.entries(notes)) {
    const given = value[key];
    const isEmpty = given === undefined || given === null || given === false;
    if (!isEmpty) draft.note(`${path}${key}`, reason);
  }
}

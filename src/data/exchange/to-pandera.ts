import { type ExchangeNote, entryFor, listAt, type Plain } from "./draft.ts";
import { checksOfRule } from "./pandera-written.ts";
import {
  otherKeys,
  type ReadCard,
  type ReadRule,
  readCards,
  readRows,
  readUniqueSets,
} from "./read-contract.ts";
import type { ExportedDocument } from "./to-gx.ts";

/** A contract as the schema that pandera 0.35 writes and reads (`pandera.io.pandas_io.from_yaml`), for pandas. */
export function toPandera(contract: Plain): ExportedDocument {
  const notes: ExchangeNote[] = [];
  const columns = readCards(contract).map((card) => writeColumn(card, notes));
  const isStrict = contract["extra_columns"] === "fail";
  if (contract["extra_columns"] === "warn")
    notes.push({
      path: "extra_columns",
      reason: "other columns cannot be warned of: they are allowed there",
    });
  if (contract["column_order"] === "warn")
    notes.push({ path: "column_order", reason: "another order cannot be warned of: it is allowed there" });
  for (const rule of readRows(contract))
    notes.push({ path: rule.path, reason: "the number of rows is not checked there" });
  if (contract["freshness"] !== undefined)
    notes.push({ path: "freshness", reason: "the age of values is not checked there" });
  for (const [index] of listAt(contract, "checks").entries())
    notes.push({ path: `checks[${index}]`, reason: "a check in YAML can only be one of pandera's own" });
  for (const key of otherKeys(contract, "column_order"))
    notes.push({ path: key, reason: "has no counterpart there" });
  const unique = writeUnique(contract, notes);
  const document = {
    schema_type: "dataframe",
    api: "pandas",
    columns: Object.fromEntries(columns.filter((column) => column !== undefined)),
    ...(isStrict ? { strict: true } : {}),
    ...(contract["column_order"] === "fail" ? { ordered: true } : {}),
    ...(unique === undefined ? {} : { unique }),
  };
  return { document, notes };
}

/** A schema has one unique set. */
function writeUnique(contract: Plain, notes: ExchangeNote[]): unknown {
  const [first, ...others] = readUniqueSets(contract);
  for (const rule of others) notes.push({ path: rule.path, reason: "a schema has one unique set only" });
  if (first === undefined) return undefined;
  noteAnnotations(first, notes);
  return first.value;
}

function noteAnnotations({ path, allow, severity, when }: ReadRule, notes: ExchangeNote[]): void {
  if (allow > 0)
    notes.push({ path, reason: "its tolerance has no counterpart: no row may break the rule there" });
  if (severity !== "fail")
    notes.push({ path, reason: `its severity ${severity} has no counterpart: it fails there` });
  if (when !== undefined)
    notes.push({ path, reason: "its condition has no counterpart: it judges all rows there" });
}

const dtypes: Readonly<Record<string, string>> = {
  integer: "Int64",
  double: "float64",
  string: "string[python]",
  boolean: "boolean",
  date: "date",
  timestamp: "datetime64[ns]",
};

function writeColumn(card: ReadCard, notes: ExchangeNote[]): [string, Plain] | undefined {
  const { column, isPattern, path, rules } = card;
  const name = isPattern ? regexOf(column) : column;
  if (name === undefined) {
    notes.push({ path, reason: "its pattern cannot be written as a regular expression of pandera" });
    return undefined;
  }
  const by = (key: string) => rules.find((rule) => rule.key === key);
  const keys: Record<string, unknown> = {
    ...typeKeys(by("type"), notes),
    ...nullableKeys(by("nulls"), notes),
    ...uniqueKeys(by("unique"), notes),
    ...(by("required")?.value === false ? { required: false } : {}),
    ...(isPattern ? { regex: true } : {}),
  };
  for (const rule of rules) {
    if (["type", "nulls", "unique", "required"].includes(rule.key)) continue;
    for (const [check, value] of checksOfRule(rule, String(by("type")?.value), notes)) keys[check] = value;
  }
  return [name, keys];
}

/**
 * Nullable types, converted first: an integer column with a missing value, which pandas reads as floats, is still one of
 * integers, while 1.5 cannot be converted and fails.
 */
function typeKeys(rule: ReadRule | undefined, notes: ExchangeNote[]): Plain {
  if (rule === undefined) return {};
  const dtype = entryFor(dtypes, String(rule.value));
  if (dtype === undefined)
    notes.push({ path: rule.path, reason: `the type ${String(rule.value)} has no counterpart in YAML` });
  else noteAnnotations(rule, notes);
  return dtype === undefined ? {} : { dtype, coerce: true };
}

function nullableKeys(rule: ReadRule | undefined, notes: ExchangeNote[]): Plain {
  const share = rule === undefined ? 1 : Number(rule.value);
  if (rule !== undefined && share > 0 && share < 1)
    notes.push({
      path: rule.path,
      reason: "a share of missing values has no counterpart: any number of them is allowed there",
    });
  if (rule !== undefined && share === 0) noteAnnotations(rule, notes);
  return share === 0 ? {} : { nullable: true };
}

function uniqueKeys(rule: ReadRule | undefined, notes: ExchangeNote[]): Plain {
  if (rule === undefined || rule.value !== true) return {};
  noteAnnotations(rule, notes);
  return { unique: true };
}

function regexOf(pattern: string): string | undefined {
  if (!/^[\w *?-]+$/.test(pattern)) return undefined;
  return `^${pattern.replaceAll("?", ".").replaceAll("*", ".*")}$`;
}

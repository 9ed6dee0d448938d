import { type ExchangeNote, entryFor, isPlain, listAt, type Plain, textAt } from "./draft.ts";
import { type QualityRule, qualityOfRule, withNotes } from "./odcs-written.ts";
import {
  isBare,
  otherKeys,
  type ReadCard,
  type ReadRule,
  rangeOf,
  readCards,
  readRows,
  readRule,
  readUniqueSets,
} from "./read-contract.ts";
import { type ExportedDocument, freshnessOf, noLimit, unmet } from "./to-gx.ts";

const logicalTypes: Readonly<Record<string, string>> = {
  integer: "integer",
  double: "number",
  decimal: "number",
  string: "string",
  boolean: "boolean",
  date: "date",
  timestamp: "timestamp",
  list: "array",
  struct: "object",
  map: "map",
};

/** A contract as a document of the Open Data Contract Standard 3.1 with one table, called `name`. */
export function toOdcs(contract: Plain, name: string): ExportedDocument {
  const notes: ExchangeNote[] = [];
  const properties = readCards(contract).flatMap((card) => writeProperty(card, notes));
  const quality = [
    ...rowQuality(contract, notes),
    ...uniqueQuality(contract),
    ...checkQuality(contract, notes),
  ];
  const mode = contract["extra_columns"];
  if (mode === "fail" || mode === "warn")
    notes.push({
      path: "extra_columns",
      reason: "a contract there says nothing about columns that it does not name",
    });
  for (const key of otherKeys(contract)) notes.push({ path: key, reason: "has no counterpart there" });
  const agreements = slaOf(contract, name, notes);
  const table = {
    ...{ name, physicalType: "table" },
    ...(properties.length === 0 ? {} : { properties }),
    ...(quality.length === 0 ? {} : { quality }),
  };
  const head = {
    kind: "DataContract",
    apiVersion: "v3.1.0",
    id: name,
    name,
    version: "1.0.0",
    status: "draft",
  };
  return {
    document: { ...head, schema: [table], ...(agreements.length === 0 ? {} : { slaProperties: agreements }) },
    notes,
  };
}

function writeProperty(card: ReadCard, notes: ExchangeNote[]): Plain[] {
  const { column, isPattern, path, description, rules } = card;
  if (isPattern) {
    notes.push({ path, reason: "a card for several columns has no counterpart: write one for each" });
    return [];
  }
  const type = typeOf(card, notes);
  const options: Record<string, unknown> = {};
  const quality: QualityRule[] = [];
  const keys: Record<string, unknown> = {};
  for (const rule of rules) {
    if (rule.key === "type") continue;
    const isKept = keepAsKey(rule, keys) || (type !== undefined && keepAsOption(rule, type, options));
    if (isKept) continue;
    const found = qualityOfRule(rule);
    if (typeof found === "string") notes.push({ path: rule.path, reason: found });
    else quality.push(...found);
  }
  return [
    {
      name: column,
      ...(type === undefined ? {} : { logicalType: type }),
      ...(rules.some(({ key, value }) => key === "type" && value === "decimal")
        ? { physicalType: "DECIMAL" }
        : {}),
      ...(description === undefined ? {} : { description }),
      ...keys,
      ...(Object.keys(options).length === 0 ? {} : { logicalTypeOptions: options }),
      ...(quality.length === 0 ? {} : { quality }),
    },
  ];
}

/** Options stand under a type only, so that one is written where the rules mean one. */
function typeOf({ rules, path }: ReadCard, notes: ExchangeNote[]): string | undefined {
  const rule = rules.find(({ key }) => key === "type");
  if (rule === undefined) {
    const type = meantType(rules);
    if (type !== undefined) notes.push({ path, reason: `is written as ${type}, which its rules mean` });
    return type;
  }
  const type = entryFor(logicalTypes, String(rule.value));
  if (type === undefined)
    notes.push({ path: rule.path, reason: `the type ${String(rule.value)} has no counterpart` });
  else if (!isBare(rule))
    notes.push({ path: rule.path, reason: "what stands beside a type has no counterpart" });
  return type;
}

function meantType(rules: readonly ReadRule[]): string | undefined {
  const bounds = rules.filter(({ key }) => Object.hasOwn(optionNames, key)).map(({ value }) => value);
  if (bounds.length > 0) {
    if (bounds.every((bound) => typeof bound === "number")) return "number";
    return bounds.every((bound) => String(bound).length === 10) ? "date" : "timestamp";
  }
  const values = rules.find(({ key }) => key === "values")?.value;
  if (Array.isArray(values) && values.every((value) => typeof value === "string")) return "string";
  return rules.some(({ key }) => ["pattern", "not_pattern", "length"].includes(key)) ? "string" : undefined;
}

/** `required`, `unique`: true or false, with nothing beside them. */
function keepAsKey(rule: ReadRule, keys: Record<string, unknown>): boolean {
  const { key, value } = rule;
  if (key === "required" && value === true) return true;
  if (key === "nulls" && value === 1) return true;
  if (!isBare(rule)) return false;
  if (key === "nulls" && value === 0) keys["required"] = true;
  else if (key === "unique") {
    if (value === true) keys["unique"] = true;
  } else return false;
  return true;
}

const optionNames: Readonly<Record<string, string>> = {
  min: "minimum",
  max: "maximum",
  greater_than: "exclusiveMinimum",
  less_than: "exclusiveMaximum",
};

/** Bounds, pattern and length stand in `logicalTypeOptions`, of which each type has its own. */
function keepAsOption(rule: ReadRule, type: string, options: Record<string, unknown>): boolean {
  const { key, value } = rule;
  if (!isBare(rule)) return false;
  const name = entryFor(optionNames, key);
  const isTime = type === "date" || type === "timestamp";
  const isNumber = type === "integer" || type === "number";
  if (
    name !== undefined &&
    ((isNumber && typeof value === "number") || (isTime && typeof value === "string"))
  ) {
    options[name] = value;
    return true;
  }
  if (type !== "string") return false;
  if (key === "pattern") options["pattern"] = value;
  else if (key === "length") {
    const { min, max } = rangeOf(value);
    Object.assign(
      options,
      min === undefined ? {} : { minLength: min },
      max === undefined ? {} : { maxLength: max },
    );
  } else return false;
  return true;
}

function rowQuality(contract: Plain, notes: ExchangeNote[]): QualityRule[] {
  return readRows(contract).flatMap((rule) => {
    const operator = { min: "mustBeGreaterOrEqualTo", max: "mustBeLessOrEqualTo" }[rule.key];
    if (operator !== undefined) return [withNotes({ metric: "rowCount", [operator]: rule.value }, rule)];
    notes.push({ path: rule.path, reason: "a comparison with an earlier run has no counterpart" });
    return [];
  });
}

function uniqueQuality(contract: Plain): QualityRule[] {
  return readUniqueSets(contract).map((rule) => {
    const limit = rule.allow > 0 ? { mustBeLessOrEqualTo: rule.allow * 100, unit: "percent" } : { mustBe: 0 };
    return withNotes({ metric: "duplicateValues", arguments: { properties: rule.value }, ...limit }, rule);
  });
}

/** A query, an expectation, or a check in our own words, which other programs pass over. */
function checkQuality(contract: Plain, notes: ExchangeNote[]): QualityRule[] {
  return listAt(contract, "checks").flatMap((check, index) => {
    if (!isPlain(check)) return [];
    const rule = readRule(check, { key: `checks[${index}]`, path: "" });
    const [sql, assertion] = [textAt(check, "sql"), textAt(check, "assert")];
    const isPlainRule = rule.allow === 0 && rule.when === undefined;
    if (sql !== undefined && isPlainRule) {
      if (check["timeout"] !== undefined) notes.push({ path: `checks[${index}].timeout`, reason: noLimit });
      const query = `SELECT count(*) FROM (${sql.replaceAll(/\b(from|join)\s+data\b/gi, "$1 {object}")})`;
      return [withNotes({ type: "sql", query, mustBe: 0 }, rule)];
    }
    if (assertion !== undefined && isPlainRule)
      return [
        withNotes(
          {
            type: "sql",
            query: `SELECT count(*) FROM {object} WHERE ${unmet(assertion, check["nulls"])}`,
            mustBe: 0,
          },
          rule,
        ),
      ];
    if (textAt(check, "script") !== undefined || "in" in check)
      notes.push({
        path: `checks[${index}]`,
        reason: "only mlops reads it there: it names files and programs",
      });
    return [{ type: "custom", engine: "mlops", implementation: { ...check } }];
  });
}

function slaOf(contract: Plain, table: string, notes: ExchangeNote[]): Plain[] {
  const freshness = freshnessOf(contract);
  if (freshness === undefined) return [];
  const age = ageOf(freshness.maxAge);
  if (age !== undefined) return [{ property: "latency", ...age, element: `${table}.${freshness.column}` }];
  notes.push({ path: "freshness", reason: "its age is no whole number of days, hours or minutes" });
  return [];
}

const unitsMs = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;

/** Milliseconds, or text such as `24h`, in the largest unit that divides it. */
function ageOf(value: unknown): { readonly value: number; readonly unit: string } | undefined {
  const written = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)\s*([smhdw])\s*$/.exec(value) : null;
  const sizes: Readonly<Record<string, number>> = { ...unitsMs, s: 1000, w: 604_800_000 };
  const ms = written === null ? Number(value) : Number(written[1]) * (sizes[written[2] ?? ""] ?? Number.NaN);
  for (const [unit, size] of Object.entries(unitsMs))
    if (ms >= size && ms % size === 0) return { value: ms / size, unit };
  return undefined;
}

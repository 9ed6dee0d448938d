import { chosenTable } from "./chosen-table.ts";
import {
  ContractDraft,
  entryFor,
  type ImportedDraft,
  isPlain,
  listAt,
  nullsRule,
  numberAt,
  type Plain,
  textAt,
} from "./draft.ts";
import { importQualities, type QualityPlace } from "./odcs-quality.ts";

/** What a contract says beside the rules on its data. */
const notRules: Readonly<Record<string, string>> = {
  servers: "where the data lies is said on the command line",
  roles: "access rights are no rule on the data",
  team: "people are no rule on the data",
  support: "channels are no rule on the data",
  price: "prices are no rule on the data",
  description: "text, no rule",
  context: "text, no rule",
  authoritativeDefinitions: "links, no rule",
  customProperties: "properties of one's own have no meaning here",
};

/** An Open Data Contract Standard document of version 3. `table` names one object of `schema`; needed where there are several. */
export function fromOdcs(document: Plain, table: string | undefined): ImportedDraft {
  const draft = new ContractDraft();
  for (const [key, reason] of Object.entries(notRules))
    if (document[key] !== undefined) draft.note(key, reason);
  const { object, index } = chosenTable(listAt(document, "schema"), table, "The data contract");
  const path = `schema[${index}]`;
  importProperties({ draft, keys: new Map() }, listAt(object, "properties"), { path, prefix: "" });
  for (const key of ["relationships", "customProperties"])
    if (object[key] !== undefined)
      draft.note(
        `${path}.${key}`,
        key === "relationships" ? referenceReason : "properties of one's own have no meaning here",
      );
  importQualities(draft, listAt(object, "quality"), { path: `${path}.quality`, column: "" });
  importAgreements(draft, document, textAt(object, "name") ?? "");
  return draft.result();
}

const referenceReason =
  "a reference does not say where the other table's data lies: write a check with in: {columns, data, key}";

interface Collected {
  readonly draft: ContractDraft;
  /** Columns of the primary key by their position. */
  readonly keys: Map<string, number>;
}

function importProperties(
  into: Collected,
  properties: readonly unknown[],
  { path, prefix }: { readonly path: string; readonly prefix: string },
): void {
  for (const [index, property] of properties.entries()) {
    const name = isPlain(property)
      ? (textAt(property, "physicalName") ?? textAt(property, "name"))
      : undefined;
    if (!isPlain(property) || name === undefined) continue;
    importWithin(into, property, { path: `${path}.properties[${index}]`, column: `${prefix}${name}` });
  }
  if (prefix === "") importKey(into);
}

/** A property, with those of an object in it, and with the elements of an array. */
function importWithin(into: Collected, property: Plain, place: QualityPlace): void {
  const { path, column } = place;
  importProperty(into, property, place);
  importProperties(into, listAt(property, "properties"), { path, prefix: `${column}.` });
  const { items } = property;
  if (isPlain(items)) importWithin(into, items, { path: `${path}.items`, column: `${column}[]` });
}

/** A key of one column is a unique column, a key of several a unique set. */
function importKey({ draft, keys }: Collected): void {
  const columns = [...keys].toSorted((a, b) => a[1] - b[1]).map(([column]) => column);
  const [only] = columns;
  if (columns.length === 1 && only !== undefined) draft.rule(only, "unique", { value: true });
  else if (columns.length > 1) draft.unique(columns);
}

const logicalTypes: Readonly<Record<string, string>> = {
  string: "string",
  date: "date",
  timestamp: "timestamp",
  number: "double",
  integer: "integer",
  boolean: "boolean",
  array: "list",
  object: "struct",
  map: "map",
};

function importProperty({ draft, keys }: Collected, property: Plain, place: QualityPlace): void {
  const { path, column } = place;
  if (property["semanticType"] === "measure") {
    draft.note(path, "a measure is computed, not stored: it has no column");
    return;
  }
  const card = draft.card(column);
  const isKey = property["primaryKey"] === true;
  if (isKey) keys.set(column, numberAt(property, "primaryKeyPosition") ?? keys.size + 1);
  importType(draft, property, place);
  if (property["required"] === true || isKey) card["nulls"] = "never";
  if (property["unique"] === true) draft.rule(column, "unique", { value: true });
  importOptions(draft, property, place);
  importEnum(draft, property, place);
  if (property["relationships"] !== undefined) draft.note(`${path}.relationships`, referenceReason);
  if (property["customProperties"] !== undefined)
    draft.note(`${path}.customProperties`, "has no counterpart");
  importQualities(draft, listAt(property, "quality"), { path: `${path}.quality`, column });
  if (property["required"] !== true && !isKey && card["nulls"] === undefined) card["nulls"] = nullsRule(1);
}

function importType(draft: ContractDraft, property: Plain, { path, column }: QualityPlace): void {
  const written = textAt(property, "logicalType");
  if (written === undefined) return;
  const isDecimal =
    written === "number" && /^(decimal|numeric)/i.test(textAt(property, "physicalType") ?? "");
  const type = isDecimal ? "decimal" : entryFor(logicalTypes, written);
  if (type !== undefined) draft.rule(column, "type", { value: type });
  else draft.note(`${path}.logicalType`, `the type ${written} has no counterpart`);
}

/** Version 3.0 has a flag beside the bound (`exclusiveMaximum: true`), 3.1 a bound of its own. */
function importOptions(draft: ContractDraft, property: Plain, { path, column }: QualityPlace): void {
  const options = isPlain(property["logicalTypeOptions"]) ? property["logicalTypeOptions"] : {};
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, pattern, minLength, maxLength, ...others } =
    options;
  const rules: [string, unknown][] = [
    [exclusiveMinimum === true ? "greater_than" : "min", minimum],
    [exclusiveMaximum === true ? "less_than" : "max", maximum],
    ["greater_than", typeof exclusiveMinimum === "boolean" ? undefined : exclusiveMinimum],
    ["less_than", typeof exclusiveMaximum === "boolean" ? undefined : exclusiveMaximum],
    ["pattern", pattern],
    ["length", lengthOf(minLength, maxLength)],
  ];
  for (const [key, value] of rules) {
    if (value === undefined || value === null) continue;
    if (!draft.rule(column, key, { value }))
      draft.note(`${path}.logicalTypeOptions`, `the column has another rule ${key} already`);
  }
  for (const key of Object.keys(others))
    draft.note(`${path}.logicalTypeOptions.${key}`, `${key} has no counterpart`);
}

function lengthOf(min: unknown, max: unknown): Plain | undefined {
  const length = { ...(typeof min === "number" ? { min } : {}), ...(typeof max === "number" ? { max } : {}) };
  return Object.keys(length).length === 0 ? undefined : length;
}

/** Since version 3.2: `enum: [{value: pending, label: ...}]`. */
function importEnum(draft: ContractDraft, property: Plain, { path, column }: QualityPlace): void {
  const values = listAt(property, "enum").flatMap((entry) => {
    const value = isPlain(entry) ? entry["value"] : entry;
    return value === undefined || value === null ? [] : [value];
  });
  if (values.length > 0 && !draft.rule(column, "values", { value: values }))
    draft.note(`${path}.enum`, "the column has another rule values already");
}

const units: readonly [RegExp, string][] = [
  [/^(d|day|days)$/i, "d"],
  [/^(h|hr|hour|hours)$/i, "h"],
  [/^(m|min|minute|minutes)$/i, "m"],
];

/** `latency` and `freshness` of a column say how old its newest value may be. */
function importAgreements(draft: ContractDraft, document: Plain, table: string): void {
  for (const [index, one] of listAt(document, "slaProperties").filter(isPlain).entries()) {
    const path = `slaProperties[${index}]`;
    const property = textAt(one, "property") ?? "";
    if (property !== "latency" && property !== "freshness") {
      draft.note(path, `the agreement ${property} is no rule on the data`);
      continue;
    }
    const element = textAt(one, "element") ?? textAt(document, "slaDefaultElement") ?? "";
    const [object, ...rest] = element.split(".");
    const unit = units.find(([pattern]) => pattern.test(textAt(one, "unit") ?? ""))?.[1];
    const value = Number(one["value"]);
    if (unit === undefined || !(value > 0) || rest.length === 0) {
      draft.note(path, "needs an element TABLE.COLUMN, a value and a unit of days, hours or minutes");
    } else if (table !== "" && object !== table) {
      draft.note(path, `is about the table ${object}`);
    } else if (!draft.table("freshness", { column: rest.join("."), max_age: `${value}${unit}` })) {
      draft.note(path, "the contract has another rule freshness already");
    }
  }
}

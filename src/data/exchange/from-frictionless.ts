import { chosenTable } from "./chosen-table.ts";
import {
  ContractDraft,
  entryFor,
  type ImportedDraft,
  isPlain,
  listAt,
  numberAt,
  type Plain,
  plainAt,
  textAt,
} from "./draft.ts";

const types: Readonly<Record<string, string>> = {
  string: "string",
  number: "double",
  integer: "integer",
  year: "integer",
  boolean: "boolean",
  date: "date",
  datetime: "timestamp",
  array: "list",
  list: "list",
  object: "struct",
};

/** A Frictionless Table Schema of version 1 or 2, or a Data Package, of which `table` names the resource. */
export function fromFrictionless(document: Plain, table: string | undefined): ImportedDraft {
  const draft = new ContractDraft();
  const { schema, path } = schemaOf(document, table);
  for (const [index, field] of listAt(schema, "fields").entries())
    if (isPlain(field)) importField(draft, field, `${path}fields[${index}]`);
  importKeys(draft, schema);
  importFieldsMatch(draft, schema);
  for (const key of ["foreignKeys", "missingValues"]) {
    const given = listAt(schema, key);
    const isUsual = given.every((value) => value === "");
    if (given.length > 0 && !isUsual)
      draft.note(`${path}${key}`, entryFor(tableNotes, key) ?? "has no counterpart");
  }
  return draft.result();
}

const tableNotes: Readonly<Record<string, string>> = {
  foreignKeys:
    "a reference does not say where the other table's data lies: write a check with in: {columns, data, key}",
  missingValues:
    "only empty fields count as missing; words that stand for missing values are read as they are",
};

function schemaOf(
  document: Plain,
  table: string | undefined,
): { readonly schema: Plain; readonly path: string } {
  if (Array.isArray(document["fields"])) return { schema: document, path: "" };
  const { object, index } = chosenTable(listAt(document, "resources"), table, "The data package");
  return { schema: plainAt(object, "schema"), path: `resources[${index}].schema.` };
}

/** By default the data has just these fields in just this order. */
function importFieldsMatch(draft: ContractDraft, schema: Plain): void {
  const written = schema["fieldsMatch"];
  const mode =
    (Array.isArray(written) ? textAt({ mode: written[0] }, "mode") : textAt(schema, "fieldsMatch")) ??
    "exact";
  if (mode === "exact" || mode === "equal" || mode === "superset") draft.table("extra_columns", "fail");
  if (mode === "exact") draft.table("column_order", "fail");
  // The data may lack fields: all but one of them, which no rule asks for.
  if (mode !== "superset" && mode !== "partial") return;
  for (const field of listAt(schema, "fields")) {
    const name = isPlain(field) ? textAt(field, "name") : undefined;
    if (name !== undefined) draft.rule(name, "required", { value: false });
  }
}

function importKeys(draft: ContractDraft, schema: Plain): void {
  const written = schema["primaryKey"];
  const primary = (typeof written === "string" ? [written] : listAt(schema, "primaryKey")).map(String);
  for (const column of primary) draft.card(column)["nulls"] = "never";
  const sets = listAt(schema, "uniqueKeys").filter((set) => Array.isArray(set));
  for (const set of [primary, ...sets.map((columns) => columns.map(String))]) {
    const [only] = set;
    if (set.length > 1) draft.unique(set);
    else if (only !== undefined) draft.rule(only, "unique", { value: true });
  }
}

const fieldNotes: readonly string[] = [
  "missingValues",
  "trueValues",
  "falseValues",
  "decimalChar",
  "groupChar",
  "bareNumber",
  "categories",
  "itemType",
];

function importField(draft: ContractDraft, field: Plain, path: string): void {
  const name = textAt(field, "name");
  if (name === undefined) {
    draft.note(path, "has no name");
    return;
  }
  const card = draft.card(name);
  const description = textAt(field, "description") ?? textAt(field, "title");
  if (description !== undefined) card["description"] = description;
  const written = textAt(field, "type") ?? "any";
  const type = entryFor(types, written);
  if (type !== undefined) draft.rule(name, "type", { value: type });
  else if (written !== "any") draft.note(`${path}.type`, `the type ${written} has no counterpart`);
  const format = textAt(field, "format");
  if (format !== undefined && format !== "default")
    draft.note(`${path}.format`, `the format ${format} has no counterpart`);
  for (const key of fieldNotes)
    if (field[key] !== undefined)
      draft.note(`${path}.${key}`, "how values are written is not said in a contract");
  importConstraints(draft, plainAt(field, "constraints"), { path: `${path}.constraints`, name, type });
}

interface Field {
  readonly path: string;
  readonly name: string;
  readonly type: string | undefined;
}

function importConstraints(draft: ContractDraft, constraints: Plain, { path, name, type }: Field): void {
  const { required, unique, pattern, enum: values, ...others } = constraints;
  const bounds = Object.entries(others).filter(([key]) => key !== "minLength" && key !== "maxLength");
  if (required === true) draft.card(name)["nulls"] = "never";
  if (unique === true) draft.rule(name, "unique", { value: true });
  // A pattern of XML Schema is about the whole value.
  if (typeof pattern === "string") draft.rule(name, "pattern", { value: `^(?:${pattern})$` });
  if (Array.isArray(values))
    draft.rule(name, "values", { value: values.map((value: unknown) => typed(value, type)) });
  const length = lengthOf(constraints);
  if (length !== undefined) draft.rule(name, "length", { value: length });
  for (const [key, value] of bounds) {
    const rule = entryFor(boundKeys, key);
    if (rule === undefined) draft.note(`${path}.${key}`, `${key} has no counterpart`);
    else draft.rule(name, rule, { value: typed(value, type) });
  }
}

const boundKeys: Readonly<Record<string, string>> = {
  minimum: "min",
  maximum: "max",
  exclusiveMinimum: "greater_than",
  exclusiveMaximum: "less_than",
};

function lengthOf(constraints: Plain): Plain | undefined {
  const [min, max] = [numberAt(constraints, "minLength"), numberAt(constraints, "maxLength")];
  if (min === undefined && max === undefined) return undefined;
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

/** A number may be written as the text that stands in the file. */
function typed(value: unknown, type: string | undefined): unknown {
  const isNumeric = type === "integer" || type === "double";
  return isNumeric && typeof value === "string" && value.trim() !== "" ? Number(value) : value;
}

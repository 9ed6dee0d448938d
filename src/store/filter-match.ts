import type { Comparison, Operator } from "./filter-syntax.ts";
import { parseOrderBy } from "./filter-syntax.ts";
import { invalid } from "./refusal.ts";

export type Column = string | number | undefined;

type EntityKind = "attribute" | "metric" | "parameter" | "tag" | "dataset";

/** What one search may compare, and how a row answers. */
export interface SearchTable<Row> {
  /** Prefix as written -> kind; a column without prefix is an attribute. */
  readonly entities: Readonly<Record<string, EntityKind>>;
  /** Attribute as written -> its own name. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The same for `order_by`, where that is another set. */
  readonly orderAttributes?: Readonly<Record<string, string>>;
  readonly numericAttributes: ReadonlySet<string>;
  /** Attributes that may stand before IN; undefined: all texts. */
  readonly listAttributes: ReadonlySet<string> | undefined;
  /** Kinds that may stand before IS NULL. */
  readonly nullable: readonly EntityKind[];
  /** Kinds that `order_by` may name. */
  readonly sortable: readonly EntityKind[];
  /** The values of a column; several for datasets, none where the row has none. */
  values(row: Row, kind: EntityKind, key: string): readonly Column[];
}

interface Resolved {
  readonly kind: EntityKind;
  readonly key: string;
}

const numericOperators: readonly Operator[] = ["=", "!=", "<", "<=", ">", ">="];
const textOperators: readonly Operator[] = ["=", "!=", "LIKE", "ILIKE"];

/** A test for rows; throws 400 for what the table does not know, also when there is no row. */
export function matcherOf<Row>(
  table: SearchTable<Row>,
  comparisons: readonly Comparison[],
): (row: Row) => boolean {
  const tests = comparisons.map((comparison) => testOf(table, comparison));
  return (row) => tests.every((test) => test(row));
}

function testOf<Row>(table: SearchTable<Row>, comparison: Comparison): (row: Row) => boolean {
  const { kind, key } = resolve(table, comparison, table.attributes);
  const { operator, value } = comparison;
  if (operator === "IS NULL" || operator === "IS NOT NULL") {
    if (!table.nullable.includes(kind)) {
      throw invalid(
        `IS NULL / IS NOT NULL is only supported for tags and params, not for '${kind}' '${key}'`,
      );
    }
    return (row) => (table.values(row, kind, key).length === 0) === (operator === "IS NULL");
  }
  const isNumeric = kind === "metric" || (kind === "attribute" && table.numericAttributes.has(key));
  if (isNumeric) {
    if (value.kind !== "number") throw notNumeric(kind, key, value);
    checkOperator(operator, numericOperators);
    const compare = numberComparison(operator, value.number);
    return (row) => table.values(row, kind, key).some((left) => typeof left === "number" && compare(left));
  }
  const compare = textComparison(table, { kind, key }, comparison);
  return (row) => table.values(row, kind, key).some((left) => typeof left === "string" && compare(left));
}

function textComparison<Row>(
  table: SearchTable<Row>,
  { kind, key }: Resolved,
  { operator, value }: Comparison,
): (left: string) => boolean {
  if (value.kind === "list") {
    const mayList = kind === "dataset" || (kind === "attribute" && (table.listAttributes?.has(key) ?? true));
    if (!mayList) {
      const names = [...(table.listAttributes ?? [])].map((name) => `'${name}'`).join(", ");
      throw invalid(`Only [${names}] attributes support comparison with a list of quoted string values.`);
    }
    checkOperator(operator, ["IN", "NOT IN"]);
    return (left) => value.items.includes(left) === (operator === "IN");
  }
  if (value.kind !== "text") {
    const written = value.kind === "number" ? value.text : "nothing";
    throw invalid(
      kind === "attribute"
        ? `Expected a quoted string value for attributes. Got value ${written}`
        : `Expected a quoted string value for ${kind} (e.g. 'my-value'). Got value ${written}`,
    );
  }
  checkOperator(operator, textOperators);
  if (operator === "=") return (left) => left === value.text;
  if (operator === "!=") return (left) => left !== value.text;
  const pattern = likePattern(value.text, operator === "ILIKE");
  return (left) => pattern.test(left);
}

function resolve<Row>(
  table: SearchTable<Row>,
  column: { readonly entity: string | undefined; readonly key: string },
  attributes: Readonly<Record<string, string>>,
): Resolved {
  const { entity = "" } = column;
  const named = Object.hasOwn(table.entities, entity) ? table.entities[entity] : undefined;
  const kind = column.entity === undefined ? "attribute" : named;
  if (kind === undefined) {
    throw invalid(
      `Invalid entity type '${column.entity}'. Valid values are ` +
        `[${[...new Set(Object.values(table.entities))].map((name) => `'${name}'`).join(", ")}]`,
    );
  }
  if (kind !== "attribute") {
    if (kind === "dataset" && !["name", "digest", "context"].includes(column.key)) {
      throw invalid(
        `Invalid dataset key '${column.key}' specified. Valid keys are 'name', 'digest', 'context'`,
      );
    }
    return { kind, key: column.key };
  }
  const key = Object.hasOwn(attributes, column.key) ? attributes[column.key] : undefined;
  if (key === undefined) {
    const names = Object.keys(attributes).map((name) => `'${name}'`);
    throw invalid(`Invalid attribute key '${column.key}' specified. Valid keys are '[${names.join(", ")}]'`);
  }
  return { kind, key };
}

/**
 * Compares rows by the `order_by` items and then by `last`. A column that a row does not have, or that is NaN,
 * comes last in both directions.
 */
export function orderingOf<Row>(
  table: SearchTable<Row>,
  orderBy: readonly string[],
  last: readonly string[],
): (left: Row, right: Row) => number {
  const attributes = table.orderAttributes ?? table.attributes;
  const seen = new Set<string>();
  const columns = [...orderBy, ...last].flatMap((text, index) => {
    const parsed = parseOrderBy(text);
    const column = { ...resolve(table, parsed, attributes), ascending: parsed.ascending };
    if (!table.sortable.includes(column.kind)) {
      throw invalid(`Invalid order_by clause '${text}': a ${column.kind} cannot be ordered by here.`);
    }
    const identity = `${column.kind} ${column.key}`;
    if (seen.has(identity) && index < orderBy.length) {
      throw invalid(`\`order_by\` contains duplicate fields: ${JSON.stringify(orderBy)}`);
    }
    const isRepeated = seen.has(identity);
    seen.add(identity);
    return isRepeated ? [] : [column];
  });
  return (left, right) => {
    for (const { kind, key, ascending } of columns) {
      const order = compareColumns(
        table.values(left, kind, key)[0],
        table.values(right, kind, key)[0],
        ascending,
      );
      if (order !== 0) return order;
    }
    return 0;
  };
}

function compareColumns(left: Column, right: Column, ascending: boolean): number {
  const presence = absence(left) - absence(right);
  if (presence !== 0 || left === undefined || right === undefined) return presence;
  if (left === right || absence(left) > 0) return 0;
  return left < right === ascending ? -1 : 1;
}

function absence(value: Column): number {
  if (value === undefined) return 2;
  return typeof value === "number" && Number.isNaN(value) ? 1 : 0;
}

function numberComparison(operator: Operator, right: number): (left: number) => boolean {
  switch (operator) {
    case "=":
      return (left) => left === right;
    case "!=":
      return (left) => left !== right;
    case "<":
      return (left) => left < right;
    case "<=":
      return (left) => left <= right;
    case ">":
      return (left) => left > right;
    default:
      return (left) => left >= right;
  }
}

function likePattern(pattern: string, ignoreCase: boolean): RegExp {
  const source = pattern
    .replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, ignoreCase ? "isu" : "su");
}

function checkOperator(operator: Operator, allowed: readonly Operator[]): void {
  if (allowed.includes(operator)) return;
  throw invalid(
    `Invalid comparator '${operator}' not one of '{${allowed.map((one) => `'${one}'`).join(", ")}}'`,
  );
}

function notNumeric(kind: EntityKind, key: string, value: Comparison["value"]): Error {
  const found = value.kind === "text" ? `'${value.text}'` : value.kind;
  return invalid(
    kind === "metric"
      ? `Expected numeric value type for metric. Found ${found}`
      : `Expected numeric value type for numeric attribute: ${key}. Found ${found}`,
  );
}

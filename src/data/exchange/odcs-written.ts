import type { Plain } from "./draft.ts";
import { sqlOfAggregate } from "./odcs-sql.ts";
import { type Range, type ReadRule, rangeOf } from "./read-contract.ts";

export type QualityRule = Plain;

const severities = { fail: "error", warn: "warning", info: "info" } as const;

/** A rule of `quality` with its severity, name and description. */
export function withNotes(rule: Plain, { severity, name, description }: ReadRule): QualityRule {
  return {
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...rule,
    ...(severity === "fail" ? {} : { severity: severities[severity] }),
  };
}

/** A rule of a card as rules of `quality`: a metric where there is one, else a query. A text says why there is none. */
export function qualityOfRule(rule: ReadRule): readonly QualityRule[] | string {
  const { key, value, when } = rule;
  const aggregate = sqlOfAggregate(key);
  if (aggregate !== undefined && when === undefined) {
    const limit = limitOf(rangeOf(value));
    return limit === undefined
      ? "its range is open on both sides"
      : [withNotes({ type: "sql", query: aggregate, ...limit }, rule)];
  }
  const metric = when === undefined ? metricOf(rule) : undefined;
  if (metric !== undefined) return [withNotes(metric, rule)];
  const broken = conditionOf(rule);
  if (broken === undefined) return `the rule ${key} has no counterpart`;
  return [withNotes(countQuery(rule, broken), rule)];
}

function limitOf({ min, max }: Range): Plain | undefined {
  if (min !== undefined && max !== undefined)
    return min === max ? { mustBe: min } : { mustBeBetween: [min, max] };
  if (min !== undefined) return { mustBeGreaterOrEqualTo: min };
  return max === undefined ? undefined : { mustBeLessOrEqualTo: max };
}

function metricOf({ key, value, allow }: ReadRule): Plain | undefined {
  const limit = shareLimit(key === "nulls" ? Number(value) : allow);
  switch (key) {
    case "nulls":
      return { metric: "nullValues", ...limit };
    case "values":
      return { metric: "invalidValues", arguments: { validValues: value }, ...limit };
    case "pattern":
      return { metric: "invalidValues", arguments: { pattern: value }, ...limit };
    case "unique":
      return value === true ? { metric: "duplicateValues", ...limit } : undefined;
    default:
      return undefined;
  }
}

function shareLimit(share: number): Plain {
  return share === 0
    ? { mustBe: 0 }
    : { mustBeLessOrEqualTo: Number((share * 100).toFixed(10)), unit: "percent" };
}

/** The SQL condition under which a value breaks the rule. */
function conditionOf({ key, value }: ReadRule): string | undefined {
  const column = "{property}";
  const list = Array.isArray(value) ? value.map(literal).join(", ") : "";
  switch (key) {
    case "nulls":
      return `${column} IS NULL`;
    case "min":
      return `${column} < ${literal(value)}`;
    case "max":
      return `${column} > ${literal(value)}`;
    case "greater_than":
      return `${column} <= ${literal(value)}`;
    case "less_than":
      return `${column} >= ${literal(value)}`;
    case "values":
      return `${column} NOT IN (${list})`;
    case "not_values":
      return `${column} IN (${list})`;
    case "pattern":
      return `NOT regexp_matches(${column}, ${literal(value)})`;
    case "not_pattern":
      return `regexp_matches(${column}, ${literal(value)})`;
    case "length": {
      const { min, max } = rangeOf(value);
      const ends = [
        ...(min === undefined ? [] : [`length(${column}) < ${min}`]),
        ...(max === undefined ? [] : [`length(${column}) > ${max}`]),
      ];
      return ends.join(" OR ");
    }
    default:
      return undefined;
  }
}

function countQuery({ key, value, allow, when }: ReadRule, broken: string): Plain {
  const where = when === undefined ? "" : ` WHERE ${when}`;
  const share = key === "nulls" ? Number(value) : allow;
  if (share === 0) {
    const condition = when === undefined ? broken : `(${when}) AND (${broken})`;
    return { type: "sql", query: `SELECT count(*) FROM {object} WHERE ${condition}`, mustBe: 0 };
  }
  const all = key === "nulls" ? "count(*)" : "count({property})";
  const query = `SELECT coalesce(100.0 * count(CASE WHEN ${broken} THEN 1 END) / nullif(${all}, 0), 0) FROM {object}${where}`;
  return { type: "sql", query, mustBeLessOrEqualTo: Number((share * 100).toFixed(10)) };
}

function literal(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : `'${String(value).replaceAll("'", "''")}'`;
}

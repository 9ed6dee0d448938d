import type { Severity } from "../contract/values.ts";
import {
  type ContractDraft,
  entryFor,
  isPlain,
  listAt,
  nullsRule,
  type Plain,
  plainAt,
  textAt,
} from "./draft.ts";
import { quoted } from "./gx-condition.ts";
import { readImplementation } from "./odcs-custom.ts";
import { broken, inUnit, type Operator, operatorOf, shareAllowed, wholeRange } from "./odcs-operator.ts";
import { aggregateOfSql } from "./odcs-sql.ts";

export interface QualityPlace {
  readonly path: string;
  /** Empty for a rule of the table. */
  readonly column: string;
}

interface Rule {
  readonly severity: Severity;
  readonly name: string | undefined;
  readonly description: string | undefined;
}

/** The rules under `quality`, of a property or, with an empty column, of a table. */
export function importQualities(draft: ContractDraft, rules: readonly unknown[], place: QualityPlace): void {
  for (const [index, rule] of rules.entries())
    if (isPlain(rule)) importQuality(draft, rule, { ...place, path: `${place.path}[${index}]` });
}

/** One such rule; what has no counterpart is noted. */
export function importQuality(draft: ContractDraft, rule: Plain, place: QualityPlace): void {
  const reason = importRule(draft, rule, place);
  if (reason !== undefined) draft.note(place.path, reason);
}

/** Undefined, or why the rule was not carried over. */
function importRule(draft: ContractDraft, rule: Plain, place: QualityPlace): string | undefined {
  const type = textAt(rule, "type") ?? "library";
  if (rule["schedule"] !== undefined)
    draft.note(`${place.path}.schedule`, "when the rule runs is decided by the pipeline");
  if (type === "text") return "text, no rule that can be judged";
  if (type === "custom") return importCustom(draft, rule, place);
  const operator = operatorOf(rule);
  if (operator === undefined) return "has no operator such as mustBe with a number";
  if (type === "sql") return importSql(draft, rule, { place, operator });
  return importMetric(draft, rule, { place, operator });
}

function importCustom(draft: ContractDraft, rule: Plain, place: QualityPlace): string | undefined {
  const check = readImplementation(rule, place.column);
  if (typeof check === "string") return check;
  draft.check({ ...check, ...annotated(ruleOf(rule)) });
  return undefined;
}

interface Held {
  readonly place: QualityPlace;
  readonly operator: Operator;
}

function importSql(draft: ContractDraft, rule: Plain, { place, operator }: Held): string | undefined {
  const written = textAt(rule, "query");
  if (written === undefined) return "has no query";
  const { column } = place;
  const aggregate =
    column === "" || operator.isStrict || !operator.isRange ? undefined : aggregateOfSql(written);
  if (aggregate !== undefined && draft.rule(column, aggregate, { value: rangeOf(operator), ...ruleOf(rule) }))
    return undefined;
  const query = written
    .replaceAll(/\$?\{(object|table|model|schema)\}/gi, "data")
    .replaceAll(/\$?\{(property|column|field)\}/gi, () => quoted(column))
    .replace(/;\s*$/, "");
  draft.check({ sql: broken(`(${query.trim()})`, operator), ...annotated(ruleOf(rule)) });
  return undefined;
}

function rangeOf({ min, max }: Operator): Plain {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}

function importMetric(draft: ContractDraft, rule: Plain, held: Held): string | undefined {
  const metric = metricName(textAt(rule, "metric") ?? textAt(rule, "rule") ?? "");
  const { column } = held.place;
  if (metric === "rowCount") return importRowCount(draft, rule, held);
  if (metric === "duplicateValues") return importDuplicates(draft, rule, held);
  if (column === "") return `the metric ${metric} needs a property`;
  switch (metric) {
    case "nullValues":
      return importNulls(draft, rule, held);
    case "missingValues":
      return importMissing(draft, rule, held);
    case "invalidValues":
      return importInvalid(draft, rule, held);
    default:
      return `the metric ${metric || "without a name"} is not known`;
  }
}

/** The names of version 3.0. */
function metricName(name: string): string {
  const older: Readonly<Record<string, string>> = {
    nullCheck: "nullValues",
    duplicateCount: "duplicateValues",
    uniqueCheck: "duplicateValues",
    validValues: "invalidValues",
  };
  return entryFor(older, name) ?? name;
}

function importNulls(draft: ContractDraft, rule: Plain, { place, operator }: Held): string | undefined {
  const share = shareAllowed(rule, operator);
  const card = draft.card(place.column);
  if (share !== undefined && (card["nulls"] === undefined || card["nulls"] === "never")) {
    if (card["nulls"] === undefined) card["nulls"] = nullsRule(share, ruleOf(rule));
    return undefined;
  }
  return countCheck(draft, rule, { place, operator, where: `${quoted(place.column)} IS NULL` });
}

function importMissing(draft: ContractDraft, rule: Plain, held: Held): string | undefined {
  const list = listAt(plainAt(rule, "arguments"), "missingValues");
  const values = list.filter((value) => value !== null);
  if (values.length === 0) return importNulls(draft, rule, held);
  const name = quoted(held.place.column);
  const missing = list.includes(null) ? `${name} IS NULL OR ` : "";
  return countCheck(draft, rule, {
    ...held,
    where: `${missing}CAST(${name} AS VARCHAR) IN (${texts(values)})`,
  });
}

function importInvalid(draft: ContractDraft, rule: Plain, held: Held): string | undefined {
  const given = plainAt(rule, "arguments");
  const values = listAt(rule["validValues"] === undefined ? given : rule, "validValues").filter(
    (value) => value !== null,
  );
  const pattern = textAt(given, "pattern");
  const { column } = held.place;
  const name = quoted(column);
  if (values.length === 0 && pattern === undefined) return "needs the argument validValues or pattern";
  const share = shareAllowed(rule, held.operator);
  const isOne = values.length === 0 || pattern === undefined;
  const more = { ...ruleOf(rule), allow: share };
  if (share !== undefined && isOne) {
    const isWritten =
      pattern === undefined
        ? draft.rule(column, "values", { value: values, ...more })
        : draft.rule(column, "pattern", { value: pattern, ...more });
    if (isWritten) return undefined;
  }
  const outside = [
    ...(values.length === 0 ? [] : [`CAST(${name} AS VARCHAR) NOT IN (${texts(values)})`]),
    ...(pattern === undefined
      ? []
      : [`NOT regexp_matches(CAST(${name} AS VARCHAR), '${pattern.replaceAll("'", "''")}')`]),
  ];
  return countCheck(draft, rule, { ...held, where: outside.join(" OR ") });
}

function importDuplicates(draft: ContractDraft, rule: Plain, { place, operator }: Held): string | undefined {
  const columns = listAt(plainAt(rule, "arguments"), "properties").map(String);
  const keys = columns.length === 0 && place.column !== "" ? [place.column] : columns;
  if (keys.length === 0) return "needs the argument properties";
  const [only] = keys;
  if (shareAllowed(rule, operator) === 0 && only !== undefined) {
    if (keys.length > 1) draft.unique(keys, ruleOf(rule));
    else draft.rule(only, "unique", { value: true, ...ruleOf(rule) });
    return undefined;
  }
  const list = keys.map(quoted).join(", ");
  const present = keys.map((key) => `${quoted(key)} IS NOT NULL`).join(" AND ");
  const repeated = `coalesce((SELECT sum(n - 1) FROM (SELECT count(*) AS n FROM data WHERE ${present} GROUP BY ${list})), 0)`;
  draft.check({ sql: broken(inUnit(rule, repeated), operator), ...annotated(ruleOf(rule)) });
  return undefined;
}

function importRowCount(draft: ContractDraft, rule: Plain, { operator }: Held): string | undefined {
  const { min: low, max: high } = wholeRange(operator);
  const { isRange } = operator;
  if (isRange && textAt(rule, "unit") !== "percent" && (low ?? 0) >= 0 && (high ?? 0) >= 0) {
    const isLowWritten = low === undefined || draft.rows("min", { value: low, ...ruleOf(rule) });
    const isHighWritten = high === undefined || draft.rows("max", { value: high, ...ruleOf(rule) });
    if (isLowWritten && isHighWritten) return undefined;
  }
  draft.check({ sql: broken("(SELECT count(*) FROM data)", operator), ...annotated(ruleOf(rule)) });
  return undefined;
}

function countCheck(
  draft: ContractDraft,
  rule: Plain,
  { operator, where }: Held & { readonly where: string },
): undefined {
  const count = `(SELECT count(*) FROM data WHERE ${where})`;
  draft.check({ sql: broken(inUnit(rule, count), operator), ...annotated(ruleOf(rule)) });
}

function texts(values: readonly unknown[]): string {
  return values.map((value) => `'${String(value).replaceAll("'", "''")}'`).join(", ");
}

function ruleOf(rule: Plain): Rule {
  const severity = textAt(rule, "severity")?.toLowerCase() ?? "";
  const isWarning = severity === "warning" || severity === "warn";
  const other = severity === "info" ? "info" : "fail";
  return {
    severity: isWarning ? "warn" : other,
    name: textAt(rule, "name"),
    description: textAt(rule, "description"),
  };
}

function annotated({ severity, name, description }: Rule): Plain {
  return {
    ...(severity === "fail" ? {} : { severity }),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
  };
}

import { entryFor, isPlain, listAt, type Plain, plainAt, textAt } from "./draft.ts";
import { sqlOfAggregate } from "./odcs-sql.ts";

/** One entry of `checks`: `- missing:` or `- missing: {threshold: ...}`. */
export interface SodaCheck {
  readonly path: string;
  readonly type: string;
  readonly body: Plain;
  readonly notes: { readonly severity?: "warn"; readonly name?: string };
}

export function sodaChecks(owner: Plain, path: string): SodaCheck[] {
  return listAt(owner, "checks").flatMap((entry, index) => {
    if (!isPlain(entry)) return [];
    const { type: written, ...flat } = entry;
    const [type, inner] =
      typeof written === "string" ? [written, flat] : (Object.entries(entry)[0] ?? ["", {}]);
    const { name, level, attributes, qualifier, ...body } = isPlain(inner) ? inner : {};
    const isWarning = level === "warn" || plainAt(body, "threshold")["level"] === "warn";
    const notes = {
      ...(isWarning ? { severity: "warn" as const } : {}),
      ...(typeof name === "string" ? { name } : {}),
    };
    return [{ path: `${path}[${index}]`, type, body, notes }];
  });
}

const operators: Readonly<Record<string, string>> = {
  must_be: "mustBe",
  must_be_not: "mustNotBe",
  must_not_be: "mustNotBe",
  must_be_greater_than: "mustBeGreaterThan",
  must_be_greater_than_or_equal: "mustBeGreaterOrEqualTo",
  must_be_less_than: "mustBeLessThan",
  must_be_less_than_or_equal: "mustBeLessOrEqualTo",
  must_be_between: "mustBeBetween",
  must_be_not_between: "mustNotBeBetween",
};

const functions: Readonly<Record<string, string>> = {
  avg: "mean",
  sum: "sum",
  stddev: "stdev",
  median: "median",
};

/** The check as a rule of ODCS `quality`; a text says why there is none. */
export function toOdcsRule({ type, body, notes }: SodaCheck): Plain | string {
  const threshold = plainAt(body, "threshold");
  const more = {
    ...(notes.severity === undefined ? {} : { severity: "warning" }),
    ...(notes.name === undefined ? {} : { name: notes.name }),
    ...(threshold["metric"] === "percent" ? { unit: "percent" } : {}),
  };
  const limit = limitOf(threshold, type === "row_count" ? { mustBeGreaterThan: 0 } : { mustBe: 0 });
  if (limit === undefined) return "its threshold is none that is known";
  switch (type) {
    case "row_count":
      return { metric: "rowCount", ...limit, ...more };
    case "missing":
      return missingRule(body, { ...limit, ...more });
    case "duplicate":
      return {
        metric: "duplicateValues",
        arguments: { properties: listAt(body, "columns") },
        ...limit,
        ...more,
      };
    case "invalid":
      return invalidRule(body, { ...limit, ...more });
    case "aggregate": {
      const query = sqlOfAggregate(entryFor(functions, textAt(body, "function") ?? "") ?? "");
      return query === undefined
        ? `the function ${String(body["function"])} is not read`
        : { type: "sql", query, ...limit, ...more };
    }
    default:
      return `the check ${type} is not read`;
  }
}

function missingRule(body: Plain, more: Plain): Plain | string {
  const values = listAt(body, "missing_values");
  if (body["missing_format"] !== undefined) return "a pattern for missing values has no counterpart";
  if (values.length === 0) return { metric: "nullValues", ...more };
  return { metric: "missingValues", arguments: { missingValues: [null, ...values] }, ...more };
}

function invalidRule(body: Plain, more: Plain): Plain | string {
  const values = listAt(body, "valid_values");
  const format = isPlain(body["valid_format"]) ? textAt(body["valid_format"], "regex") : undefined;
  const pattern = format ?? textAt(body, "valid_regex");
  const known = ["threshold", "valid_values", "valid_format", "valid_regex"];
  const others = Object.keys(body).filter((key) => !known.includes(key));
  if (others.length > 0) return `${others.join(", ")} beside others, or with a threshold, is not read`;
  if (values.length === 0 && pattern === undefined) return "says nothing about what is valid";
  const given = {
    ...(values.length === 0 ? {} : { validValues: values }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  return { metric: "invalidValues", arguments: given, ...more };
}

function limitOf(threshold: Plain, usual: Plain): Plain | undefined {
  const entries = Object.entries(threshold).filter(([key]) => key.startsWith("must_"));
  const [only] = entries;
  if (only === undefined) return usual;
  const [key, value] = only;
  const operator = entryFor(operators, key);
  if (operator === undefined || entries.length > 1) return undefined;
  if (typeof value === "number") return { [operator]: value };
  const ends = isPlain(value) ? [value["greater_than_or_equal"], value["less_than_or_equal"]] : value;
  const isPair = Array.isArray(ends) && ends.length === 2 && ends.every((end) => typeof end === "number");
  return isPair ? { [operator]: ends } : undefined;
}

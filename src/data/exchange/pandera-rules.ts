import { escapeRegex, numberAt, type Plain } from "./draft.ts";
import type { PanderaCheck } from "./pandera-checks.ts";

/** The rules that a built-in check of pandera comes to; undefined for one that is not known. */
export function rulesOf({ name, stats, value }: PanderaCheck): [string, unknown][] | undefined {
  switch (name) {
    case "equal_to":
    case "eq":
      return [["values", [value]]];
    case "not_equal_to":
    case "ne":
      return [["not_values", [value]]];
    case "greater_than":
    case "gt":
      return [["greater_than", bound(value)]];
    case "greater_than_or_equal_to":
    case "ge":
      return [["min", bound(value)]];
    case "less_than":
    case "lt":
      return [["less_than", bound(value)]];
    case "less_than_or_equal_to":
    case "le":
      return [["max", bound(value)]];
    case "in_range":
    case "between":
      return rangeRules(stats);
    case "isin":
      return Array.isArray(value) ? [["values", value]] : undefined;
    case "notin":
      return Array.isArray(value) ? [["not_values", value]] : undefined;
    case "str_length":
      return lengthRules(stats, value);
    default:
      return patternRules(name, value);
  }
}

function patternRules(name: string, value: unknown): [string, unknown][] | undefined {
  if (typeof value !== "string") return undefined;
  switch (name) {
    // re.match: anchored at the start, open at the end.
    case "str_matches": {
      const unwanted = /^\^\(\?!\[\\s\\S\]\*\(\?:(.*)\)\)$/s.exec(value)?.[1];
      if (unwanted !== undefined) return [["not_pattern", unwanted]];
      return [["pattern", value.startsWith("^") && !value.includes("|") ? value : `^(?:${value})`]];
    }
    case "str_contains":
      return [["pattern", value]];
    case "str_startswith":
      return [["pattern", `^${escapeRegex(value)}`]];
    case "str_endswith":
      return [["pattern", `${escapeRegex(value)}$`]];
    default:
      return undefined;
  }
}

function rangeRules(stats: Plain): [string, unknown][] {
  const low = stats["include_min"] === false ? "greater_than" : "min";
  const high = stats["include_max"] === false ? "less_than" : "max";
  return [
    [low, bound(stats["min_value"])],
    [high, bound(stats["max_value"])],
  ];
}

function lengthRules(stats: Plain, value: unknown): [string, unknown][] | undefined {
  const exact = numberAt(stats, "exact_value") ?? (typeof value === "number" ? value : undefined);
  const min = exact ?? numberAt(stats, "min_value");
  const max = exact ?? numberAt(stats, "max_value");
  if (min === undefined && max === undefined) return undefined;
  return [["length", { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }]];
}

/** `2020-01-01 00:00:00` is how pandera writes the day. */
function bound(value: unknown): unknown {
  return typeof value === "string" ? value.replace(/^(\d{4}-\d\d-\d\d) 00:00:00$/, "$1") : value;
}

/** A second rule of one kind: the expectation of Great Expectations that says the same. */
export function expectationOf(key: string, value: unknown): { type: string; kwargs: Plain } | undefined {
  switch (key) {
    case "pattern":
      return { type: "expect_column_values_to_match_regex", kwargs: { regex: value } };
    case "values":
      return { type: "expect_column_values_to_be_in_set", kwargs: { value_set: value } };
    case "not_values":
      return { type: "expect_column_values_to_not_be_in_set", kwargs: { value_set: value } };
    case "min":
      return between({ min_value: value });
    case "max":
      return between({ max_value: value });
    case "greater_than":
      return between({ min_value: value, strict_min: true });
    case "less_than":
      return between({ max_value: value, strict_max: true });
    default:
      return undefined;
  }
}

function between(kwargs: Plain): { type: string; kwargs: Plain } {
  return { type: "expect_column_values_to_be_between", kwargs };
}

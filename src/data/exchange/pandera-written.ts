import type { ExchangeNote, Plain } from "./draft.ts";
import { type ReadRule, rangeOf } from "./read-contract.ts";

/** pandera's flat keys for a rule on values: name and value of each check. What cannot be said is noted. */
export function checksOfRule(rule: ReadRule, type: string, notes: ExchangeNote[]): [string, unknown][] {
  const { path, allow, severity, when } = rule;
  const check = checkOf(rule, type);
  if (check === undefined) {
    const isSaid = rule.key === "infinite" && rule.value === "allow";
    if (!isSaid) notes.push({ path, reason: `the rule ${rule.key} has no counterpart` });
    return [];
  }
  if (when !== undefined) {
    notes.push({ path, reason: "its condition has no counterpart" });
    return [];
  }
  if (allow > 0)
    notes.push({ path, reason: "its tolerance has no counterpart: the rule warns there of every row" });
  if (severity === "info")
    notes.push({ path, reason: "its severity info has no counterpart: it warns there" });
  return [[check.name, withOptions(check, rule)]];
}

interface WrittenCheck {
  readonly name: string;
  /** The argument's name in Python. */
  readonly argument: string | undefined;
  readonly value: unknown;
}

function checkOf({ key, value }: ReadRule, type: string): WrittenCheck | undefined {
  const one = (name: string, argument: string, given = value): WrittenCheck => ({
    name,
    argument,
    value: given,
  });
  switch (key) {
    case "min":
      return one("greater_than_or_equal_to", "min_value", timeOf(value, type));
    case "max":
      return one("less_than_or_equal_to", "max_value", timeOf(value, type));
    case "greater_than":
      return one("greater_than", "min_value", timeOf(value, type));
    case "less_than":
      return one("less_than", "max_value", timeOf(value, type));
    case "values":
      return one("isin", "allowed_values", listOf(value, type));
    case "not_values":
      return one("notin", "forbidden_values", listOf(value, type));
    case "pattern":
      return one("str_contains", "pattern");
    case "not_pattern":
      return one("str_matches", "pattern", `^(?![\\s\\S]*(?:${String(value)}))`);
    case "length": {
      const { min = null, max = null } = rangeOf(value);
      return { name: "str_length", argument: undefined, value: { min_value: min, max_value: max } };
    }
    default:
      return undefined;
  }
}

/** The bare value, or its arguments with the options beside them. */
function withOptions(
  { argument, value }: WrittenCheck,
  { severity, allow, name, description }: ReadRule,
): unknown {
  const options = {
    ...(severity !== "fail" || allow > 0 ? { raise_warning: true } : {}),
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { error: description }),
  };
  if (argument === undefined) return { ...(typeof value === "object" ? value : {}), ...options };
  return Object.keys(options).length === 0 ? value : ({ [argument]: value, ...options } satisfies Plain);
}

/** A column of dates is compared with dates, not with text; one of timestamps reads text of this form. */
function timeOf(value: unknown, type: string): unknown {
  if (typeof value !== "string") return value;
  if (type === "date") return new Date(`${value.slice(0, 10)}T00:00:00Z`);
  const [, day = value, clock = "00:00:00"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?))?/.exec(value) ?? [];
  return `${day} ${clock.length === 5 ? `${clock}:00` : clock}`;
}

function listOf(value: unknown, type: string): unknown {
  if (!Array.isArray(value)) return value;
  return type === "date" || type === "timestamp" ? value.map((one: unknown) => timeOf(one, type)) : value;
}

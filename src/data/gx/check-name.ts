const longest = 100;
const shownItems = 5;
/** Shown by their values alone, in this order; all others by their names. */
const subjects = ["column", "column_A", "column_B", "column_list"];
const bounds = ["min_value", "max_value", "strict_min", "strict_max"];

/**
 * An expectation in one line: `expect_column_values_to_be_between(amount, 0..10, mostly 0.95)`. A condition on rows stands
 * behind it, so that two expectations that differ in it alone are told apart.
 */
export function checkName(type: string, kwargs: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(kwargs).filter(([, value]) => value !== undefined && value !== null);
  const values = new Map(given);
  const parts = [
    ...subjects.filter((key) => values.has(key)).map((key) => shown(values.get(key))),
    ...range(values),
    ...given.filter(([key]) => !isShownElsewhere(key)).map(([key, value]) => described(key, value)),
  ];
  const condition = values.get("row_condition");
  const where = condition === undefined ? "" : ` where ${short(conditionText(condition))}`;
  return `${type}(${parts.join(", ")})${where}`;
}

function isShownElsewhere(key: string): boolean {
  const silent = ["row_condition", "condition_parser", "result_format", "catch_exceptions", "batch_id"];
  return [...subjects, ...bounds, ...silent, "include_config", "windows"].includes(key);
}

/** `0..10`; `0<..` and `..<10` where the bound itself is out. */
function range(values: ReadonlyMap<string, unknown>): string[] {
  const [low, high] = [values.get("min_value"), values.get("max_value")];
  if (low === undefined && high === undefined) return [];
  const from = low === undefined ? "" : `${shown(low)}${values.get("strict_min") === true ? "<" : ""}`;
  const to = high === undefined ? "" : `${values.get("strict_max") === true ? "<" : ""}${shown(high)}`;
  return [`${from}..${to}`];
}

function described(key: string, value: unknown): string {
  if (key === "mostly") return `mostly ${shown(value)}`;
  if (["value_set", "regex", "type_", "value", "type_list", "regex_list"].includes(key)) return shown(value);
  return `${key}=${shown(value)}`;
}

function shown(value: unknown): string {
  if (typeof value === "string") return short(value);
  if (!Array.isArray(value)) return short(JSON.stringify(value) ?? "");
  const items = value.slice(0, shownItems).map((item: unknown) => shown(item));
  const more = value.length > shownItems ? [`+${value.length - shownItems}`] : [];
  return `[${[...items, ...more].join(", ")}]`;
}

function conditionText(condition: unknown): string {
  return typeof condition === "string" ? condition : JSON.stringify(condition);
}

function short(text: string): string {
  const letters = [...text.replaceAll(/\s+/g, " ")];
  return letters.length > longest ? `${letters.slice(0, longest - 1).join("")}…` : letters.join("");
}

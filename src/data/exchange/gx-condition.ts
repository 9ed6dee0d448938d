import { entryFor, isPlain, listAt, type Plain, plainAt, textAt } from "./draft.ts";

/**
 * A `row_condition` of Great Expectations as an SQL condition; undefined for one that is more than comparisons with
 * plain values joined by `and` or `or`. As in SQL a missing value meets no comparison.
 */
export function conditionToSql(condition: unknown): string | undefined {
  if (typeof condition === "string") return textToSql(condition);
  return isPlain(condition) ? objectToSql(condition) : undefined;
}

const operators: Readonly<Record<string, string>> = {
  "==": "=",
  "!=": "<>",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
};

function objectToSql(condition: Plain): string | undefined {
  switch (condition["type"]) {
    case "comparison":
      return comparisonToSql(condition);
    case "nullity": {
      const name = textAt(plainAt(condition, "column"), "name");
      return name === undefined
        ? undefined
        : `${quoted(name)} IS ${condition["is_null"] === true ? "" : "NOT "}NULL`;
    }
    case "and":
    case "or": {
      const parts = listAt(condition, "conditions").map(conditionToSql);
      if (parts.length === 0 || parts.includes(undefined)) return undefined;
      return `(${parts.join(condition["type"] === "and" ? " AND " : " OR ")})`;
    }
    default:
      return undefined;
  }
}

function comparisonToSql(condition: Plain): string | undefined {
  const name = textAt(plainAt(condition, "column"), "name");
  const operator = textAt(condition, "operator") ?? "";
  const value = condition["parameter"];
  if (name === undefined) return undefined;
  if ((operator === "IN" || operator === "NOT_IN") && Array.isArray(value)) {
    const list = value.map(literalToSql);
    if (list.length === 0 || list.includes(undefined)) return undefined;
    return `${quoted(name)} ${operator === "IN" ? "IN" : "NOT IN"} (${list.join(", ")})`;
  }
  const [sql, literal] = [entryFor(operators, operator), literalToSql(value)];
  return sql === undefined || literal === undefined ? undefined : `${quoted(name)} ${sql} ${literal}`;
}

/** `col("a") > 1`, `col("a").notnull()`: the old grammar knows one term only. */
function textToSql(text: string): string | undefined {
  const notNull = /^\s*col\("([^"]+)"\)\.notnull\(\)\s*$/i.exec(text);
  if (notNull?.[1] !== undefined) return `${quoted(notNull[1])} IS NOT NULL`;
  const term =
    /^\s*col\("([^"]+)"\)\s*(==|!=|<=|>=|<|>)\s*(?:(-?\d+(?:\.\d+)?)|"([^"']+)"|'([^"']+)')\s*$/.exec(text);
  if (term === null) return undefined;
  const [, name = "", operator = "", number, double, single] = term;
  const value = number === undefined ? `'${double ?? single ?? ""}'` : number;
  return `${quoted(name)} ${entryFor(operators, operator) ?? "="} ${value}`;
}

function literalToSql(value: unknown): string | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return typeof value === "string" ? `'${value.replaceAll("'", "''")}'` : undefined;
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** The other way: an SQL condition of the shapes above as Great Expectations' own object. */
export function sqlToCondition(sql: string): Plain | undefined {
  const text = sql.trim();
  const parts = /^\((.*)\)$/s.exec(text)?.[1] ?? text;
  for (const word of ["OR", "AND"]) {
    const terms = parts.split(new RegExp(`\\s+${word}\\s+`, "i"));
    if (terms.length === 1) continue;
    // A keyword inside a quoted value would cut it in two: the halves are no terms then.
    const conditions = terms.map(word === "OR" ? sqlToCondition : termToCondition);
    return conditions.includes(undefined) ? undefined : { type: word.toLowerCase(), conditions };
  }
  return termToCondition(parts);
}

function termToCondition(sql: string): Plain | undefined {
  const name = `(?:"((?:[^"]|"")+)"|([A-Za-z_]\\w*))`;
  const nullity = new RegExp(`^\\s*${name}\\s+IS\\s+(NOT\\s+)?NULL\\s*$`, "i").exec(sql);
  if (nullity !== null)
    return { type: "nullity", column: columnOf(nullity), is_null: nullity[3] === undefined };
  const literal = "(-?\\d+(?:\\.\\d+)?|'(?:[^']|'')*'|TRUE|FALSE)";
  const list = new RegExp(
    `^\\s*${name}\\s+(NOT\\s+)?IN\\s*\\(\\s*(${literal}(?:\\s*,\\s*${literal})*)\\s*\\)\\s*$`,
    "i",
  ).exec(sql);
  if (list !== null) {
    const parameter = [...(list[4] ?? "").matchAll(new RegExp(literal, "gi"))].map((one) =>
      literalOf(one[0]),
    );
    return {
      type: "comparison",
      column: columnOf(list),
      operator: list[3] === undefined ? "IN" : "NOT_IN",
      parameter,
    };
  }
  const term = new RegExp(`^\\s*${name}\\s*(=|<>|!=|<=|>=|<|>)\\s*${literal}\\s*$`, "i").exec(sql);
  if (term === null) return undefined;
  const operator = Object.entries(operators).find(([, own]) => own === term[3]?.replace("!=", "<>"))?.[0];
  return { type: "comparison", column: columnOf(term), operator, parameter: literalOf(term[4] ?? "") };
}

function columnOf(match: RegExpExecArray): Plain {
  return { name: match[1]?.replaceAll('""', '"') ?? match[2] };
}

function literalOf(literal: string): string | number | boolean {
  if (/^true$/i.test(literal)) return true;
  if (/^false$/i.test(literal)) return false;
  return literal.startsWith("'") ? literal.slice(1, -1).replaceAll("''", "'") : Number(literal);
}

import { messageOf } from "../../errors.ts";
import { type Condition, type ConditionValue, comparisonOf } from "./condition.ts";
import { parseLegacyCondition } from "./legacy-condition.ts";
import { parsePandasQuery } from "./pandas-query.ts";

/** What a `row_condition` is: nothing, a condition, wrong for every tool, or right but beyond this one. */
export type ReadCondition =
  | { readonly kind: "none" }
  | { readonly kind: "condition"; readonly condition: Condition }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unsupported"; readonly message: string };

const parsers = ["great_expectations", "great_expectations__experimental__", "pandas", "spark"];
const maxLeaves = 100;

/** Reads a `row_condition` in every form that Great Expectations writes, with the `condition_parser` beside it. */
export function readRowCondition(written: unknown, parser: unknown): ReadCondition {
  if (written === undefined || written === null || written === "") return { kind: "none" };
  if (parser !== undefined && parser !== null && !parsers.includes(String(parser))) {
    const message = `condition_parser is ${JSON.stringify(parser)}, expected one of ${parsers.join(", ")}`;
    return { kind: "refused", message };
  }
  try {
    if (typeof written === "string") return readText(written, parser ?? undefined);
    return { kind: "condition", condition: checked(written, parser ?? undefined) };
  } catch (error) {
    if (error instanceof Unsupported) return { kind: "unsupported", message: error.message };
    return { kind: "refused", message: `row_condition: ${messageOf(error)}` };
  }
}

/** A condition that only the other tool can evaluate: no error of the suite. Never leaves this file. */
class Unsupported extends Error {}

function readText(text: string, parser: unknown): ReadCondition {
  if (String(parser).startsWith("great_expectations"))
    return { kind: "condition", condition: parseLegacyCondition(text) };
  return { kind: "condition", condition: passedThrough(text, parser) };
}

/** Text that Great Expectations hands to its engine: a query of pandas, or SQL where it says `spark`. */
function passedThrough(text: string, parser: unknown): Condition {
  if (parser === "spark") return { is: "sql", sql: text };
  try {
    return parsePandasQuery(text);
  } catch (error) {
    throw new Unsupported(
      `the row_condition ${JSON.stringify(text)} is a query of pandas that is not supported: ${messageOf(error)}; ` +
        'SQL is understood with condition_parser "spark"',
    );
  }
}

function checked(written: unknown, parser: unknown): Condition {
  const counted = { leaves: 0 };
  const condition = conditionOf(written, { parser, within: undefined, counted });
  if (counted.leaves > maxLeaves)
    throw new Error(`it has ${counted.leaves} conditions, at most ${maxLeaves} are allowed`);
  return condition;
}

interface Place {
  readonly parser: unknown;
  readonly within: "and" | "or" | undefined;
  readonly counted: { leaves: number };
}

function conditionOf(written: unknown, place: Place): Condition {
  if (typeof written === "string" && place.within === undefined) return passedThrough(written, place.parser);
  const object = recordOf(written);
  if (object === undefined) throw new Error(`${JSON.stringify(written)} is no condition`);
  const { type } = object;
  if (type === "and" || type === "or") return groupOf(type, object, place);
  place.counted.leaves += 1;
  if (type === "comparison") return comparisonFrom(object);
  if (type === "nullity") {
    if (typeof object["is_null"] !== "boolean") throw new Error("is_null of a nullity must be true or false");
    return { is: "nullity", column: columnOf(object), isNull: object["is_null"] };
  }
  if (type === "pass_through" && typeof object["pass_through_filter"] === "string")
    return passedThrough(object["pass_through_filter"], place.parser);
  const known = "comparison, nullity, and, or, pass_through";
  throw new Error(`type is ${JSON.stringify(type)}, expected one of ${known}, with all that belongs to it`);
}

function groupOf(is: "and" | "or", object: Readonly<Record<string, unknown>>, place: Place): Condition {
  if (is === "or" && place.within !== undefined)
    throw new Error(`an "or" stands inside an "${place.within}"; only an "or" of "and"s is allowed`);
  const { conditions } = object;
  if (!Array.isArray(conditions) || conditions.length === 0)
    throw new Error(`conditions of an "${is}" must be a list with something in it`);
  if (conditions.length > maxLeaves) throw new Error(`it has more than ${maxLeaves} conditions`);
  return { is, parts: conditions.map((part: unknown) => conditionOf(part, { ...place, within: is })) };
}

function comparisonFrom(object: Readonly<Record<string, unknown>>): Condition {
  const column = columnOf(object);
  const { operator, parameter } = object;
  if (operator === "IN" || operator === "NOT_IN")
    return { is: "membership", column, values: valuesOf(parameter), isIn: operator === "IN" };
  const comparison = typeof operator === "string" ? comparisonOf(operator) : undefined;
  if (comparison === undefined)
    throw new Error(`operator is ${JSON.stringify(operator)}, expected == != < <= > >= IN or NOT_IN`);
  const other = recordOf(parameter)?.["name"];
  if (typeof other === "string") return { is: "columns", column, operator: comparison, other };
  if (!isValue(parameter))
    throw new Error(
      `parameter is ${JSON.stringify(parameter)}, expected a number, a text, true or false; a null is asked for by nullity`,
    );
  return { is: "comparison", column, operator: comparison, value: parameter };
}

function columnOf({ column }: Readonly<Record<string, unknown>>): string {
  const name = recordOf(column)?.["name"] ?? column;
  if (typeof name === "string" && name !== "") return name;
  throw new Error(`column is ${JSON.stringify(column)}, expected {"name": ...}`);
}

function valuesOf(parameter: unknown): ConditionValue[] {
  if (!Array.isArray(parameter)) throw new Error("the parameter of IN and NOT_IN must be a list");
  const values: unknown[] = parameter;
  const isAllOf = (type: "number" | "string") => values.every((value) => typeof value === type);
  if (!isAllOf("number") && !isAllOf("string"))
    throw new Error("the list of IN and NOT_IN must be all numbers or all text");
  return values.filter(isValue);
}

function isValue(value: unknown): value is ConditionValue {
  return ["string", "number", "boolean"].includes(typeof value);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

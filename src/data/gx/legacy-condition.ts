import { type Condition, comparisonOf } from "./condition.ts";

const columnForm = /^\s*col\(\s*"([^"]+)"\s*\)/;
const notNullForm = /^\s*\.notnull\(\)/i;
const operatorForm = /^\s*(==|!=|<=|>=|<|>)/;
const numberForm = /^\s*([+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)/;
const textForm = /^\s*(?:"([^"]+)"|'([^']+)')/;
const dateForm = /^\s*date\(\s*(?:"([^"]+)"|'([^']+)')\s*\)/;

/**
 * Reads one term of Great Expectations' own old language: `col("a").notnull()`, `col("a") >= 5`, `col("b") == "x"`,
 * `col("d") > date("2020-01-01")`. Throws an Error with what is wrong, also for text behind the term, which Great
 * Expectations itself ignores: half of the condition would silently not be applied.
 */
export function parseLegacyCondition(text: string): Condition {
  const [column, afterColumn] = taken(text, columnForm, 'expected col("name")');
  const notNull = notNullForm.exec(afterColumn);
  if (notNull !== null) {
    refuseRest(afterColumn.slice(notNull[0].length));
    return { is: "nullity", column, isNull: false };
  }
  const [sign, afterSign] = taken(afterColumn, operatorForm, "expected .notnull() or one of == != < <= > >=");
  const operator = comparisonOf(sign);
  if (operator === undefined) throw new Error(`${sign} is no comparison`);
  const [value, rest] = comparedWith(afterSign);
  refuseRest(rest);
  return { is: "comparison", column, operator, value };
}

function comparedWith(text: string): [string | number, string] {
  const number = numberForm.exec(text);
  if (number !== null) return [Number(number[1]), text.slice(number[0].length)];
  const isDate = dateForm.test(text);
  return taken(text, isDate ? dateForm : textForm, 'expected a number, a text in quotes or date("...")');
}

function taken(text: string, form: RegExp, expected: string): [string, string] {
  const found = form.exec(text);
  const word = found?.[1] ?? found?.[2];
  if (found === null || word === undefined)
    throw new Error(`${expected} where ${JSON.stringify(text.trim().slice(0, 40))} stands`);
  return [word, text.slice(found[0].length)];
}

function refuseRest(rest: string): void {
  if (rest.trim() === "") return;
  const shown = JSON.stringify(rest.trim().slice(0, 60));
  throw new Error(`${shown} stands behind the end of the condition; this language knows one term only`);
}

import type { Check, CheckHead, Judgement } from "../plan/check.ts";
import { isOfType, type PlanColumn } from "../plan/column.ts";
import { and } from "../plan/expression.ts";
import { isTolerated } from "../plan/judge.ts";

import { columnCounts, countOf, shownOf } from "./counts.ts";
import { headOf, type Rule } from "./rule.ts";
import { type DeclaredType, logicalType } from "./values.ts";

/** What is known before anything is measured. */
function knownCheck(head: CheckHead, isGood: boolean, observed: Judgement["observed"]): Check {
  const judgement = { observed, failingRows: null, judgedRows: null };
  return { ...head, measures: [], judge: () => ({ outcome: isGood ? "good" : "bad", ...judgement }) };
}

/** Is the column there? */
export function requiredCheck(name: string, rule: Rule<boolean>, isPresent: boolean): Check[] {
  if (!rule.value) return [];
  const about = { kind: "schema", column: name, comparison: "=", limit: "present" } as const;
  const head = headOf(rule, { ...about, name: `required(${name})` });
  return [knownCheck(head, isPresent, isPresent ? "present" : "missing")];
}

/** Columns of the table that the contract does not know. */
export function extraColumnsCheck(rule: Rule<true>, extra: readonly string[]): Check {
  const about = { kind: "schema", column: null, comparison: "=", limit: [] } as const;
  return knownCheck(headOf(rule, { ...about, name: "extra_columns" }), extra.length === 0, extra);
}

/** Do the columns that have cards stand in the order of their cards? Columns that are missing, or have none, may be anywhere. */
export function columnOrderCheck(
  rule: Rule<true>,
  cards: readonly string[],
  columns: readonly string[],
): Check {
  const expected = cards.filter((name) => columns.includes(name));
  const observed = columns.filter((name) => expected.includes(name));
  const about = { kind: "schema", column: null, comparison: "=", limit: expected } as const;
  const isGood = observed.every((name, index) => name === expected[index]);
  return knownCheck(headOf(rule, { ...about, name: "column_order" }), isGood, observed);
}

/** Is a column stored as its type, or are all values of a text column readable as it? */
export function typeCheck(column: PlanColumn, rule: Rule<DeclaredType>): Check {
  const { name } = column;
  const about = { kind: "type", column: name, comparison: "=", limit: rule.value } as const;
  const head = headOf(rule, { ...about, name: `type(${name})` });
  return column.storedType === undefined
    ? readableCheck(column, rule, head)
    : storedCheck(column, rule, head);
}

/** A stored type is one for all values: none of them is of the declared type. */
function storedCheck(column: PlanColumn, rule: Rule<DeclaredType>, head: CheckHead): Check {
  const { storedType = "other", storedAs } = column;
  const complex = storedType === "other" ? complexTypeOf(storedAs) : undefined;
  const actual = complex ?? storedType;
  const observed = actual === rule.value ? actual : `${actual} (${storedAs})`;
  const logical = logicalType.safeParse(rule.value);
  const isGood = logical.success ? isOfType(storedType, logical.data) : actual === rule.value;
  const counts = columnCounts(column, rule.when);
  return {
    ...head,
    measures: counts.measures,
    judge: (answers) => {
      const present = counts.present(answers);
      const failingRows = isGood ? 0 : present;
      return { outcome: isGood ? "good" : "bad", observed, failingRows, judgedRows: present };
    },
  };
}

function readableCheck(column: PlanColumn, rule: Rule<DeclaredType>, head: CheckHead): Check {
  const counts = columnCounts(column, rule.when);
  const rows = countOf(and(rule.when, { op: "is-mistyped", column: column.name }));
  return {
    ...head,
    measures: counts.measures,
    judge: (answers) => {
      const failing = counts.mistyped(answers);
      const present = counts.present(answers);
      const outcome = isTolerated(failing, present, rule.allow) ? "good" : "bad";
      const observed = failing === 0 ? rule.value : "string";
      return { outcome, observed, failingRows: failing, judgedRows: present };
    },
    failing: () => ({ rows, shown: [shownOf(column)] }),
  };
}

/** What the engine's name of a type says of a value with parts; the words are those of most engines. */
function complexTypeOf(storedAs: string): DeclaredType | undefined {
  if (/(\[\d*\]|^(ARRAY|LIST)\b.*)$/is.test(storedAs)) return "list";
  if (/^(STRUCT|ROW)\b/i.test(storedAs)) return "struct";
  if (/^MAP\b/i.test(storedAs)) return "map";
  return /^(BLOB|BINARY|VARBINARY|BYTEA)\b/i.test(storedAs) ? "binary" : undefined;
}

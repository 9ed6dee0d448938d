import type { Check, CheckHead } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import type { Expression } from "../plan/expression.ts";
import { checkName } from "./check-name.ts";
import { conditionRows } from "./condition-expression.ts";
import {
  type ExpectationBody,
  type ExpectationTable,
  isNotEvaluable,
  type NotEvaluable,
} from "./expectation.ts";
import type { Suite, SuiteExpectation } from "./suite.ts";

export interface TableFacts {
  readonly columns: readonly PlanColumn[];
  /** Names of the other tables of the run. */
  readonly otherTables: readonly string[];
  readonly now: Date;
}

/** What expectations may know of a table. */
export function expectationTable({ columns, otherTables, now }: TableFacts): ExpectationTable {
  const exact = new Map(columns.map((column) => [column.name, column]));
  const alike = Map.groupBy(columns, (column) => column.name.toLowerCase());
  const find = (name: string): PlanColumn | undefined => {
    const others = alike.get(name.toLowerCase()) ?? [];
    return exact.get(name) ?? (others.length === 1 ? others[0] : undefined);
  };
  return { columns, find, otherTables, now };
}

/**
 * One check for each expectation, in the order of the suite. One that cannot be evaluated, for its type, its condition or
 * this table, is a check with the verdict `error`: it counts as critical, whatever its severity, and is never left out.
 */
export function suiteChecks(suite: Suite, table: ExpectationTable): Check[] {
  return suite.expectations.map((expectation) => checkOf(expectation, suite, table));
}

function checkOf(expectation: SuiteExpectation, suite: Suite, table: ExpectationTable): Check {
  const made = bodyOf(expectation, suite, table);
  const head = headOf(expectation, suite.name);
  if (isNotEvaluable(made)) return { ...head, verdict: "error", reason: made.notEvaluable };
  return { ...head, ...made };
}

function bodyOf(
  expectation: SuiteExpectation,
  suite: Suite,
  table: ExpectationTable,
): ExpectationBody | NotEvaluable {
  const { rule, condition, index, type, id, severity, meta, notes, description } = expectation;
  if ("notEvaluable" in rule) return rule;
  if (condition.kind === "unsupported") return { notEvaluable: condition.message };
  let where: Expression | undefined;
  if (condition.kind === "condition") {
    const rows = conditionRows(condition.condition, table);
    if (isNotEvaluable(rows)) return rows;
    where = rows.where;
  }
  const head = { index, type, id, severity, meta, notes, description, where, suite: suite.name };
  return rule.make(head, table);
}

function headOf(expectation: SuiteExpectation, suite: string): CheckHead {
  const { type, kwargs, severity, description, notes } = expectation;
  const { column } = kwargs;
  const text = [description, notes].filter((one) => one !== null && one !== "").join("\n");
  return {
    name: checkName(type, kwargs),
    kind: "expectation",
    column: typeof column === "string" ? column : null,
    severity,
    comparison: null,
    limit: null,
    allow: 0,
    isDefault: false,
    suite,
    ...(text === "" ? {} : { description: text }),
  };
}

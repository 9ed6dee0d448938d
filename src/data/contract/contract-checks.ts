import type { Check, CheckKind } from "../plan/check.ts";
import type { PlanColumn } from "../plan/column.ts";
import { type ColumnRules, ruleOf, rulesOf } from "./column-rules.ts";
import type { ContractSource } from "./contract.ts";
import { infiniteCheck, nullsCheck } from "./missing-checks.ts";
import { rowCountCheck } from "./row-count-checks.ts";
import { defaultRule, headOf, type Rule, writtenRule } from "./rule.ts";
import { extraColumnsCheck, requiredCheck, typeCheck } from "./schema-checks.ts";
import { uniqueCheck, uniqueSetCheck } from "./unique-checks.ts";
import { boundCheck, valuesCheck } from "./value-checks.ts";

export interface ContractChecksInput {
  readonly contract: ContractSource;
  readonly columns: readonly PlanColumn[];
  /** For every column without an own rule on nulls. */
  readonly maxNullRatio: number;
  /** Over the contract's own. */
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
}

/** The rules of a contract, and those that hold without one, for a table with these columns: rows, columns, unique sets. */
export function contractChecks(input: ContractChecksInput): Check[] {
  const { contract, columns, maxNullRatio } = input;
  const cards = contract.columns ?? [];
  const carded = cards.flatMap((card): Check[] => {
    const rules = rulesOf(card);
    const column = columns.find((one) => one.name === card.name);
    const required = requiredCheck(card.name, rules.required ?? defaultRule(true), column !== undefined);
    if (column === undefined) return [...required, ...rulesWithoutColumn(card.name, rules)];
    return [...required, ...columnChecks(column, rules, maxNullRatio)];
  });
  const others = columns
    .filter((column) => column.path === undefined && !cards.some((card) => card.name === column.name))
    .flatMap((column) => columnChecks(column, {}, maxNullRatio));
  return [...rowCounts(input), ...extraColumns(input), ...carded, ...others, ...uniqueSets(input)];
}

function rowCounts({ contract, minRows, maxRows }: ContractChecksInput): Check[] {
  const { min, max } = contract.rows ?? {};
  const lowest = numberRule(minRows, min) ?? defaultRule(1);
  const highest = numberRule(maxRows, max);
  return [rowCountCheck("min", lowest), ...(highest === undefined ? [] : [rowCountCheck("max", highest)])];
}

type RowsRule = NonNullable<ContractSource["rows"]>["min"];

/** A flag decides over what is written. */
function numberRule(flag: number | undefined, written: RowsRule): Rule<number> | undefined {
  if (flag !== undefined) return writtenRule(flag, {});
  return written === undefined ? undefined : ruleOf<number>(written);
}

/** Columns without a card. */
function extraColumns({ contract, columns }: ContractChecksInput): Check[] {
  const mode = contract.extra_columns ?? "allow";
  if (mode === "allow") return [];
  const known = new Set((contract.columns ?? []).map((card) => card.name));
  const whole = columns.filter((column) => column.path === undefined);
  const extra = whole.map((column) => column.name).filter((name) => !known.has(name));
  return [extraColumnsCheck(writtenRule(true, { severity: mode }), extra)];
}

function columnChecks(column: PlanColumn, rules: ColumnRules, maxNullRatio: number): Check[] {
  const { type, nulls, infinite, min, max, values, unique } = rules;
  return [
    ...(type === undefined ? [] : [typeCheck(column, type)]),
    nullsCheck(column, nulls ?? defaultRule(maxNullRatio)),
    ...infiniteCheck(column, infinite ?? defaultRule("never")),
    ...(min === undefined ? [] : [boundCheck("min", column, min)]),
    ...(max === undefined ? [] : [boundCheck("max", column, max)]),
    ...(values === undefined ? [] : [valuesCheck(column, values)]),
    ...(unique === undefined ? [] : uniqueCheck(column, unique)),
  ];
}

const kinds: Readonly<Record<Exclude<keyof ColumnRules, "required">, CheckKind>> = {
  type: "type",
  nulls: "nulls",
  infinite: "infinite",
  min: "range",
  max: "range",
  values: "values",
  unique: "unique",
};

function rulesWithoutColumn(column: string, rules: ColumnRules): Check[] {
  return Object.entries(kinds).flatMap(([key, kind]): Check[] => {
    const rule = Object.entries(rules).find(([name]) => name === key)?.[1];
    if (rule === undefined) return [];
    const head = headOf(rule, { name: `${key}(${column})`, kind, column, comparison: null, limit: null });
    return [{ ...head, verdict: "skipped", reason: "the data has no such column" }];
  });
}

function uniqueSets({ contract, columns }: ContractChecksInput): Check[] {
  return (contract.unique ?? []).map((entry) => {
    const rule = "columns" in entry ? writtenRule(entry.columns, entry) : writtenRule(entry, {});
    return uniqueSetCheck(rule, columns);
  });
}

import type { Check } from "../plan/check.ts";
import { listsTo, type PlanColumn } from "../plan/column.ts";
import { ofElements } from "../plan/elements.ts";
import { columnChecks, missingColumnChecks } from "./column-checks.ts";
import type { ContractSource } from "./contract-form.ts";
import { freshnessChecks } from "./freshness-checks.ts";
import { type ResolvedCards, type ResolvedColumn, resolveCards } from "./resolve-cards.ts";
import { rowChecks } from "./row-checks.ts";
import { rowChangeCheck, rowCountCheck } from "./row-count-checks.ts";
import { defaultRule, headOf, type Place, type Rule, ruleOf, writtenRule } from "./rule.ts";
import { columnOrderCheck, extraColumnsCheck, requiredCheck } from "./schema-checks.ts";
import { uniqueSetCheck } from "./unique-checks.ts";

export interface ContractChecksInput {
  readonly contract: ContractSource;
  readonly columns: readonly PlanColumn[];
  /** For every column without an own rule on nulls. */
  readonly maxNullRatio: number;
  /** Over the contract's own. */
  readonly minRows: number | undefined;
  readonly maxRows: number | undefined;
  /** Rows of the run before, for `rows.change`; undefined where no report of it was given. */
  readonly previousRows: number | undefined;
  /** What `freshness` counts from. */
  readonly now: Date;
}

/**
 * The rules of a contract, and those that hold without one, for a table with these columns: rows, freshness, schema, column by
 * column, sets of columns, checks. Scripts and expectations are not among them: see programs.ts.
 */
export function contractChecks(input: ContractChecksInput): Check[] {
  const { contract, columns, now, maxNullRatio } = input;
  const place: Place = { severity: contract.defaults?.severity };
  const whole = columns.filter((column) => column.path === undefined).map((column) => column.name);
  const cards = resolveCards(contract, whole);
  const byName = new Map(columns.map((column) => [column.name, column]));
  return [
    ...rowCounts(input, place),
    ...freshnessChecks(contract, { columns, place, now }),
    ...schemaChecks(input, cards),
    ...unmatchedCards(cards),
    ...cards.columns.flatMap((resolved) => checksOf(resolved, { byName, maxNullRatio })),
    ...uniqueSets(input, place),
    ...rowChecks(contract, { columns, place }),
  ];
}

function rowCounts({ contract, minRows, maxRows, previousRows }: ContractChecksInput, place: Place): Check[] {
  const { min, max, change } = contract.rows ?? {};
  const lowest = numberRule(minRows, min, place) ?? defaultRule(1);
  const highest = numberRule(maxRows, max, place);
  const ratio = change === undefined ? undefined : ruleOf<readonly number[]>(change, place);
  return [
    rowCountCheck("min", lowest),
    ...(highest === undefined ? [] : [rowCountCheck("max", highest)]),
    ...(ratio === undefined ? [] : [rowChangeCheck(ratio, previousRows)]),
  ];
}

type RowsRule = NonNullable<ContractSource["rows"]>["min"];

/** A flag decides over what is written. */
function numberRule(flag: number | undefined, written: RowsRule, place: Place): Rule<number> | undefined {
  if (flag !== undefined) return writtenRule(flag);
  return written === undefined ? undefined : ruleOf<number>(written, place);
}

function schemaChecks({ contract, columns }: ContractChecksInput, cards: ResolvedCards): Check[] {
  const { extra_columns: extraMode = "allow", column_order: orderMode = "allow" } = contract;
  const named = (contract.columns ?? []).flatMap((card) => card.name ?? []);
  const whole = columns.filter((column) => column.path === undefined).map((column) => column.name);
  const fields = columns.flatMap(topColumn);
  const extra = cards.columns
    .filter((one) => one.card === "none" && !fields.includes(one.name))
    .map((one) => one.name);
  return [
    ...(extraMode === "allow" ? [] : [extraColumnsCheck(writtenRule(true, { severity: extraMode }), extra)]),
    ...(orderMode === "allow"
      ? []
      : [columnOrderCheck(writtenRule(true, { severity: orderMode }), named, whole)]),
  ];
}

/** The column of the file that a field or an element is in. */
function topColumn({ path = [], list }: PlanColumn): string[] {
  const [outermost] = list === undefined ? [] : listsTo(list);
  return (outermost?.path ?? path).slice(0, 1);
}

/** A card for columns that are not there: nothing was judged by it. */
function unmatchedCards({ unmatched }: ResolvedCards): Check[] {
  return unmatched.map(({ match = "" }): Check => {
    const about = { kind: "schema", column: null, comparison: null, limit: null } as const;
    const head = headOf(writtenRule(true), { ...about, name: `match(${match})` });
    const reason = "the data has no column of this form; required: false lets that be";
    return { ...head, verdict: "error", reason };
  });
}

interface Table {
  readonly byName: ReadonlyMap<string, PlanColumn>;
  readonly maxNullRatio: number;
}

function checksOf(resolved: ResolvedColumn, { byName, maxNullRatio }: Table): Check[] {
  const { name, rules, card } = resolved;
  const column = byName.get(name);
  const isWanted = card === "name";
  const rule = rules.required ?? defaultRule(true);
  const about = { ...rule, description: rule.description ?? resolved.description };
  const required = requiredCheck(name, about, column !== undefined);
  if (column === undefined) return [...required, ...missingColumnChecks(name, rules)];
  const checks = columnChecks(column, resolved, maxNullRatio);
  return [...(isWanted ? required : []), ...checks.map((check) => ofElements(check, column.list))];
}

function uniqueSets({ contract, columns }: ContractChecksInput, place: Place): Check[] {
  return (contract.unique ?? []).map((entry) => {
    const rule =
      "columns" in entry ? writtenRule(entry.columns, entry, place) : writtenRule(entry, {}, place);
    return uniqueSetCheck(rule, columns);
  });
}

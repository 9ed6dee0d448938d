import { type ExchangeNote, isPlain, listAt, type Plain, plainAt, textAt, tidyShare } from "./draft.ts";
import { sqlToCondition } from "./gx-condition.ts";
import { expectationsOfRule, type GxExpectation } from "./gx-expectations.ts";
import {
  otherKeys,
  type ReadCard,
  type ReadRule,
  readCards,
  readRows,
  readRule,
  readUniqueSets,
} from "./read-contract.ts";

export interface ExportedDocument {
  readonly document: Plain;
  readonly notes: readonly ExchangeNote[];
}

interface Written {
  readonly expectations: Plain[];
  readonly notes: ExchangeNote[];
}

const severities = { fail: "critical", warn: "warning", info: "info" } as const;

/** A contract as a suite of Great Expectations 1.x. */
export function toGx(contract: Plain, name: string): ExportedDocument {
  const to: Written = { expectations: [], notes: [] };
  const cards = readCards(contract);
  writeRows(to, contract);
  writeColumnSet(to, contract, cards);
  for (const card of cards) writeCard(to, card);
  for (const rule of readUniqueSets(contract)) {
    const column_list = listAt({ set: rule.value }, "set");
    const kwargs = { column_list, ignore_row_if: "any_value_is_missing" };
    if (column_list.length === 1)
      write(
        to,
        { type: "expect_column_values_to_be_unique", kwargs: { column: column_list[0] }, isRowRule: true },
        rule,
      );
    else write(to, { type: "expect_compound_columns_to_be_unique", kwargs, isRowRule: true }, rule);
  }
  for (const [index, check] of listAt(contract, "checks").entries())
    writeCheck(to, check, `checks[${index}]`);
  if (contract["freshness"] !== undefined)
    to.notes.push({ path: "freshness", reason: "no expectation asks how old the newest value is" });
  for (const key of otherKeys(contract)) to.notes.push({ path: key, reason: "has no counterpart there" });
  return { document: { name, expectations: to.expectations, meta: {}, notes: null }, notes: to.notes };
}

/** Puts down an expectation with what stands beside the rule; what cannot be said there is noted. */
function write(to: Written, { type, kwargs, isRowRule }: GxExpectation, rule: ReadRule): void {
  const { allow, severity, name, description, when, path } = rule;
  const condition = when === undefined ? undefined : sqlToCondition(when);
  if (when !== undefined && condition === undefined) {
    to.notes.push({ path, reason: `the condition ${when} is more than comparisons with plain values` });
    return;
  }
  if (allow > 0 && !isRowRule) to.notes.push({ path, reason: "its tolerance has no counterpart" });
  to.expectations.push({
    type,
    kwargs: {
      ...kwargs,
      ...(allow > 0 && isRowRule ? { mostly: tidyShare(1 - allow) } : {}),
      ...(condition === undefined
        ? {}
        : { row_condition: condition, condition_parser: "great_expectations" }),
    },
    meta: name === undefined ? {} : { name },
    severity: severities[severity],
    ...(description === undefined ? {} : { description }),
  });
}

function writeRows(to: Written, contract: Plain): void {
  for (const rule of readRows(contract)) {
    const key = { min: "min_value", max: "max_value" }[rule.key];
    if (key === undefined)
      to.notes.push({ path: rule.path, reason: "no expectation compares with an earlier run" });
    else
      write(
        to,
        { type: "expect_table_row_count_to_be_between", kwargs: { [key]: rule.value }, isRowRule: false },
        rule,
      );
  }
}

/** Columns that no card names are forbidden by naming all that there may be. */
function writeColumnSet(to: Written, contract: Plain, cards: readonly ReadCard[]): void {
  const mode = contract["extra_columns"];
  if (mode !== "fail" && mode !== "warn") return;
  const isOpen = cards.some(
    (card) => card.isPattern || card.rules.some((rule) => rule.key === "required" && rule.value === false),
  );
  if (isOpen) {
    to.notes.push({
      path: "extra_columns",
      reason: "a set of columns of which some may be missing has no counterpart",
    });
    return;
  }
  const column_set = cards.map((card) => card.column);
  const rule = readRule({ value: mode, severity: mode }, { key: "extra_columns", path: "" });
  write(
    to,
    {
      type: "expect_table_columns_to_match_set",
      kwargs: { column_set, exact_match: true },
      isRowRule: false,
    },
    rule,
  );
}

function writeCard(to: Written, { column, isPattern, path, rules }: ReadCard): void {
  if (isPattern) {
    to.notes.push({ path, reason: "a card for several columns has no counterpart: write one for each" });
    return;
  }
  const isRequired = rules.find((rule) => rule.key === "required");
  if (isRequired === undefined)
    write(
      to,
      { type: "expect_column_to_exist", kwargs: { column }, isRowRule: false },
      readRule(true, { key: "required", path }),
    );
  const type = rules.find((rule) => rule.key === "type")?.value;
  for (const rule of rules) {
    const found = expectationsOfRule(column, rule, type);
    if (typeof found === "string") to.notes.push({ path: rule.path, reason: found });
    else for (const expectation of found) write(to, expectation, rule);
  }
}

function writeCheck(to: Written, check: unknown, path: string): void {
  const written = isPlain(check) ? check : {};
  const rule = readRule(written, { key: path, path: "" });
  const expectation = textAt(written, "expect");
  const query = queryOf(written);
  if (expectation !== undefined) {
    const kwargs = Object.entries(written).filter(
      ([key]) => !["expect", "severity", "name", "description", "allow", "when"].includes(key),
    );
    write(to, { type: expectation, kwargs: Object.fromEntries(kwargs), isRowRule: true }, rule);
  } else if (query !== undefined && rule.allow === 0 && rule.when === undefined) {
    if (written["timeout"] !== undefined) to.notes.push({ path: `${path}.timeout`, reason: noLimit });
    write(
      to,
      { type: "unexpected_rows_expectation", kwargs: { unexpected_rows_query: query }, isRowRule: false },
      rule,
    );
  } else {
    const kinds = Object.keys(written).filter((key) => ["assert", "in", "sql", "script"].includes(key));
    to.notes.push({ path, reason: `a check ${kinds.join(", ")} of this kind has no counterpart` });
  }
}

function queryOf(check: Plain): string | undefined {
  const assertion = textAt(check, "assert");
  if (assertion !== undefined) return `SELECT * FROM {batch} WHERE ${unmet(assertion, check["nulls"])}`;
  return textAt(check, "sql")?.replaceAll(/\b(from|join)\s+data\b/gi, "$1 {batch}");
}

export const noLimit = "the time limit of a query has no counterpart";

/** Rows for which a condition is neither true nor false break it only where the check says so. */
export function unmet(assertion: string, nulls: unknown): string {
  return nulls === "fail" ? `(${assertion}) IS NOT TRUE` : `NOT (${assertion})`;
}

/** The parts of `freshness`, written or parsed: the column and the age in milliseconds or as text. */
export function freshnessOf(
  contract: Plain,
): { readonly column: string; readonly maxAge: unknown } | undefined {
  const written = plainAt(contract, "freshness");
  const column = textAt(written, "column");
  return column === undefined ? undefined : { column, maxAge: written["max_age"] };
}

import type { Expression } from "../plan/expression.ts";
import { userSql } from "../plan/expression.ts";
import type { ColumnCard } from "./column-form.ts";
import { type ColumnRules, merged, rulesOf } from "./column-rules.ts";
import type { ContractSource } from "./contract-form.ts";
import type { Place } from "./rule.ts";

/** A column with the rules that hold for it. */
export interface ResolvedColumn {
  readonly name: string;
  readonly rules: ColumnRules;
  /** `name`: it has a card of its own, and should be there; `match`: a card of many fits it; `none`: only defaults hold. */
  readonly card: "name" | "match" | "none";
  /** The condition of its most particular card, for rules that nobody wrote. */
  readonly when: Expression | undefined;
  /** What its own card says that it holds. */
  readonly description: string | undefined;
}

export interface ResolvedCards {
  /** In the order of the report: as the cards stand, then the other columns of the table. */
  readonly columns: readonly ResolvedColumn[];
  /** Cards of many columns that fit none, unless they need not. */
  readonly unmatched: readonly ColumnCard[];
}

/** Which rules hold for which column: those of its own card over those of cards by `match`, the later first, over the defaults. */
export function resolveCards(contract: ContractSource, names: readonly string[]): ResolvedCards {
  const cards = contract.columns ?? [];
  const own = new Map(cards.flatMap((card) => (card.name === undefined ? [] : [[card.name, card]])));
  const patterns = cards.flatMap((card) =>
    card.match === undefined ? [] : [{ card, form: formOf(card.match) }],
  );
  const resolve = (name: string): ResolvedColumn => {
    const card = own.get(name);
    const general = patterns.filter(({ form }) => form.test(name)).map((one) => one.card);
    return resolved(name, { contract, card, general });
  };
  const order = new Set<string>();
  const unmatched: ColumnCard[] = [];
  for (const card of cards) {
    if (card.name !== undefined) order.add(card.name);
    if (card.match === undefined) continue;
    const form = formOf(card.match);
    const fitting = names.filter((name) => form.test(name));
    for (const name of fitting) if (!own.has(name)) order.add(name);
    if (fitting.length === 0 && rulesOf(card).required?.value !== false) unmatched.push(card);
  }
  for (const name of names) order.add(name);
  return { columns: [...order].map(resolve), unmatched };
}

interface Sources {
  readonly contract: ContractSource;
  readonly card: ColumnCard | undefined;
  readonly general: readonly ColumnCard[];
}

function resolved(name: string, { contract, card, general }: Sources): ResolvedColumn {
  const severity = contract.defaults?.severity;
  const shared: Place = { severity, column: name };
  let rules = contract.defaults === undefined ? {} : rulesOf(contract.defaults, shared);
  for (const one of general) rules = merged(rules, rulesOf(one, { ...shared, when: conditionOf(one) }));
  if (card !== undefined) rules = merged(rules, rulesOf(card, { severity, when: conditionOf(card) }));
  const closest = card ?? general.at(-1);
  const when = closest && conditionOf(closest);
  return { name, rules, card: kindOf(card, general), when, description: card?.description };
}

function kindOf(card: ColumnCard | undefined, general: readonly ColumnCard[]): ResolvedColumn["card"] {
  if (card !== undefined) return "name";
  return general.length === 0 ? "none" : "match";
}

function conditionOf({ when }: ColumnCard): Expression | undefined {
  return when === undefined ? undefined : userSql(when);
}

/** `f_*` as a test of whole names; upper and lower case are told apart, as names are. */
export function formOf(match: string): RegExp {
  const parts = [...match].map((character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : RegExp.escape(character);
  });
  return new RegExp(`^${parts.join("")}$`, "su");
}

import { type ExchangeNote, isPlain, listAt, type Plain, plainAt, textAt } from "./draft.ts";
import { readUniqueSets } from "./read-contract.ts";

const reason = "elements of a list have no counterpart there";
const isElement = (name: unknown) => typeof name === "string" && name.includes("[]");

/** A contract without its rules on elements of lists, which no other format has; they are noted. */
export function withoutElements(contract: Plain): {
  readonly contract: Plain;
  readonly notes: readonly ExchangeNote[];
} {
  const cards = listAt(contract, "columns").filter(isPlain);
  const elements = cards.filter((card) => isElement(card["name"]));
  const sets = readUniqueSets(contract).map(({ value }) => Array.isArray(value) && value.some(isElement));
  const isFresh = isElement(textAt(plainAt(contract, "freshness"), "column"));
  if (elements.length === 0 && !sets.includes(true) && !isFresh) return { contract, notes: [] };
  const known = new Set(cards.map((card) => card["name"]));
  return {
    contract: {
      ...contract,
      columns: [...cards.filter((card) => !elements.includes(card)), ...listCards(elements, known)],
      unique: listAt(contract, "unique").filter((_, index) => sets[index] !== true),
      ...(isFresh ? { freshness: undefined } : {}),
    },
    notes: [
      ...elements.map((card) => ({ path: `columns.${String(card["name"])}`, reason })),
      ...[...sets.entries()].flatMap(([index, is]) => (is ? [{ path: `unique[${index}]`, reason }] : [])),
      ...(isFresh ? [{ path: "freshness", reason }] : []),
    ],
  };
}

/** The columns that the elements are in are there, and known, as they were before. */
function listCards(elements: readonly Plain[], known: ReadonlySet<unknown>): Plain[] {
  const names = elements
    .filter((card) => card["required"] !== false)
    .map((card) => String(card["name"]).split("[]")[0] ?? "");
  return [...new Set(names)]
    .filter((name) => !known.has(name) && !name.includes("."))
    .map((name) => ({ name }));
}

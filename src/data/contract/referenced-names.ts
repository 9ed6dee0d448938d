import type { ContractSource } from "./contract-form.ts";
import { isReference } from "./table-checks-form.ts";
import { listOf } from "./values.ts";

/** Every column that a contract names outside of SQL: of cards, sets, freshness and references. */
export function referencedNames(contract: ContractSource): string[] {
  const cards = (contract.columns ?? []).flatMap((card) => card.name ?? []);
  const sets = (contract.unique ?? []).flatMap((entry) => ("columns" in entry ? entry.columns : entry));
  const references = (contract.checks ?? []).flatMap((check) =>
    isReference(check) ? listOf(check.in.columns) : [],
  );
  const times = contract.freshness === undefined ? [] : [contract.freshness.column];
  return [...new Set([...cards, ...sets, ...references, ...times])];
}

import type { OtherTable } from "../plan/table.ts";
import type { ContractSource } from "./contract-form.ts";
import { isReference, type Reference } from "./table-checks-form.ts";
import { listOf } from "./values.ts";

/** The other tables that a contract looks at: those under `tables`, then those that `in` checks name by their data. */
export function otherTables(contract: ContractSource): OtherTable[] {
  const named = Object.entries(contract.tables ?? {}).map(
    ([name, paths]): OtherTable => ({ name, paths: listOf(paths) }),
  );
  return [...named, ...unnamedTables(contract)];
}

/** Those that have no name of their own; one path is one table, whatever the number of checks that look at it. */
function unnamedTables(contract: ContractSource): OtherTable[] {
  const taken = new Set(["data", ...Object.keys(contract.tables ?? {}).map((name) => name.toLowerCase())]);
  const found: OtherTable[] = [];
  for (const check of contract.checks ?? []) {
    if (!isReference(check) || check.in.data === undefined) continue;
    const paths = listOf(check.in.data);
    if (found.some((table) => isSame(table.paths, paths))) continue;
    let name = `reference_${found.length + 1}`;
    while (taken.has(name)) name += "_";
    found.push({ name, paths });
  }
  return found;
}

/** The table that an `in` check looks at: its name in the plan, and how people know it. */
export function referencedTable(
  check: Reference,
  contract: ContractSource,
): { readonly name: string; readonly shown: string } {
  const { table, data = [] } = check.in;
  if (table !== undefined) return { name: table, shown: table };
  const paths = listOf(data);
  const found = unnamedTables(contract).find((one) => isSame(one.paths, paths));
  return { name: found?.name ?? "", shown: paths.join(", ") };
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && some.every((path, index) => path === others[index]);
}

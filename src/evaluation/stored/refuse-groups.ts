import { MlopsError } from "../../errors.ts";
import type { TableReading } from "../read/plan-reading.ts";
import { refuseTable } from "../read/problems.ts";
import { tooManyGroups } from "../read/subgroups.ts";
import type { StoreRequest } from "./stored-evaluation.ts";

/** Throws `not-evaluable` for more groups than are measured, or than fit into the bits that travel with a score. */
export function refuseGroups(
  {
    uri,
    reading,
    groups,
  }: { readonly uri: string; readonly reading: TableReading; readonly groups: { readonly bits: number } },
  { columns, maxGroups }: Pick<StoreRequest, "columns" | "maxGroups">,
): void {
  const possible = columns.subgroups.map(({ name, columns: crossed }) => ({
    column: name,
    count: crossed.reduce((count, one) => count * (reading.groups.get(one)?.names.length ?? 1), 1),
  }));
  refuseTable(uri, tooManyGroups(possible, { uri, maxGroups, isCounted: false }));
  if (groups.bits <= 32) return;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "MEMORY_TOO_SMALL",
    message: `${uri} does not fit into memory, and its subgroups take ${groups.bits} bits a row, where 32 are measured from disk.`,
    hint: "Give the job more memory, or measure some of the subgroups at a time.",
  });
}

import { describe, test } from "vitest";
import type { Peer } from "./http.ts";
import { runRow } from "./run-row.ts";
import { table } from "./table.ts";

/** One test a row, against the server that `peer` answers once it runs. */
export function runTable(name: string, peer: () => Peer): void {
  describe(name, () => {
    for (const row of table) test(`${row.id}: ${row.title}`, async () => await runRow(row, peer()));
  });
}

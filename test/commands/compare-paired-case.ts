import { writeFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import { comparisonResult } from "../../src/results/comparison.ts";
import { folderWith, mlops } from "./gate-case.ts";

export type Columns = Readonly<Record<string, readonly (string | number)[]>>;

function csv(columns: Columns): string {
  const [first = []] = Object.values(columns);
  const rows = first.map((_, row) =>
    Object.values(columns)
      .map((column) => column[row])
      .join(","),
  );
  return `${[Object.keys(columns).join(","), ...rows].join("\n")}\n`;
}

/** Two evaluations of the same rows, the second in another order; each keeps its scores. */
export async function evaluated(
  tables: readonly [Columns, Columns],
  args: readonly string[],
): Promise<string> {
  const cwd = folderWith({});
  for (const [place, columns] of tables.entries()) {
    const name = place === 0 ? "old" : "new";
    const lines = csv(columns).trimEnd().split("\n");
    const [head = "", ...rows] = lines;
    const ordered = place === 0 ? rows : rows.toReversed();
    writeFileSync(path.join(cwd, `${name}.csv`), `${[head, ...ordered].join("\n")}\n`);
    const files = ["--output-path", `${name}.json`, "--scores-path", `${name}.parquet`];
    const given = ["evaluate", "--predictions", `${name}.csv`, ...files, "--row-id", "id", ...args];
    const { code, stderr } = await mlops(cwd, given);
    expect(code, stderr).toBe(0);
  }
  return cwd;
}

/** What `mlops compare --json` says of them. */
export async function comparison(cwd: string, ...args: string[]) {
  const { code, stdout, stderr } = await mlops(cwd, ["compare", "old.json", "new.json", "--json", ...args]);
  expect(code, stderr).toBe(0);
  const result = comparisonResult.parse(JSON.parse(stdout));
  const changeOf = (metric: string) => result.metrics.find((row) => row.metric === metric)?.changes[0];
  const paired = result.metrics.filter((row) => row.changes[0]?.paired === true).map((row) => row.metric);
  return { result, changeOf, paired, reason: result.pairings[0]?.reason };
}

/** A made-up number between 0 and 1 for each row. */
export const noise = (seed: number) => (row: number) =>
  Math.abs((Math.sin(row * 12.9898 + seed) * 43758.5453) % 1);
export const of = (rows: number, value: (row: number) => string | number) =>
  Array.from({ length: rows }, (_, row) => value(row));

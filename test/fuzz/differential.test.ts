import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { fc } from "../support/fast-check.ts";
import { times } from "../support/full.ts";
import { expectedChecks } from "./expected.ts";
import { csvOf } from "./hostile.ts";
import { PythonLines } from "./python-lines.ts";
import { type RandomColumn, randomTable } from "./random-table.ts";
import { FuzzRunner, type Outcome } from "./runner.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-fuzz-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const runner = new FuzzRunner(folder);
const python = new PythonLines("write_parquet.py");
const timeout = 1_800_000;

function contractOf(columns: readonly RandomColumn[]) {
  const cards = columns.map(({ name, kind, rules }) => ({ name, type: kind, ...rules }));
  return { name: "contract.yaml", bytes: JSON.stringify({ columns: cards }) };
}

/** Every check says what plain JavaScript says, no check is missing, and the verdict follows from them. */
function expectVerdicts(outcome: Outcome, columns: readonly RandomColumn[]): void {
  const expected = expectedChecks(columns);
  const said = new Map(outcome.report?.checks.map((one) => [one.name, one]));
  for (const [name, { verdict, failingRows }] of expected) {
    const found = said.get(name);
    expect({ name, verdict: found?.verdict, failingRows: found?.failingRows ?? 0 }).toEqual({
      ...{ name, verdict, failingRows },
    });
  }
  const rows = columns[0]?.values.length ?? 0;
  const isGood = rows > 0 && [...expected.values()].every((one) => one.verdict === "pass");
  expect(outcome.exitCode).toBe(isGood ? 0 : 3);
  expect(outcome.report?.dataset.rows).toBe(rows);
}

describe("random tables with random rules are judged as plain JavaScript judges them", () => {
  it(
    "in Parquet files that pyarrow wrote",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomTable, async (columns) => {
          const file = path.join(folder, "x.parquet");
          const written = columns.map(({ name, kind, values }) => ({ name, type: kind, values }));
          await python.ask(JSON.stringify({ path: file, columns: written }));
          const outcome = await runner.run([contractOf(columns)], ["--data-path", "x.parquet"]);
          expectVerdicts(outcome, columns);
        }),
        { numRuns: times(150, 1500) },
      );
    },
    timeout,
  );

  it(
    "in CSV files",
    async () => {
      await fc.assert(
        fc.asyncProperty(randomTable, async (columns) => {
          // A second column keeps rows of one missing value from being blank lines.
          const header = [...columns.map(({ name }) => name), "last"];
          const rows = (columns[0]?.values ?? []).map((_, row) => [
            ...columns.map(({ values }) => values[row] ?? ""),
            "1",
          ]);
          const files = [{ name: "x.csv", bytes: csvOf([header, ...rows]) }, contractOf(columns)];
          expectVerdicts(await runner.run(files, ["--data-path", "x.csv"]), columns);
        }),
        { numRuns: times(150, 1500) },
      );
    },
    timeout,
  );
});

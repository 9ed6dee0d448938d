import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { contractFileSchema } from "../../../src/data/contract/contract.ts";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";
import { judged } from "../judgements.ts";
import { randomTable } from "./random-table.ts";
import { suggested } from "./suggested.ts";

const mortality = path.resolve(import.meta.dirname, "../../../examples/mortality/data");

/** Names of the checks of a suggested contract that do not pass on the file that it was drawn from. */
async function complaints(file: string): Promise<string[]> {
  const { yaml, contract } = await suggested(file);
  const written: unknown = parse(yaml);
  expect(written).toEqual(contract);
  const { version: _, ...rules } = contractFileSchema.parse(written);
  const { checks, verdict } = await judged(file, rules);
  expect(verdict).toBe("pass");
  return checks.filter((check) => check.verdict !== "pass").map((check) => `${check.name}: ${check.verdict}`);
}

async function madeBy(select: string, format: "csv" | "parquet"): Promise<string> {
  const file = path.join(temporaryFolder(), `table.${format}`);
  const db = await openDuckDb();
  try {
    await db.query(`COPY (${select}) TO '${file}' (FORMAT ${format})`);
  } finally {
    await db.close();
  }
  return file;
}

describe("a first contract", () => {
  it.each(["train.csv", "train.parquet", "eval.csv"])("passes on %s of the example", async (name) => {
    expect(await complaints(path.join(mortality, name))).toEqual([]);
  });

  it("of the example's training data is the same from CSV and from Parquet", async () => {
    const [csv, parquet] = [
      await suggested(path.join(mortality, "train.csv")),
      await suggested(path.join(mortality, "train.parquet")),
    ];
    expect(csv.contract).toEqual(parquet.contract);
  });

  it("passes on random tables, as CSV and as Parquet", async () => {
    await fc.assert(
      fc.asyncProperty(
        randomTable,
        fc.constantFrom("csv" as const, "parquet" as const),
        async (select, format) => {
          expect(await complaints(await madeBy(select, format))).toEqual([]);
        },
      ),
      { numRuns: times(15, 200) },
    );
  }, 300_000);
});

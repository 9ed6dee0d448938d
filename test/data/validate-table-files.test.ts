import { copyFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import type { TableJudgement } from "../../src/data/validate-table.ts";
import { temporaryFolder } from "../support/folder.ts";
import { check, judged, judgedText, parquet } from "./judgements.ts";

const fixtures = path.resolve(import.meta.dirname, "..", "..", "fixtures", "data");

describe("files", () => {
  it("reads every type that pyarrow writes (zstd, data page v2)", async () => {
    const result = await judged(path.join(fixtures, "pyarrow-types.parquet"), {
      columns: [
        { name: "id", type: "integer", unique: true },
        { name: "ratio", nulls: { max_ratio: 0.5 } },
        { name: "price", type: "decimal", min: 2.2, nulls: { max_ratio: 0.5 } },
        { name: "group", values: ["a", "b"], nulls: { max_ratio: 0.5 } },
        { name: "Id", type: "integer", max: 1 },
      ],
    });
    expect(result.dataset.columns.map(({ name, type }) => ({ name, type }))).toEqual([
      { name: "id", type: "integer" },
      { name: "ratio", type: "double" },
      { name: "price", type: "decimal" },
      { name: "day", type: "date" },
      { name: "at", type: "timestamp" },
      { name: "group", type: "string" },
      { name: "ok", type: "boolean" },
      { name: "tags", type: "VARCHAR[]" },
      { name: "Id", type: "integer" },
    ]);
    expect(check(result, "unique(id)").observed).toBe(0);
    expect(check(result, "nulls(ratio)").observed).toBe(0.5);
    expect(check(result, "infinite(ratio)").observed).toBe(1);
    expect(check(result, "min(price)")).toMatchObject({ failingRows: 1, observed: "2.19" });
    expect(check(result, "values(group)").failingRows).toBe(0);
    expect(check(result, "max(Id)")).toMatchObject({ failingRows: 2, observed: 2 });
    expect(check(result, "nulls(tags)").observed).toBe(0.25);
  });

  it("gives one verdict for one table, whatever the format", async () => {
    const file = path.join(temporaryFolder(), "patients.csv");
    copyFileSync(path.join(fixtures, "patients.csv"), file);
    const contract = {
      columns: [
        { name: "id", type: "integer", min: 2, unique: true },
        { name: "sex", values: ["male"] },
      ],
    };
    const fromCsv = await judged(file, contract);
    const stored = await parquet(`SELECT * REPLACE (age::VARCHAR AS age) FROM read_csv('${file}')`);
    const fromParquet = await judged(stored, contract);
    const facts = (result: TableJudgement) =>
      result.checks.filter((one) => ["id", "sex"].includes(one.column ?? "")).map((one) => ({ ...one }));
    expect(facts(fromParquet)).toEqual(facts(fromCsv));
  });

  it("judges 1,000 columns", async () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    const row = names.map((_, index) => index / 7).join(",");
    const last = names.map((_, index) => (index === 999 ? "" : -index)).join(",");
    const cards = names.map((name, index) => ({
      name,
      type: "double",
      min: -998 + (index === 500 ? 600 : 0),
    }));
    const result = await judgedText(`${names.join(",")}\n${row}\n${last}\n`, { columns: cards });
    expect(result.dataset.columns).toHaveLength(1000);
    expect(result.checks.filter((one) => one.verdict === "fail").map((one) => one.name)).toEqual([
      "min(f500)",
      "nulls(f999)",
    ]);
  });

  it("says which bytes it saw", async () => {
    const { createHash } = await import("node:crypto");
    const result = await judgedText("x\n1\n");
    expect(result.dataset).toMatchObject({
      rows: 1,
      sha256: createHash("sha256").update("x\n1\n").digest("hex"),
      sizeBytes: 4,
      format: "csv",
      csv: { delimiter: ",", compression: "none", encoding: "utf-8" },
    });
  });

  it("stops when it is interrupted", async () => {
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    await expect(judgedText("x\n1\n", {}, { signal })).rejects.toBe(reason);
  });
});

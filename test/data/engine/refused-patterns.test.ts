import { afterAll, describe, expect, it } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { refusedPatterns } from "../../../src/data/engine/refused-patterns.ts";

const db = await openDuckDb();
afterAll(() => db.close());

describe("refusedPatterns", () => {
  it("says why RE2 takes a pattern for none, and nothing of those that it takes", async () => {
    const good = ["^a{1,1000}$", "(?i)x", "\\pN", "it's", "parquet", ""];
    const refused = await refusedPatterns(["a{1,2000}", ...good, "parquet{2000}", "\\cA", "a{1,2000}"], db);
    expect([...refused]).toEqual([
      ["a{1,2000}", "invalid repetition size: {1,2000}"],
      ["parquet{2000}", "invalid repetition size: {2000}"],
      ["\\cA", "invalid escape sequence: \\c"],
    ]);
  });

  it("has nothing to say of no patterns", async () => {
    expect(await refusedPatterns([], db)).toEqual(new Map());
  });
});

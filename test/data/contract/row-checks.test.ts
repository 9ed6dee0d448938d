import { describe, expect, it } from "vitest";
import { answerChecks } from "../../../src/data/answer-checks.ts";
import { contractSchema } from "../../../src/data/contract/contract.ts";
import { contractChecks } from "../../../src/data/contract/contract-checks.ts";
import { otherTables } from "../../../src/data/contract/other-tables.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import { judgeChecks } from "../../../src/data/plan/judge.ts";
import { tableOf } from "../engine/table-of.ts";
import { check, judgedText } from "../judgements.ts";

describe("an assert check", () => {
  const text = "net,gross\n1,2\n3,2\n,5\n2,2\n";
  const assertion = (more: object = {}) => ({
    defaults: { nulls: "allow" },
    checks: [{ assert: "net <= gross", ...more }],
  });

  it.each([
    [{}, "fail", 1, 3],
    [{ allow: "34%" }, "pass", 1, 3],
    [{ nulls: "fail" }, "fail", 2, 4],
    [{ nulls: "fail", allow: 0.5 }, "pass", 2, 4],
    [{ when: "gross > 2" }, "pass", 0, 0],
    [{ when: "gross > 2", nulls: "fail" }, "fail", 1, 1],
    [{ severity: "info" }, "warn", 1, 3],
  ])("with %j is %s: %i of %i rows", async (more, verdict, failingRows, judgedRows) => {
    const result = await judgedText(text, assertion(more));
    expect(check(result, "assert(net <= gross)")).toMatchObject({
      ...{ verdict, failingRows, judgedRows, kind: "assertion", column: null },
    });
  });

  it("is called by its name, and says what its author wrote", async () => {
    const result = await judgedText(text, assertion({ name: "net is less", description: "by law" }));
    expect(check(result, "net is less")).toMatchObject({ description: "by law" });
  });

  it.each(["nothing > 1", "net <=", "(SELECT 1) = 1", "net <= gross; DROP TABLE given"])(
    "that is no condition on one row cannot be judged: %s",
    async (sql) => {
      const result = await judgedText(text, { defaults: { nulls: "allow" }, checks: [{ assert: sql }] });
      expect(result.verdict).toBe("error");
    },
  );
});

/** Orders 1 to 4 with their customers, checked beside two other tables. */
async function ordersJudged(contract: unknown) {
  const integer = { as: "BIGINT", type: "integer", storage: "typed" } as const;
  const { db, engine } = await tableOf(
    { id: integer, customer: integer, shop: integer },
    "(1, 10, 1), (2, 11, 1), (3, NULL, 1), (4, 10, 2)",
  );
  await db.query("CREATE VIEW data AS SELECT c0 AS id, c1 AS customer, c2 AS shop FROM given");
  await db.query("CREATE TABLE customers AS SELECT 10 AS id, 1 AS shop");
  await db.query("CREATE TABLE reference_1 AS SELECT unnest([10, 11]) AS customer");
  const columns = ["id", "customer", "shop"].map(
    (name): PlanColumn => ({
      ...{ name, type: "integer", storage: "typed", origin: "stored" },
      ...{ storedType: "integer", storedAs: "BIGINT" },
    }),
  );
  const parsed = contractSchema.parse(contract);
  const input = { contract: parsed, columns, maxNullRatio: 1, now: new Date(0), previousRows: undefined };
  const checks = contractChecks({ ...input, minRows: undefined, maxRows: undefined }).filter((one) =>
    ["reference", "sql"].includes(one.kind),
  );
  try {
    return judgeChecks(checks, await answerChecks(checks, [], engine));
  } finally {
    await db.close();
  }
}

describe("an in check", () => {
  const tables = { customers: "customers.csv" };

  it.each([
    [{ columns: "customer", data: "all.parquet" }, {}, "pass", 0, 3],
    [{ columns: "customer", table: "customers", key: "id" }, {}, "fail", 1, 3],
    [{ columns: "customer", table: "customers", key: "id" }, { allow: "34%" }, "pass", 1, 3],
    [{ columns: ["customer", "shop"], table: "customers", key: ["id", "shop"] }, {}, "fail", 2, 3],
    [{ columns: "customer", table: "customers", key: "id" }, { when: "id <> 2" }, "pass", 0, 2],
  ])("%j with %j is %s", async (reference, more, verdict, failingRows, judgedRows) => {
    const [result] = await ordersJudged({ tables, checks: [{ in: reference, ...more }] });
    expect(result).toMatchObject({ kind: "reference", verdict, failingRows, judgedRows });
  });

  it("says which column it misses", async () => {
    const checks = [{ in: { columns: ["customer", "land"], data: "x.csv" }, name: "no orphans" }];
    const [result] = await ordersJudged({ checks });
    expect(result).toMatchObject({ name: "no orphans", verdict: "error" });
    expect(result?.reason).toContain('"land"');
  });

  it("names the tables that are to be read, each once", () => {
    const contract = contractSchema.parse({
      tables: { customers: "c.csv", reference_1: ["a.csv", "b.csv"] },
      checks: [
        { in: { columns: "x", data: "s3://b/t/*.parquet" } },
        { in: { columns: "y", data: ["s3://b/t/*.parquet"] } },
        { in: { columns: "y", table: "customers" } },
        { in: { columns: "y", data: "d.csv" } },
      ],
    });
    expect(otherTables(contract)).toEqual([
      { name: "customers", paths: ["c.csv"] },
      { name: "reference_1", paths: ["a.csv", "b.csv"] },
      { name: "reference_1_", paths: ["s3://b/t/*.parquet"] },
      { name: "reference_2", paths: ["d.csv"] },
    ]);
  });
});

describe("an sql check", () => {
  it.each([
    ["select * from data where id > 4", "pass", 0],
    ["select * from data where shop = 1;", "fail", 3],
    ["select 1 from data d join customers c on d.customer = c.id -- every match", "fail", 2],
    ["select nothing from data", "error", null],
    ["select 1; select 2", "error", null],
  ])("%s is %s", async (sql, verdict, failingRows) => {
    const [result] = await ordersJudged({ checks: [{ sql }] });
    expect(result).toMatchObject({ kind: "sql", verdict, failingRows, judgedRows: null });
  });
});

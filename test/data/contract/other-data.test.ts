import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../support/folder.ts";
import { check, judged } from "../judgements.ts";

/** Orders beside the customers that they name, and a script that counts the files it is given. */
function orders(): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "customers"));
  writeFileSync(path.join(folder, "orders.csv"), "id,customer,net\n1,a,5\n2,b,-1\n3,c,7\n4,,1\n");
  writeFileSync(path.join(folder, "customers", "1.csv"), "name,blocked\na,false\n");
  writeFileSync(path.join(folder, "customers", "2.csv"), "name,blocked\nb,true\n");
  return path.join(folder, "orders.csv");
}

describe("checks beside other data", () => {
  const tables = { customers: "customers/*.csv" };

  it("look values up in another table of several files", async () => {
    const checks = [
      { in: { columns: "customer", table: "customers", key: "name" }, name: "by name" },
      { in: { columns: "customer", data: "customers", key: "name" }, name: "by folder", when: "net > 5" },
    ];
    const contract = { defaults: { nulls: "allow" }, tables, checks };
    const result = await judged(orders(), contract);
    expect(check(result, "by name")).toMatchObject({ verdict: "fail", failingRows: 1, judgedRows: 3 });
    expect(check(result, "by name").examples).toEqual(["c***(1)"]);
    expect(check(result, "by folder")).toMatchObject({ failingRows: 1, judgedRows: 1 });
  });

  it("query the table and the others by their names", async () => {
    const checks = [
      { sql: "select * from data where net < 0", name: "negative" },
      {
        sql: "select d.* from data d join customers c on c.name = d.customer where c.blocked",
        name: "blocked",
      },
      { sql: "select * from data where net > 99", name: "none" },
    ];
    const result = await judged(orders(), { defaults: { nulls: "allow" }, tables, checks });
    expect(check(result, "negative")).toMatchObject({ verdict: "fail", failingRows: 1 });
    expect(check(result, "blocked")).toMatchObject({ verdict: "fail", failingRows: 1 });
    expect(check(result, "none")).toMatchObject({ verdict: "pass", failingRows: 0 });
  });

  it.each([
    "select * from 'orders.csv'",
    "select * from read_csv('customers/1.csv')",
    "select * from read_parquet('x.parquet')",
    "copy data to 'x.csv'",
    "attach 'x.db'",
    "delete from data",
    "select * from glob('*')",
    "insert into customers values (1, 2)",
  ])("let no query read files or change anything: %s", async (sql) => {
    const result = await judged(orders(), {
      defaults: { nulls: "allow" },
      tables,
      checks: [{ sql, name: "q" }],
    });
    expect(check(result, "q").verdict).toBe("error");
    expect(result.verdict).toBe("error");
  });
});

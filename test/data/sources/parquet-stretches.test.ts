import path from "node:path";
import { describe, expect, it } from "vitest";
import { quoteText } from "../../../src/data/engine/sql.ts";
import { openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openReader } from "./reading.ts";

const { db } = await openReader();
const groupRows = 2048;

/** Files of so many rows each, ids counted on from file to file; a later file may have its columns the other way round. */
async function tables(
  rows: readonly number[],
  {
    select = "i AS id, i % 7 AS score",
    last = select,
  }: { readonly select?: string; readonly last?: string } = {},
) {
  const cwd = temporaryFolder();
  let start = 0;
  for (const [index, count] of rows.entries()) {
    const file = path.join(cwd, `${index}.parquet`);
    const list = index + 1 === rows.length ? last : select;
    await db.query(
      `COPY (SELECT ${list} FROM range(${start}, ${start + count}) t(i)) TO ${quoteText(file)} (FORMAT parquet, ROW_GROUP_SIZE ${groupRows})`,
    );
    start += count;
  }
  return await openTable(["*.parquet"], db, { cwd });
}

async function idsOf(sql: string, id = "c0"): Promise<number[]> {
  return (await db.query(`SELECT ${id} AS id FROM ${sql}`)).map((row) => Number(row["id"]));
}

describe("the stretches of Parquet files", () => {
  it.each([
    ["one file, no whole number of stretches", [20_000], 8192, [8192, 8192, 3616]],
    ["one file, edges within row groups", [20_000], 5000, [5000, 5000, 5000, 5000]],
    [
      "small files together, large ones in parts",
      [100, 200, 9000, 300, 0, 4000],
      4200,
      [300, 4200, 4200, 600, 300, 4000],
    ],
    ["few rows", [100, 200], 300, [300]],
  ])("%s: all rows once, in their order", async (_title, rows, mostRows, expected) => {
    const source = await tables(rows);
    const all = await Promise.all((source.stretches(mostRows) ?? []).map((sql) => idsOf(sql)));
    expect(all.map((ids) => ids.length)).toEqual(expected);
    const count = rows.reduce((sum, one) => sum + one, 0);
    expect(all.flat()).toEqual(Array.from({ length: count }, (_, row) => row));
  });

  it("are none where row groups are larger", async () => {
    expect((await tables([20_000])).stretches(groupRows)).toBeUndefined();
  });

  it("are none where a column has the name of DuckDB's row number, unless there are few rows", async () => {
    const source = await tables([20_000], { select: "i + 5 AS file_row_number" });
    expect(source.stretches(8192)).toBeUndefined();
    const [whole = ""] = source.stretches(20_000) ?? [];
    expect((await idsOf(whole))[0]).toBe(5);
  });

  it("are none of files with unlike columns, unless there are few rows", async () => {
    const source = await tables([9000, 9000], { last: "i % 7 AS score, i AS id" });
    expect(source.stretches(8192)).toBeUndefined();
    const [whole = ""] = source.stretches(18_000) ?? [];
    expect((await idsOf(whole)).at(-1)).toBe(17_999);
  });
});

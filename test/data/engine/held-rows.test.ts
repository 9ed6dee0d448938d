import { describe, expect, it } from "vitest";
import { openReader } from "../sources/reading.ts";

const { db } = await openReader();

describe("numbers that DuckDB holds", () => {
  it("come chunk by chunk in the order of the query, with what is missing", async () => {
    const sql =
      "SELECT i, CAST(i AS FLOAT) / 4, CASE WHEN i % 1000 = 7 THEN NULL ELSE CAST(i % 100 AS UTINYINT) END";
    const held = await db.holdNumbers(`${sql} FROM range(10000) t(i)`);
    let row = 0;
    for (const { rows, numbers, validity } of held) {
      const [ids, quarters, codes] = numbers;
      expect([ids, quarters, codes].map((one) => one?.constructor)).toEqual([
        BigInt64Array,
        Float32Array,
        Uint8Array,
      ]);
      for (let at = 0; at < rows; at += 1, row += 1) {
        const isThere = validity[2] === undefined || ((validity[2][at >> 3] ?? 0) >> (at & 7)) % 2 === 1;
        const expected = [BigInt(row), row / 4, row % 1000 !== 7];
        expect([ids?.[at], quarters?.[at], isThere]).toEqual(expected);
        if (isThere) expect(codes?.[at]).toBe(row % 100);
      }
    }
    expect(row).toBe(10_000);
  });

  it("are the codes of enums in every width", async () => {
    const names = (count: number) =>
      `ENUM(${Array.from({ length: count }, (_, one) => `'n${one}'`).join(", ")})`;
    const codes = async (count: number) => {
      const sql = `SELECT CAST('n' || i % ${count} AS ${names(count)}) FROM range(3) t(i)`;
      return [...(await db.holdNumbers(sql))].map(({ numbers }) => numbers[0]);
    };
    expect(await codes(3)).toEqual([Uint8Array.of(0, 1, 2)]);
    expect(await codes(300)).toEqual([Uint16Array.of(0, 1, 2)]);
  });

  it("are refused where a column is text", async () => {
    const held = await db.holdNumbers("SELECT 'a'");
    expect(() => [...held]).toThrow("a column of VARCHAR holds no numbers");
  });

  it("are nothing where there are no rows", async () => {
    expect([...(await db.holdNumbers("SELECT 1 WHERE false"))]).toEqual([]);
  });
});

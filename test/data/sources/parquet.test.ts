import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ParquetSchema, ParquetWriter } from "parquetjs-lite";
import { describe, expect, it } from "vitest";
import { openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openReader } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();

describe("Parquet", () => {
  it("reads what parquetjs-lite wrote", async () => {
    const cwd = temporaryFolder();
    const schema = new ParquetSchema({
      name: { type: "UTF8", optional: true },
      count: { type: "INT64" },
      price: { type: "DOUBLE" },
      Name: { type: "BOOLEAN" },
    });
    const writer = await ParquetWriter.openFile(schema, path.join(cwd, "x.parquet"));
    await writer.appendRow({ name: "é", count: 3, price: 2.5, Name: true });
    await writer.appendRow({ count: 4, price: 0.1, Name: false });
    await writer.close();
    const source = await openTable(["x.parquet"], db, { cwd });
    expect(source.columns.map((column) => [column.name, column.engineType])).toEqual([
      ["name", "VARCHAR"],
      ["count", "BIGINT"],
      ["price", "DOUBLE"],
      ["Name", "BOOLEAN"],
    ]);
    expect(await rowsOf(cwd, "x.parquet")).toEqual([
      { 0: "é", 1: 3, 2: 2.5, 3: true },
      { 0: null, 1: 4, 2: 0.1, 3: false },
    ]);
  });

  it("refuses a file that is cut off, damaged inside, or something else", async () => {
    const cwd = temporaryFolder();
    const file = (name: string) => path.join(cwd, name);
    await db.query(`COPY (SELECT i, hash(i) h FROM range(50000) t(i)) TO '${file("x.parquet")}'`);
    await db.query(`COPY (SELECT i, hash(i) h FROM range(50000) t(i)) TO '${file("y.parquet")}'`);
    truncateSync(file("x.parquet"), 5000);
    expect(await refusalOf(cwd, "x.parquet")).toMatchObject({ code: "DATA_PARQUET_BROKEN" });
    const bytes = readFileSync(file("y.parquet"));
    bytes.fill(0xff, bytes.length - 200, bytes.length - 60);
    writeFileSync(file("y.parquet"), bytes);
    expect(await refusalOf(cwd, "y.parquet")).toMatchObject({ code: "DATA_PARQUET_BROKEN" });
    writeFileSync(file("z.parquet"), "a,b\n1,2\n");
    const error = await refusalOf(cwd, "z.parquet");
    expect(error.message).toContain("does not start with PAR1");
  });
});

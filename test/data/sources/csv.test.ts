import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openTable } from "../../../src/data/sources/source.ts";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";
import { openReader, written } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();

describe("CSV that can be read", () => {
  it.each([
    ["semicolons", "a;b\n1;2,5\n"],
    ["tabs", "a\tb\n1\t2,5\n"],
    ["pipes", "a|b\n1|2,5\n"],
    ["commas and quotes", 'a,b\n"1","2,5"\n'],
    ["CR LF", 'a,b\r\n1,"2,5"\r\n'],
    ["a byte order mark", '\ufeffa,b\n1,"2,5"\n'],
    ["no last line end", 'a,b\n1,"2,5"'],
    ["blank lines", 'a,b\n\n1,"2,5"\n\n'],
  ])("knows %s", async (_title, text) => {
    const { cwd, name } = written("x.csv", text);
    expect((await openTable([name], db, { cwd })).columns.map((column) => column.name)).toEqual(["a", "b"]);
    expect(await rowsOf(cwd, name)).toEqual([{ 0: "1", 1: "2,5" }]);
  });

  it("keeps names that SQL would stumble over", async () => {
    const { cwd, name } = written("x.csv", 'a,A,"""; drop",,"l\ni"\n1,2,3,4,5\n');
    const source = await openTable([name], db, { cwd });
    expect(source.columns.map((column) => column.name)).toEqual(["a", "A", '"; drop', "Unnamed: 3", "l\ni"]);
    expect(await rowsOf(cwd, name)).toEqual([{ 0: "1", 1: "2", 2: "3", 3: "4", 4: "5" }]);
  });

  it("takes a file name with pattern characters literally", async () => {
    const { cwd } = written("data[1]*.csv", "a\n1\n");
    writeFileSync(path.join(cwd, "data1x.csv"), "a\n2\n");
    expect(await rowsOf(cwd, "data[1]*.csv")).toEqual([{ 0: "1" }]);
  });

  it.each([
    ["x.csv.gz", gzipSync("a\n1\n")],
    ["x.csv.zst", zstdCompressSync("a\n1\n")],
  ])("unpacks %s", async (name, bytes) => {
    expect(await rowsOf(written(name, bytes).cwd, name)).toEqual([{ 0: "1" }]);
  });

  it("reads several files as one table, in the order given", async () => {
    const { cwd } = written("b.csv", "a,b\n1,2\n");
    writeFileSync(path.join(cwd, "a.csv"), "a,b\n3,4\n");
    expect(await rowsOf(cwd, "b.csv", "a.csv")).toEqual([
      { 0: "1", 1: "2" },
      { 0: "3", 1: "4" },
    ]);
  });

  it("gives back every value of every table that RFC 4180 can hold", async () => {
    const cell = fc.string({
      unit: fc.constantFrom('"', ",", "\n", "x", "é", "'", ";"),
      minLength: 1,
      maxLength: 6,
    });
    const table = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 8 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    const cwd = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const text = rows.map((row) => row.map(quoted).join(",")).join("\n");
        writeFileSync(path.join(cwd, "x.csv"), `a,b\n${text}\n`);
        expect(await rowsOf(cwd, "x.csv")).toEqual(rows.map(([a, b]) => ({ 0: a, 1: b })));
      }),
      { numRuns: times(150, 3000) },
    );
  });
});

describe("CSV that cannot be read", () => {
  it.each([
    [
      "a row with too few fields",
      "a,b\n1,2\n3\n",
      "DATA_CSV_MALFORMED",
      "x.csv:3: this row has 1 fields, the header has 2",
    ],
    ["a row with too many fields", "a,b\n1,2,3\n", "DATA_CSV_MALFORMED", "x.csv:2: this row has 3 fields"],
    [
      "a quote that never closes",
      'a,b\n1,"2\n3,4\n',
      "DATA_CSV_MALFORMED",
      "x.csv:2: a quote is opened here",
    ],
    ["a quote that closes too early", 'a,b\n1,"2"3\n', "DATA_CSV_MALFORMED", "x.csv:2: a quoted value"],
    ["mixed line ends", "a,b\r\n1,2\n3,4\n", "DATA_CSV_MALFORMED", "mixes line ends"],
    [
      "a row of 3 MB",
      `a,b\n1,${"x".repeat(3_000_000)}\n`,
      "DATA_CSV_MALFORMED",
      "x.csv:2: this row is longer",
    ],
    ["a blank first line", "\na,b\n1,2\n", "DATA_CSV_HEADER", "x.csv:1: the first line is blank"],
    ["a header with an open quote", 'a,"b\n1,2\n', "DATA_CSV_HEADER", "x.csv:1"],
    [
      "two columns of one name",
      "a,b,a\n1,2,3\n",
      "DATA_DUPLICATE_COLUMNS",
      'more than one column called "a"',
    ],
    [
      "Latin-1 in a row",
      Buffer.from("a,b\n1,2\n\xe9,3\n", "latin1"),
      "DATA_ENCODING",
      "x.csv:3: not valid UTF-8",
    ],
    ["Latin-1 in the header", Buffer.from("\xe9,b\n1,2\n", "latin1"), "DATA_ENCODING", "x.csv:1"],
    [
      "UTF-16 that is cut off",
      Buffer.from("\ufeffa,b\n1,2\n", "utf16le").subarray(0, -1),
      "DATA_ENCODING",
      "UTF-16LE",
    ],
    ["UTF-16 without a mark", Buffer.from("a,b\n1,2\n", "utf16le"), "DATA_NOT_CSV", "NUL byte at offset 1"],
    ["a NUL byte", "a,b\n1,\0\n", "DATA_NOT_CSV", "NUL byte at offset 6"],
    [
      "a NUL byte far behind",
      `a,b\n${"1,2\n".repeat(600_000)}\0,2\n`,
      "DATA_NOT_CSV",
      "NUL byte at offset 2400004",
    ],
    ["an Excel workbook", Buffer.from("PK\x03\x04rest"), "DATA_NOT_CSV", "Excel workbook"],
    ["a Parquet file", Buffer.from("PAR1\0\0\0\0PAR1"), "DATA_NOT_CSV", "a Parquet file"],
    ["gzip without its ending", gzipSync("a\n1\n"), "DATA_NOT_CSV", "gzip"],
    ["nothing", "", "DATA_FILE_EMPTY", "x.csv is empty"],
  ])("refuses %s", async (_title, content, code, message) => {
    const error = await refusalOf(written("x.csv", content).cwd, "x.csv");
    expect(error).toMatchObject({ kind: "not-evaluable", code });
    expect(error.message).toContain(message);
    expect(error.hint).toBeTruthy();
  });

  it("does not print the text of a broken row", async () => {
    const error = await refusalOf(written("x.csv", "a,b\nSmith\n").cwd, "x.csv");
    expect(`${error.message}${error.hint}`).not.toContain("Smith");
  });

  it("finds a bad last row behind a million quoted line ends, where DuckDB reading in parallel does not", async () => {
    const { cwd } = written("x.csv", `a,b\n${'"1\n1",2\n'.repeat(1_000_000)}3\n`);
    const source = await openTable(["x.csv"], db, { cwd });
    const error = source.explain(
      await db.query(`SELECT count(*) FROM ${source.sql}`).catch((one: unknown) => one),
    );
    expect(error).toMatchObject({ code: "DATA_CSV_MALFORMED" });
  });

  it.each([
    ["x.csv.gz", gzipSync],
    ["x.csv.zst", zstdCompressSync],
  ])("refuses a cut-off %s", async (name, compress) => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},${(index * 7919) % 9973}`);
    const bytes = compress(`a,b\n${rows.join("\n")}\n`);
    const error = await refusalOf(written(name, bytes.subarray(0, bytes.length / 2)).cwd, name);
    expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_COMPRESSION_BROKEN" });
  });

  it("ends in rows or in an error of ours, whatever the bytes", async () => {
    const cwd = temporaryFolder();
    const letters = fc.constantFrom(
      '"',
      ",",
      "\n",
      "\r\n",
      "\r",
      " ",
      "x",
      '""',
      "1",
      "é",
      "\\",
      "#",
      "\xff",
      "\0",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(letters, { minLength: 1, maxLength: 25 }), async (parts) => {
        writeFileSync(path.join(cwd, "x.csv"), Buffer.from(parts.join(""), "latin1"));
        await rowsOf(cwd, "x.csv").catch((error: unknown) => {
          expect(error).toMatchObject({ kind: "not-evaluable" });
        });
      }),
      { numRuns: times(400, 10_000) },
    );
  });
});

import { createHash } from "node:crypto";
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

function utf16(text: string, order: "le" | "be"): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, "utf16le");
  return order === "le" ? bytes : bytes.swap16();
}

async function namesAndRows(cwd: string, name: string, encoding: string | undefined) {
  const source = await openTable([name], db, { cwd, encoding });
  const list = source.columns.map((column, index) => `${column.sql} AS "${index}"`).join(", ");
  const rows = await db.query(`SELECT ${list} FROM ${source.sql}`);
  return { names: source.columns.map((column) => column.name), rows, source };
}

describe("encodings", () => {
  it.each([
    ["utf-16le", undefined, utf16('größe,b\n"1\n",€\n', "le")],
    ["utf-16be", undefined, utf16('größe,b\n"1\n",€\n', "be")],
    ["utf-16be", "utf-16be", utf16('größe,b\n"1\n",€\n', "be").subarray(2)],
    ["utf-8 with BOM", undefined, Buffer.from('\ufeffgröße,b\n"1\n",€\n')],
    ["windows-1252", "cp1252", Buffer.from('gr\xf6\xdfe,b\n"1\n",\x80\n', "latin1")],
  ])("%s is read as the same text (said to be %s)", async (encoding, said, bytes) => {
    const { cwd, name } = written("x.csv", bytes);
    const { names, rows, source } = await namesAndRows(cwd, name, said);
    expect(names).toEqual(["größe", "b"]);
    expect(rows).toEqual([{ 0: "1\n", 1: "€" }]);
    expect(source.csv?.encoding).toBe(encoding);
    expect(source.notes).toHaveLength(1);
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    expect(await source.facts()).toMatchObject([{ sha256, sizeBytes: bytes.length, rows: 1 }]);
  });

  it("reads latin-1 as ISO 8859-1, where 0x80 is no euro sign", async () => {
    const { cwd, name } = written("x.csv", Buffer.from("a\n\x80\xe9\n", "latin1"));
    expect((await namesAndRows(cwd, name, "ISO-8859-1")).rows).toEqual([{ 0: "\u0080é" }]);
  });

  it.each([
    ["x.csv.gz", gzipSync],
    ["x.csv.zst", zstdCompressSync],
  ])("unpacks %s before it is decoded", async (name, compress) => {
    const { cwd } = written(name, compress(utf16("a\né\n", "le")));
    expect(await rowsOf(cwd, name)).toEqual([{ 0: "é" }]);
  });

  it("names the lines of the file where the copy has an error", async () => {
    const error = await refusalOf(written("x.csv", utf16("a,b\n1,2\n3\n", "le")).cwd, "x.csv");
    expect(error.message).toContain("x.csv:3: this row has 1 fields");
  });

  it("refuses half a pair, and an encoding that nobody knows", async () => {
    const half = Buffer.concat([utf16("a\n", "le"), Buffer.from([0x00, 0xd8, 0x41, 0x00])]);
    expect(await refusalOf(written("x.csv", half).cwd, "x.csv")).toMatchObject({ code: "DATA_ENCODING" });
    const { cwd, name } = written("x.csv", "a\n1\n");
    await expect(openTable([name], db, { cwd, encoding: "ebcdic" })).rejects.toMatchObject({
      kind: "usage",
      code: "OPTION_INVALID",
    });
  });

  it("reads every text of UTF-16 as the same in UTF-8, wherever its letters fall", async () => {
    const cwd = temporaryFolder();
    const value = fc.string({ unit: fc.constantFrom("é", "𝒳", "a", "\u2028", "漢"), minLength: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 5 }), async (values) => {
        writeFileSync(path.join(cwd, "x.csv"), utf16(`a\n${values.join("\n")}\n`, "le"));
        expect(await rowsOf(cwd, "x.csv")).toEqual(values.map((one) => ({ 0: one })));
      }),
      { numRuns: times(40, 1000) },
    );
  });
});

import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { fc } from "../../support/fast-check.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { times } from "../../support/full.ts";
import { openReader, written } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();
const sources = path.resolve(import.meta.dirname, "../../../src");

describe("CSV as it comes", () => {
  it("reads a field of 1 MB, and ten thousand columns", async () => {
    const field = "x".repeat(1_000_000);
    expect(await rowsOf(written("x.csv", `a,b\n"${field}",2\n`).cwd, "x.csv")).toEqual([
      { 0: field, 1: "2" },
    ]);
    const names = Array.from({ length: 10_000 }, (_, index) => `c${index}`);
    const [row] = await rowsOf(written("x.csv", `${names.join()}\n${names.join()}\n`).cwd, "x.csv");
    expect(Object.values(row ?? {})).toEqual(names);
  });

  it("reads no rows below a header as no rows, in one column and in several", async () => {
    expect(await rowsOf(written("x.csv", "a,b").cwd, "x.csv")).toEqual([]);
    expect(await rowsOf(written("x.csv", "a\n").cwd, "x.csv")).toEqual([]);
  });

  it("reads quoted line ends of another kind than the file's, byte for byte", async () => {
    expect(await rowsOf(written("x.csv", 'a,b\n"1\r\n2",3\n').cwd, "x.csv")).toEqual([
      { 0: "1\r\n2", 1: "3" },
    ]);
  });

  it.each([
    ["a NUL in quotes", 'a,b\n"1\0",2\n', "DATA_NOT_CSV"],
    ["UTF-8 cut in a letter", Buffer.from("a,b\n1,\xc3\n", "latin1"), "DATA_ENCODING"],
    ["half a surrogate pair in UTF-8", Buffer.from("a,b\n1,\xed\xa0\x80\n", "latin1"), "DATA_ENCODING"],
    ["CR LF and then CR", "a,b\r\n1,2\r3,4\r\n", "DATA_CSV_MALFORMED"],
    ["names that differ by nothing", 'a,"a"\n1,2\n', "DATA_DUPLICATE_COLUMNS"],
  ])("refuses %s", async (_title, content, code) => {
    const error = await refusalOf(written("x.csv", content).cwd, "x.csv");
    expect(error).toMatchObject({ kind: "not-evaluable", code });
  });

  it("refuses compressed bytes behind the end of a stream instead of dropping them", async () => {
    const { cwd } = written("x.csv.gz", Buffer.concat([gzipSync("a\n1\n"), gzipSync("2\n")]));
    expect(await rowsOf(cwd, "x.csv.gz")).toEqual([{ 0: "1" }, { 0: "2" }]);
    writeFileSync(path.join(cwd, "y.csv.gz"), Buffer.concat([gzipSync("a\n1\n"), Buffer.from("garbage")]));
    await rowsOf(cwd, "y.csv.gz").catch((error: unknown) => {
      expect(error).toMatchObject({ kind: "not-evaluable" });
    });
  });
});

describe("files that the system keeps from us", () => {
  it("are refused with the reason, a file and a folder alike", async () => {
    // The tests may run as root, who may read everything: a process without rights looks at them.
    const cwd = temporaryFolder();
    chmodSync(cwd, 0o755);
    cpSync(sources, path.join(cwd, "src"), { recursive: true });
    writeFileSync(path.join(cwd, "package.json"), '{"type":"module"}');
    writeFileSync(path.join(cwd, "x.csv"), "a\n1\n");
    mkdirSync(path.join(cwd, "folder"));
    writeFileSync(path.join(cwd, "folder/y.csv"), "a\n1\n");
    for (const name of ["x.csv", "folder"]) chmodSync(path.join(cwd, name), 0o000);
    const script = `
import { locateAll } from "./src/data/sources/locate.ts";
import { textOf } from "./src/data/sources/csv-input.ts";
const cwd = ${JSON.stringify(cwd)};
const tell = (error) => console.log(error.kind, error.code, error.message);
const { files } = await locateAll(["x.csv"], { cwd });
try { for await (const _ of textOf(files[0])); } catch (error) { tell(error); }
await locateAll(["folder"], { cwd }).catch(tell);
await locateAll(["folder/y.csv"], { cwd }).catch(tell);
`;
    writeFileSync(path.join(cwd, "look.js"), script);
    const isRoot = process.getuid?.() === 0;
    const who = isRoot ? { uid: 65_534, gid: 65_534 } : {};
    const looked = await execa(process.execPath, ["look.js"], { cwd, ...who, reject: false });
    for (const name of ["x.csv", "folder"]) chmodSync(path.join(cwd, name), 0o700);
    expect(looked.stdout.split("\n")).toEqual([
      expect.stringMatching(/^not-evaluable DATA_FILE_UNREADABLE x\.csv cannot be read: EACCES/),
      expect.stringMatching(/^not-evaluable DATA_FILE_UNREADABLE folder cannot be read: EACCES/),
      expect.stringMatching(/^not-evaluable DATA_FILE_UNREADABLE folder\/y\.csv cannot be read: EACCES/),
    ]);
  });
});

describe("damaged Parquet", () => {
  it("ends in rows or in an error of ours, whatever byte is damaged", async () => {
    const cwd = temporaryFolder();
    const file = path.join(cwd, "x.parquet");
    await db.query(
      `COPY (SELECT i, 'text ' || i AS s, [i, i + 1] AS l, i * 0.5 AS x FROM range(500) t(i)) TO '${file}'`,
    );
    const bytes = readFileSync(file);
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 0, max: 255 })), {
      minLength: 1,
      maxLength: 4,
    });
    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const damaged = Buffer.from(bytes);
        for (const [at, value] of changes) damaged[at] = value;
        writeFileSync(file, damaged);
        await rowsOf(cwd, "x.parquet").catch((error: unknown) => {
          expect(error).toMatchObject({ kind: "not-evaluable" });
        });
      }),
      { numRuns: times(150, 4000) },
    );
  });
});

import { appendFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { confirmRead, failureOf, openTable } from "../../../src/data/sources/source.ts";
import { openReader, written } from "./reading.ts";

const { db } = await openReader();
/** More than is looked at before the table comes back. */
const rows = 3_000_000;
const long = `a,b\n${"1,some\n".repeat(rows)}`;

describe("readsAhead", () => {
  it("comes back before all was read and knows digest and rows in the end", async () => {
    const { cwd, name } = written("x.csv", long);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(source.optimistic?.sql).toContain("parallel = true");
    expect(source.sql).toContain("parallel = false");
    const [found] = await db.query(`SELECT count(*) AS n FROM ${source.optimistic?.sql}`);
    expect(await source.optimistic?.holds).toBe(true);
    await confirmRead(source, Number(found?.["n"]));
    const direct = await openTable([name], db, { cwd });
    expect(direct.optimistic).toBeUndefined();
    expect(await source.facts()).toEqual(await direct.facts());
    expect(await source.facts()).toMatchObject([{ rows, sizeBytes: long.length }]);
  });

  it("says that what was found in the hope of no quoted line ends does not hold", async () => {
    const { cwd, name } = written("x.csv", `${long}1,"two\nlines"\n`);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(await source.optimistic?.holds).toBe(false);
    const [found] = await db.query(`SELECT count(*) AS n FROM ${source.sql}`);
    await confirmRead(source, Number(found?.["n"]));
  });

  it("knows about how many rows there are, but not of a compressed file", async () => {
    const { cwd, name } = written("x.csv", long);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(Math.abs((source.likelyRows() ?? 0) / rows - 1)).toBeLessThan(0.1);
    source.close();
    writeFileSync(path.join(cwd, "x.csv.zst"), zstdCompressSync("a,b\n1,2\n"));
    expect((await openTable(["x.csv.zst"], db, { cwd })).likelyRows()).toBeUndefined();
  });

  it("drops the form of a column that a field far behind breaks", async () => {
    const { cwd, name } = written("x.csv", `a,b,c\n${"1,2,some\n".repeat(rows)}1.5,2,some\n`);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(source.forms()).toEqual(
      new Map([
        ["a", "integer"],
        ["b", "integer"],
      ]),
    );
    expect(source.typedSql(new Map([["a", "BIGINT"]]), "optimistic")).toContain("'BIGINT'");
    expect(await source.heldForms()).toEqual(new Map([["b", "integer"]]));
    expect(source.forms()).toEqual(await source.heldForms());
    expect(await source.optimistic?.holds).toBe(true);
  });

  it("holds no forms of a text that proves irregular", async () => {
    const { cwd, name } = written("x.csv", `a,b\n${"1,some\n".repeat(rows)}2,5" pipe\n`);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(source.forms()).toEqual(new Map([["a", "integer"]]));
    expect(await source.heldForms()).toEqual(new Map());
    const open = written("y.csv", `a,b\n${"1,some\n".repeat(rows)}2,"open\n`);
    const broken = await openTable([open.name], db, { cwd: open.cwd, readsAhead: true });
    expect(await broken.heldForms()).toEqual(new Map());
    await expect(broken.facts()).rejects.toMatchObject({ code: "DATA_CSV_MALFORMED" });
  });

  it("does not hope where the first part has a quoted line end, or is all", async () => {
    const { cwd, name } = written("x.csv", `a,b\n1,"two\nlines"\n${"1,some\n".repeat(rows)}`);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    expect(source.optimistic).toBeUndefined();
    expect(source.sql).toContain("parallel = false");
    source.close();
    writeFileSync(path.join(cwd, "y.csv"), "a,b\n1,2\n");
    const small = await openTable(["y.csv"], db, { cwd, readsAhead: true });
    expect(small.optimistic).toBeUndefined();
    expect(small.sql).toContain("parallel = true");
  });

  it("finds in the end what the reader did not notice", async () => {
    const { cwd, name } = written("x.csv", `${long}1,2,3\n1,"open\n`);
    const source = await openTable([name], db, { cwd, readsAhead: true });
    await expect(confirmRead(source, rows)).rejects.toMatchObject({ code: "DATA_CSV_MALFORMED" });
    const failed = await db.query(`SELECT nonsense FROM ${source.sql}`).catch((error: unknown) => error);
    expect(await failureOf(source, failed)).toBe(failed);
    const reading = await db
      .query(`SELECT max(${source.columns[1]?.sql}) FROM ${source.optimistic?.sql}`)
      .catch((error: unknown) => error);
    expect(await failureOf(source, reading)).toMatchObject({
      message: `x.csv:${rows + 3}: a quote is opened here and never closed.`,
    });
  });

  it("finds a stream of zstd that is cut off, which DuckDB takes for complete", async () => {
    const lines = Array.from({ length: 400_000 }, (_, row) => `${row},${(row * 7919) % 99_991}`);
    const bytes = zstdCompressSync(`a,b\n${lines.join("\n")}\n`);
    const { cwd, name } = written("x.csv.zst", bytes.subarray(0, bytes.length - 10));
    const opened = openTable([name], db, { cwd, readsAhead: true });
    const confirmed = opened.then((source) => confirmRead(source, 1));
    await expect(confirmed).rejects.toMatchObject({ code: "DATA_COMPRESSION_BROKEN" });
  });

  it("notices a file that grows while it is read", async () => {
    const { cwd, name } = written("x.csv", "a,b\n1,2\n");
    const source = await openTable([name], db, { cwd, readsAhead: true });
    appendFileSync(path.join(cwd, name), "3,4\n");
    await expect(confirmRead(source, 1)).rejects.toMatchObject({ code: "DATA_FILE_CHANGED" });
  });

  it("ends with the signal, and by close", async () => {
    const { cwd, name } = written("x.csv", long);
    const controller = new AbortController();
    const source = await openTable([name], db, { cwd, readsAhead: true, signal: controller.signal });
    controller.abort(new Error("enough"));
    await expect(source.facts()).rejects.toThrow("enough");
    const other = await openTable([name], db, { cwd, readsAhead: true });
    other.close();
    await expect(other.facts()).rejects.toMatchObject({ name: "AbortError" });
  });
});

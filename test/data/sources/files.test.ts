import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { confirmRead, openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openReader, written } from "./reading.ts";

const { db, refusalOf } = await openReader();

describe("files that are no table", () => {
  it("lists every file that is missing, with the place where it was looked for", async () => {
    const cwd = temporaryFolder();
    const error = await refusalOf(cwd, "no.csv", "none.parquet");
    expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_FILE_MISSING" });
    expect(error.message).toContain(path.join(cwd, "no.csv"));
    expect(error.message).toContain("none.parquet");
  });

  it("refuses a folder without data, an unknown ending and a remote address", async () => {
    const { cwd } = written("x.json", "{}");
    mkdirSync(path.join(cwd, "folder.csv"));
    expect(await refusalOf(cwd, "folder.csv")).toMatchObject({ code: "DATA_FOLDER_EMPTY" });
    expect(await refusalOf(cwd, "x.json")).toMatchObject({ code: "DATA_FORMAT_UNKNOWN" });
    expect(await refusalOf(cwd, "s3://bucket/x.csv")).toMatchObject({ kind: "usage", code: "NOT_YET" });
  });

  it("refuses files of different schemas as one table", async () => {
    const { cwd } = written("a.csv", "a,b\n1,2\n");
    writeFileSync(path.join(cwd, "b.csv"), "a,c\n1,2\n");
    const error = await refusalOf(cwd, "a.csv", "b.csv");
    expect(error.code).toBe("DATA_SCHEMAS_DIFFER");
    expect(error.message).toContain('column 2 is "c" and "b"');
  });

  it("reads files with pattern characters in their names when the database is locked", async () => {
    const { cwd, name } = written("x[1]*.csv", "a\n1\n");
    const locked = await openDuckDb();
    try {
      await locked.query(`COPY (SELECT 2 AS a) TO '${path.join(cwd, "y[2]?.parquet")}' (FORMAT parquet)`);
      const sources = [
        await openTable([name], locked, { cwd }),
        await openTable(["y[2]?.parquet"], locked, { cwd }),
      ];
      const readable = sources.flatMap((source) => source.files.map((file) => file.readPath));
      await locked.lock({ readable, writable: [] });
      for (const source of sources) expect(await locked.query(`FROM ${source.sql}`)).toHaveLength(1);
      writeFileSync(path.join(cwd, "other.csv"), "a\n1\n");
      await expect(locked.query(`FROM read_csv('${path.join(cwd, "other.csv")}')`)).rejects.toThrow();
    } finally {
      await locked.close();
    }
  });

  it("notices a file that is written to while it is read", async () => {
    const { cwd } = written("x.csv", "a\n1\n");
    const source = await openTable(["x.csv"], db, { cwd });
    writeFileSync(path.join(cwd, "x.csv"), "a\n1\n2\n");
    await expect(confirmRead(source, 1)).rejects.toMatchObject({ code: "DATA_FILE_CHANGED" });
  });
});

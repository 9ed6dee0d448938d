import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../../src/data/engine/duckdb.ts";
import { quoteIdentifier, quoteText } from "../../../src/data/engine/sql.ts";
import { temporaryFolder } from "../../support/folder.ts";

describe("openDuckDb", () => {
  it("gives plain values and keeps every digit", async () => {
    const db = await openDuckDb();
    const [row] = await db.query(
      "SELECT 7::BIGINT i, 9007199254740993 big, 1.50::DECIMAL(10,2) d, DATE '2024-02-29' dt, 'nan'::DOUBLE n, [1, NULL] l, {'x': 1::BIGINT} s, NULL e",
    );
    await db.close();
    expect(row).toEqual({
      i: 7,
      big: 9007199254740993n,
      d: "1.50",
      dt: "2024-02-29",
      n: Number.NaN,
      l: [1, null],
      s: { x: 1 },
      e: null,
    });
  });

  it("streams columns in chunks", async () => {
    const db = await openDuckDb({ threads: 1 });
    const seen: unknown[] = [];
    for await (const chunk of db.streamColumns("SELECT i, i * 0.5::DOUBLE h FROM range(5000) t(i)")) {
      expect(chunk.columns.map((column) => column.length)).toEqual([chunk.rows, chunk.rows]);
      seen.push(...(chunk.columns[1] ?? []));
    }
    await db.close();
    expect(seen).toEqual(Array.from({ length: 5000 }, (_, index) => index / 2));
  });

  it("lets who leaves a stream early go on at once, however long the rows would take", async () => {
    const db = await openDuckDb({ threads: 1 });
    const endless =
      "SELECT a.i FROM range(10000000) a(i), range(10000000) b(j) WHERE a.i * j % 7 = 3 AND a.i > 1e9";
    for await (const chunk of db.streamColumns(`SELECT i FROM range(2048) t(i) UNION ALL ${endless}`)) {
      expect(chunk.rows).toBe(2048);
      break;
    }
    expect(await db.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
    await db.close();
  });

  it("downloads no extension", async () => {
    const db = await openDuckDb();
    await expect(db.query("FROM read_csv('https://127.0.0.1:9/x.csv')")).rejects.toThrow(/httpfs/);
    const settings = await db.query(
      "SELECT name, value FROM duckdb_settings() WHERE name LIKE 'auto%extensions' ORDER BY name",
    );
    await db.close();
    expect(settings.map((row) => row["value"])).toEqual(["false", "false"]);
  });

  it("spills into a folder of its own and removes it", async () => {
    const tempDirectory = temporaryFolder();
    const db = await openDuckDb({ tempDirectory, memoryLimit: "60MB", threads: 1 });
    const sql = "SELECT count(*) n FROM (SELECT i, hash(i) h FROM range(4000000) t(i) ORDER BY h)";
    expect(await db.query(sql)).toEqual([{ n: 4_000_000 }]);
    expect(readdirSync(tempDirectory)).toHaveLength(1);
    await db.close();
    expect(existsSync(path.join(tempDirectory))).toBe(true);
    expect(readdirSync(tempDirectory)).toEqual([]);
  });

  it("names the temporary folder where nothing can be made in it", async () => {
    const tempDirectory = path.join(temporaryFolder(), "missing");
    const opened = openDuckDb({ tempDirectory });
    await expect(opened).rejects.toMatchObject({ kind: "usage", code: "TEMPORARY_FOLDER" });
    await expect(opened).rejects.toThrow(tempDirectory);
  });

  it("stops a running query when the signal is aborted, with the signal's reason", async () => {
    const abort = new AbortController();
    const db = await openDuckDb({ signal: abort.signal });
    const reason = new Error("terminated");
    const running = db.query(
      "SELECT count(*) FROM range(10000000) a(i), range(10000000) b(j) WHERE i * j % 7 = 3",
    );
    setImmediate(() => abort.abort(reason));
    await expect(running).rejects.toBe(reason);
    await db.close();
  });
});

it("quotes names and texts so that they come back as they were", async () => {
  const db = await openDuckDb();
  for (const text of ['"; drop table x; --', "it's", "\\", "a\0b", "é\n", "$1"]) {
    const name = text.replace("\0", "");
    const [row] = await db.query(`SELECT ${quoteText(text)} AS ${quoteIdentifier(name)}`);
    expect(row).toEqual({ [name]: text });
  }
  await db.close();
});

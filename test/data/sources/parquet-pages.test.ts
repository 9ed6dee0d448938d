import { open, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, it } from "vitest";
import { type Page, parquetPages } from "../../../src/data/sources/parquet-pages.ts";
import { MlopsError } from "../../../src/errors.ts";
import { folderForAll, openReader } from "./reading.ts";

const { db, rowsOf } = await openReader();
const cwd = folderForAll();

async function pagesOf(file: string): Promise<Page[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    return await Array.fromAsync(parquetPages(handle, size));
  } finally {
    await handle.close();
  }
}

async function written(name: string, options: string): Promise<string> {
  const file = path.join(cwd, name);
  await db.query(
    `COPY (SELECT i AS id, i * 7 AS n, concat('v', i % 3) AS text, [i, i] AS list FROM range(300) t(i))
TO '${file}' (FORMAT parquet, ${options})`,
  );
  return file;
}

it("counts the values of every page, those of dictionaries not among them", async () => {
  const pages = await pagesOf(await written("groups.parquet", "ROW_GROUP_SIZE 100"));
  expect(pages.reduce((sum, page) => sum + page.values, 0)).toBe(300 * 3 + 600);
});

it("finds no column with fewer values than it should have, whatever bit of its page's header is turned", async () => {
  const file = await written("whole.parquet", "PARQUET_VERSION v2, COMPRESSION uncompressed");
  const whole = await rowsOf(cwd, "whole.parquet");
  const [first] = await pagesOf(file);
  const bytes = await readFile(file);
  const outcomes = new Set<string>();
  for (let bit = (first?.header ?? 0) * 8; bit < (first?.body ?? 0) * 8; bit += 1) {
    const damaged = Buffer.from(bytes);
    damaged[bit >> 3] = (damaged[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    await writeFile(path.join(cwd, "damaged.parquet"), damaged);
    try {
      expect(await rowsOf(cwd, "damaged.parquet"), `bit ${bit}`).toEqual(whole);
    } catch (error) {
      if (!(error instanceof MlopsError)) throw error;
      expect(error.kind).toBe("not-evaluable");
      outcomes.add(error.message.replace(/\d+/g, "#"));
    }
  }
  expect([...outcomes].join("\n")).toContain("the pages of a column hold # values where its footer says #");
});

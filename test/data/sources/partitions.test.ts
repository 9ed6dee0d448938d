import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openTable } from "../../../src/data/sources/source.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { openReader } from "./reading.ts";

const { db, rowsOf, refusalOf } = await openReader();

function folderOf(files: Readonly<Record<string, string>>): string {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), text);
  }
  return cwd;
}

async function parquet(cwd: string, name: string, query: string): Promise<void> {
  mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
  await db.query(`COPY (${query}) TO '${path.join(cwd, name)}'`);
}

describe("partition folders", () => {
  it("become typed columns behind those of the files, whatever the format", async () => {
    const cwd = folderOf({
      "csv/n=01/dt=2026-01-01/c=D%20E/a.csv": "v\nx\n",
      "csv/n=2/dt=2026-01-02/c=__HIVE_DEFAULT_PARTITION__/b.csv": "v\ny\n",
    });
    await parquet(cwd, "pq/n=01/dt=2026-01-01/c=D%20E/a.parquet", "SELECT 'x' AS v");
    await parquet(cwd, "pq/n=2/dt=2026-01-02/c=__HIVE_DEFAULT_PARTITION__/b.parquet", "SELECT 'y' AS v");
    for (const folder of ["csv", "pq"]) {
      const { columns } = await openTable([folder], db, { cwd });
      expect(columns.map((one) => [one.name, one.engineType, one.origin])).toEqual([
        ["v", "VARCHAR", "file"],
        ["n", "BIGINT", "partition"],
        ["dt", "DATE", "partition"],
        ["c", "VARCHAR", "partition"],
      ]);
      expect(await rowsOf(cwd, folder)).toEqual([
        { 0: "x", 1: 1, 2: "2026-01-01", 3: "D E" },
        { 0: "y", 1: 2, 2: "2026-01-02", 3: null },
      ]);
    }
  });

  it("are text where one value is neither number nor date", async () => {
    const cwd = folderOf({ "d/k=1/a.csv": "v\nx\n", "d/k=2026-02-30/a.csv": "v\ny\n" });
    expect(await rowsOf(cwd, "d")).toEqual([
      { 0: "x", 1: "1" },
      { 0: "y", 1: "2026-02-30" },
    ]);
  });

  it("above the working folder, or switched off, make no column", async () => {
    const cwd = folderOf({ "run=7/k=1/a.csv": "v\nx\n" });
    const inside = path.join(cwd, "run=7");
    expect(await rowsOf(inside, path.join(inside, "k=1/a.csv"))).toEqual([{ 0: "x", 1: 1 }]);
    const off = await openTable(["k=1"], db, { cwd: inside, partitions: false });
    expect(off.columns.map((column) => column.name)).toEqual(["v"]);
  });

  it("that differ in keys or depth are refused with both files", async () => {
    const cwd = folderOf({ "d/k=1/a.csv": "v\nx\n", "d/k=1/l=2/b.csv": "v\ny\n" });
    const error = await refusalOf(cwd, "d");
    expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_PARTITIONS_DIFFER" });
    expect(error.message).toContain("k=… and k=…/l=…");
  });

  it("that are columns of the files too must say the same", async () => {
    const cwd = folderOf({ "d/k=1/a.csv": "v,k\nx,1\n", "d/k=2/b.csv": "v,k\ny,2\nz,2\n" });
    await parquet(cwd, "pq/k=1/a.parquet", "SELECT 'x' AS v, 1 AS k");
    expect(await rowsOf(cwd, "d")).toHaveLength(3);
    expect(await rowsOf(cwd, "pq")).toEqual([{ 0: "x", 1: 1 }]);
    writeFileSync(path.join(cwd, "d/k=2/b.csv"), "v,k\ny,2\nz,3\n");
    await parquet(cwd, "pq/k=1/a.parquet", "SELECT 'x' AS v, 4 AS k");
    for (const [folder, file] of [
      ["d", "d/k=2/b.csv"],
      ["pq", "pq/k=1/a.parquet"],
    ] as const) {
      const error = await refusalOf(cwd, folder);
      expect(error).toMatchObject({ kind: "not-evaluable", code: "DATA_PARTITION_CONTRADICTED" });
      expect(error.message).toContain(`${file}: a row has another value in column "k"`);
    }
  });
});

import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { locateAll } from "../../../src/data/sources/locate.ts";
import { temporaryFolder } from "../../support/folder.ts";

/** A fresh folder with files; all hold the same small CSV. */
function folderWith(...names: readonly string[]): string {
  const cwd = temporaryFolder();
  for (const name of names) {
    mkdirSync(path.dirname(path.join(cwd, name)), { recursive: true });
    writeFileSync(path.join(cwd, name), "a\n1\n");
  }
  return cwd;
}

async function urisOf(cwd: string, ...paths: readonly string[]): Promise<string[]> {
  return (await locateAll(paths, { cwd })).files.map((file) => file.uri);
}

describe("patterns", () => {
  it("find files by name, sorted, hidden and set-aside ones left out", async () => {
    const cwd = folderWith("d/b.csv", "d/a.csv", "d/_tmp.csv", "d/.c.csv", "d/x.txt");
    expect(await urisOf(cwd, "d/*.csv")).toEqual(["d/a.csv", "d/b.csv"]);
    expect(await urisOf(cwd, "d/_*.csv")).toEqual(["d/_tmp.csv"]);
    expect(await urisOf(cwd, path.join(cwd, "d/[b-z].csv"))).toEqual([path.join(cwd, "d/b.csv")]);
  });

  it("go into folders with ** and take what is in folders that they name", async () => {
    const cwd = folderWith("d/1/b.csv", "d/2/deep/a.csv", "d/c.csv");
    expect(await urisOf(cwd, "d/**/*.csv")).toEqual(["d/1/b.csv", "d/2/deep/a.csv", "d/c.csv"]);
    expect(await urisOf(cwd, "d/[12]")).toEqual(["d/1/b.csv", "d/2/deep/a.csv"]);
  });

  it("say what was looked for where nothing matches", async () => {
    const cwd = folderWith("a.csv");
    await expect(locateAll(["no/*.csv"], { cwd })).rejects.toMatchObject({
      kind: "not-evaluable",
      code: "DATA_FILE_MISSING",
      message: `No file matches no/*.csv (looked for ${path.join(cwd, "no/*.csv")}).`,
    });
  });

  it("are names where a file is called so", async () => {
    const cwd = folderWith("a[1]*.csv", "a1x.csv");
    expect(await urisOf(cwd, "a[1]*.csv")).toEqual(["a[1]*.csv"]);
  });
});

describe("folders", () => {
  it("give all data files below them and note what was left out", async () => {
    const cwd = folderWith("d/b.csv", "d/1/a.csv", "d/_SUCCESS", "d/.a.crc", "d/_x/y.csv", "d/README.md");
    const found = await locateAll(["d"], { cwd });
    expect(found.files.map((file) => file.uri)).toEqual(["d/1/a.csv", "d/b.csv"]);
    expect(found.notes).toEqual(["d: 1 files that are no data were left out: README.md."]);
  });

  it("are said to be files where they are", async () => {
    const looked = locateAll(["d/a.csv/"], { cwd: folderWith("d/a.csv") });
    await expect(looked).rejects.toThrow("d/a.csv/ is a file, not a folder.");
  });

  it("without data are refused", async () => {
    const cwd = folderWith("d/_SUCCESS", "d/README.md");
    await expect(locateAll(["d"], { cwd })).rejects.toMatchObject({ code: "DATA_FOLDER_EMPTY" });
  });

  it("with a link that leads back are refused instead of read for ever", async () => {
    const cwd = folderWith("d/a.csv");
    symlinkSync("..", path.join(cwd, "d/up"));
    await expect(locateAll(["d"], { cwd })).rejects.toMatchObject({ code: "DATA_LINK_LOOP" });
  });

  it("with a link to another folder are followed, with a link to nothing refused", async () => {
    const cwd = folderWith("d/a.csv", "e/b.csv");
    symlinkSync("../e", path.join(cwd, "d/other"));
    expect(await urisOf(cwd, "d")).toEqual(["d/a.csv", "d/other/b.csv"]);
    symlinkSync("nowhere.csv", path.join(cwd, "d/none.csv"));
    const refused = locateAll(["d"], { cwd });
    await expect(refused).rejects.toMatchObject({ code: "DATA_FILE_MISSING" });
    await expect(refused).rejects.toThrow("d/none.csv is a link to a file that does not exist");
  });
});

describe("files", () => {
  it("are refused where two paths stand for one", async () => {
    const cwd = folderWith("d/a.csv");
    await expect(locateAll(["d", "d/*.csv"], { cwd })).rejects.toMatchObject({
      kind: "usage",
      code: "DATA_FILE_TWICE",
    });
  });

  it("that are links, or have a name that will mean other data, are noted", async () => {
    const cwd = folderWith("2026.csv", "Latest/a.csv");
    symlinkSync("2026.csv", path.join(cwd, "b.csv"));
    const { notes } = await locateAll(["b.csv", "Latest/a.csv", "2026.csv"], { cwd });
    expect(notes).toEqual([
      "b.csv is a link to 2026.csv, which may be another file tomorrow.",
      expect.stringContaining('Latest/a.csv: the name "latest" may mean other data tomorrow'),
    ]);
  });

  it("that are pipes or sockets are refused without waiting for anybody", async () => {
    const cwd = temporaryFolder();
    await execa("sh", ["-c", "mkfifo pipe.csv"], { cwd });
    const server = createServer();
    onTestFinished(() => void server.close());
    await new Promise<void>((resolve) => void server.listen(path.join(cwd, "socket.parquet"), resolve));
    const refused = locateAll(["pipe.csv", "socket.parquet"], { cwd });
    await expect(refused).rejects.toMatchObject({ kind: "not-evaluable", code: "DATA_NOT_A_FILE" });
    await expect(refused).rejects.toThrow(/pipe\.csv is a pipe.*\n.*socket\.parquet is a pipe/);
  });
});

describe("remote addresses", () => {
  it("become the local files that the caller fetches, named as in the store", async () => {
    const cwd = folderWith("cache/1", "cache/2", "cache/3");
    const object = (name: string, local: string) => ({
      uri: `s3://b/d/${name}`,
      localPath: path.join(cwd, local),
      etag: `"${local}"`,
      sizeBytes: 4,
    });
    const asked: string[] = [];
    const fetchRemote = async (uri: string) => {
      asked.push(uri);
      return [object("_SUCCESS", "cache/1"), object("x.csv.gz", "cache/2"), object("notes.md", "cache/3")];
    };
    const { files } = await locateAll(["s3://b/d/"], { cwd, fetchRemote });
    expect(asked).toEqual(["s3://b/d/"]);
    expect(files).toMatchObject([
      { uri: "s3://b/d/x.csv.gz", format: "csv", compression: "gzip", etag: '"cache/2"' },
    ]);
    await expect(locateAll(["s3://b/d/"], { cwd })).rejects.toMatchObject({ kind: "usage", code: "NOT_YET" });
    await expect(locateAll(["gs://b/d"], { cwd, fetchRemote })).rejects.toMatchObject({ code: "NOT_YET" });
  });
});

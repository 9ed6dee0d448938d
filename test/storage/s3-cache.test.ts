import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetchInChild } from "./children.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

const mebibyte = 1 << 20;

describe("the cache of fetched objects", () => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  const bytes = someBytes(20 * mebibyte + 5);
  beforeAll(async () => {
    server = await startS3Server("moto", directory);
    await server.put("data.parquet", bytes, { ChecksumAlgorithm: "CRC32" });
    for (const name of ["a", "b", "c"]) await server.put(`set/${name}.csv`, someBytes(mebibyte));
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const through = (proxy: { readonly url: string }) => ({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.url });
  const objectsIn = async (cache: string) => await readdir(path.join(cache, "objects"));

  it("reads nothing again that is there already, and leaves only the cache behind", async () => {
    await using proxy = await startFaultProxy(server.url);
    const cacheDirectory = temporaryFolder();
    const first = fetcher(through(proxy), { cacheDirectory });
    await first.fetch(uriOf("data.parquet"));
    await first.close();
    const reads = proxy.reads();
    const second = fetcher(through(proxy), { cacheDirectory });
    const [found] = await second.fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    expect(proxy.reads()).toBe(reads);
    await second.close();
    expect(await readdir(path.join(cacheDirectory, "runs"))).toEqual([]);
    expect(await readdir(path.join(cacheDirectory, "locks"))).toEqual([]);
    expect(await readdir(path.join(cacheDirectory, "partial"))).toEqual([]);
    expect((await objectsIn(cacheDirectory)).length).toBe(1);
  });

  it("fetches again where a byte of the cached file was changed or its end is missing", async () => {
    const cacheDirectory = temporaryFolder();
    await fetcher(server.env, { cacheDirectory }).fetch(uriOf("data.parquet"));
    const [id = ""] = await objectsIn(cacheDirectory);
    const file = path.join(cacheDirectory, "objects", id, "data");
    const damaged = Buffer.from(bytes);
    damaged[mebibyte] = 255 - (damaged[mebibyte] ?? 0);
    for (const content of [damaged, bytes.subarray(0, 1000)]) {
      await writeFile(file, content);
      const [found] = await fetcher(server.env, { cacheDirectory }).fetch(uriOf("data.parquet"));
      expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    }
  });

  it("fetches a new version of an object", async () => {
    const cacheDirectory = temporaryFolder();
    await server.put("latest.csv", "a\n1\n");
    await fetcher(server.env, { cacheDirectory }).fetch(uriOf("latest.csv"));
    await server.put("latest.csv", "a\n2\n");
    const [found] = await fetcher(server.env, { cacheDirectory }).fetch(uriOf("latest.csv"));
    expect(await readFile(found?.localPath ?? "", "utf8")).toBe("a\n2\n");
  });

  it("removes what was not used for longest when its limit is reached", async () => {
    const cacheDirectory = temporaryFolder();
    const limit = { cacheDirectory, cacheLimitBytes: 2.5 * mebibyte };
    for (const name of ["a", "b"]) {
      const one = fetcher(server.env, limit);
      await one.fetch(uriOf(`set/${name}.csv`));
      await one.close();
    }
    const ofA = await entryOf(cacheDirectory, "a");
    const ofB = await entryOf(cacheDirectory, "b");
    await utimes(path.join(ofA, "entry.json"), 1, 1);
    const last = fetcher(server.env, limit);
    await last.fetch(uriOf("set/c.csv"));
    await expect(stat(ofA)).rejects.toMatchObject({ code: "ENOENT" });
    expect((await stat(ofB)).isDirectory()).toBe(true);
  });

  it("keeps what a run uses although the limit is reached, and fetches an object above it for the run only", async () => {
    const cacheDirectory = temporaryFolder();
    const one = fetcher(server.env, { cacheDirectory, cacheLimitBytes: 1.5 * mebibyte });
    const small = await one.fetch(uriOf("set/"));
    expect(small.length).toBe(3);
    const [large] = await one.fetch(uriOf("data.parquet"));
    expect((await readFile(large?.localPath ?? "")).equals(bytes)).toBe(true);
    for (const { localPath } of small) expect((await stat(localPath)).size).toBe(mebibyte);
    expect((await objectsIn(cacheDirectory)).length).toBe(1);
    await one.close();
    await expect(stat(large?.localPath ?? "")).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("lets two processes share it: both get the bytes, each part is read once", async () => {
    await using proxy = await startFaultProxy(server.url);
    const cacheDirectory = temporaryFolder();
    const children = [1, 2].map(() => fetchInChild(uriOf("data.parquet"), cacheDirectory, through(proxy)));
    for (const { outcome } of children) expect((await outcome)?.files?.[0]?.sizeBytes).toBe(bytes.length);
    expect(proxy.reads()).toBe(3);
    const [id = ""] = await objectsIn(cacheDirectory);
    expect((await readFile(path.join(cacheDirectory, "objects", id, "data"))).equals(bytes)).toBe(true);
  });

  it("goes on after a process that was killed, from its finished parts, and clears its leftovers", async () => {
    const reached = Promise.withResolvers<void>();
    let isHanging = true;
    await using proxy = await startFaultProxy(server.url, ({ headers }) => {
      if (headers.range?.startsWith("bytes=0-") !== true || !isHanging) return undefined;
      return { hang: true };
    });
    const cacheDirectory = temporaryFolder();
    const killed = fetchInChild(uriOf("data.parquet"), cacheDirectory, through(proxy));
    void journalHas(cacheDirectory, 2).then(reached.resolve, reached.reject);
    await reached.promise;
    killed.kill("SIGKILL");
    expect(await killed.outcome).toBeUndefined();
    expect((await readdir(path.join(cacheDirectory, "locks"))).length).toBe(1);
    isHanging = false;
    const before = proxy.reads();
    const [found] = await fetcher(through(proxy), { cacheDirectory }).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    expect(proxy.reads() - before).toBe(1);
    expect((await readdir(path.join(cacheDirectory, "runs"))).length).toBe(1);
  });

  it("does not trust a part that was damaged on disk after a kill", async () => {
    let isHanging = true;
    await using proxy = await startFaultProxy(server.url, ({ headers }) =>
      isHanging && headers.range?.startsWith("bytes=0-") === true ? { hang: true } : undefined,
    );
    const cacheDirectory = temporaryFolder();
    const killed = fetchInChild(uriOf("data.parquet"), cacheDirectory, through(proxy));
    await journalHas(cacheDirectory, 2);
    killed.kill("SIGKILL");
    await killed.outcome;
    const [id = ""] = await readdir(path.join(cacheDirectory, "partial"));
    const file = path.join(cacheDirectory, "partial", id, "data");
    const left = await readFile(file);
    left[10 * mebibyte] = 255 - (left[10 * mebibyte] ?? 0);
    await writeFile(file, left);
    isHanging = false;
    const before = proxy.reads();
    const [found] = await fetcher(through(proxy), { cacheDirectory }).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    expect(proxy.reads() - before).toBe(2);
  });
});

/** The folder of the cached object whose key ends in `<name>.csv`. */
async function entryOf(cache: string, name: string): Promise<string> {
  for (const id of await readdir(path.join(cache, "objects"))) {
    const folder = path.join(cache, "objects", id);
    if ((await readFile(path.join(folder, "entry.json"), "utf8")).includes(`/${name}.csv"`)) return folder;
  }
  throw new Error(`${name}.csv is not in the cache`);
}

/** Resolves when another process has finished so many parts; it writes a file, so that is what is watched. */
async function journalHas(cache: string, parts: number): Promise<void> {
  for (let look = 0; look < 600; look++) {
    const ids = await readdir(path.join(cache, "partial")).catch(() => []);
    for (const id of ids) {
      const text = await readFile(path.join(cache, "partial", id, "journal"), "utf8").catch(() => "");
      if (text.split("\n").length >= parts + 2) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the other process does not come that far");
}

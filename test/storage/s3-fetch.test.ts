import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { availableS3Servers, bucket, type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

describe.each(availableS3Servers())("fetching from %s", (kind) => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  beforeAll(async () => {
    server = await startS3Server(kind, directory);
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("brings one small object with its ETag and size", async () => {
    await server.put("one/train.csv", "id,x\n1,2\n");
    const [found, ...others] = await fetcher(server.env).fetch(uriOf("one/train.csv"));
    expect(others).toEqual([]);
    expect(found).toMatchObject({ uri: uriOf("one/train.csv"), sizeBytes: 9, versionId: undefined });
    // md5 of the nine bytes, by md5sum.
    expect(found?.etag).toBe("5d02e4d2354eae28589766cca211477d");
    expect(await readFile(found?.localPath ?? "", "utf8")).toBe("id,x\n1,2\n");
  });

  it("brings an object of many parts byte for byte, and tells how far it is", async () => {
    const bytes = someBytes(30_000_001);
    await server.put("big.parquet", bytes);
    const seen: (readonly [number, number])[] = [];
    const progress = (done: number, total: number) => void seen.push([done, total]);
    const [found] = await fetcher(server.env, { progress }).fetch(uriOf("big.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    expect(seen.at(-1)).toEqual([bytes.length, bytes.length]);
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b));
  });

  it("brings an empty object", async () => {
    await server.put("empty.csv", "");
    const [found] = await fetcher(server.env).fetch(uriOf("empty.csv"));
    expect(found?.sizeBytes).toBe(0);
    expect(await readFile(found?.localPath ?? "x", "utf8")).toBe("");
  });

  it("brings all data files below a prefix, hidden ones and others left out, partitions kept in the path", async () => {
    for (const key of [
      "dt=2026-01-01/a.csv",
      "dt=2026-01-02/b.csv",
      "_SUCCESS",
      "_delta_log/0.csv",
      ".x.csv",
      "README.md",
    ])
      await server.put(`table/${key}`, key);
    const found = await fetcher(server.env).fetch(uriOf("table/"));
    expect(found.map((one) => one.uri)).toEqual([
      uriOf("table/dt=2026-01-01/a.csv"),
      uriOf("table/dt=2026-01-02/b.csv"),
    ]);
    expect(found[0]?.localPath).toMatch(new RegExp(`/${bucket}/table/dt=2026-01-01/a\\.csv$`));
    expect(await readFile(found[1]?.localPath ?? "", "utf8")).toBe("dt=2026-01-02/b.csv");
  });

  it("brings what a pattern matches", async () => {
    for (const key of ["p/y=1/a.csv", "p/y=1/b.parquet", "p/y=2/c.csv", "p/y=2/deep/d.csv"])
      await server.put(key, key);
    const keys = async (pattern: string) =>
      (await fetcher(server.env).fetch(uriOf(pattern))).map((one) => one.uri.replace(uriOf(""), ""));
    expect(await keys("p/*/*.csv")).toEqual(["p/y=1/a.csv", "p/y=2/c.csv"]);
    expect(await keys("p/**/*.csv")).toEqual(["p/y=1/a.csv", "p/y=2/c.csv", "p/y=2/deep/d.csv"]);
    expect(await keys("p/y=[12]/{a,c}.csv")).toEqual(["p/y=1/a.csv", "p/y=2/c.csv"]);
  });

  it.runIf(kind === "moto")("lists more keys than one page holds", async () => {
    for (const name of Array(7).keys()) await server.put(`many/${name}.csv`, `${name}`);
    // This server does not check signatures, so that the request can be given a smaller page.
    await using proxy = await startFaultProxy(server.url, ({ path: asked }) =>
      asked.includes("list-type=2") ? { path: `${asked}&max-keys=3` } : undefined,
    );
    const found = await fetcher({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.url }).fetch(uriOf("many/"));
    expect(proxy.seen.filter((one) => one.path.includes("list-type=2")).length).toBe(3);
    const keys = found.map((one) => one.uri.replace(uriOf(""), ""));
    expect(keys).toEqual(Array.from({ length: 7 }, (_, name) => `many/${name}.csv`));
    for (const one of found)
      expect(`many/${await readFile(one.localPath, "utf8")}.csv`).toBe(one.uri.replace(uriOf(""), ""));
  });

  it.runIf(kind === "moto")("keeps keys apart that are hard on a file system", async () => {
    const keys = ["odd/a//b.csv", "odd/sp ace+ü%20&.csv", `odd/${"long".repeat(100)}.csv`, "odd/?.csv"];
    for (const key of [...keys, "odd/../c.csv"]) await server.put(key, key);
    const found = await fetcher(server.env).fetch(uriOf("odd/**/*.csv"));
    const outside = await fetcher(server.env).fetch(uriOf("odd/../c.csv"));
    expect(found.map((one) => one.uri).toSorted()).toEqual(keys.map(uriOf).toSorted());
    for (const one of [...found, ...outside])
      expect(await readFile(one.localPath, "utf8")).toBe(one.uri.replace(uriOf(""), ""));
    expect(outside[0]?.localPath).toContain(`/${bucket}/odd/%../c.csv`);
  });
});

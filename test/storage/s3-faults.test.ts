import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

const mebibyte = 1 << 20;
const isRange = (headers: { readonly range?: string | undefined }) => headers.range !== undefined;

describe("a store that fails in between", () => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  const bytes = someBytes(20 * mebibyte + 17);
  beforeAll(async () => {
    server = await startS3Server("moto", directory);
    await server.put("data.parquet", bytes, { ChecksumAlgorithm: "CRC32" });
    await server.put("plain.csv", "a\n1\n");
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const through = (proxy: { readonly url: string }) => ({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.url });

  it("goes on where connections were cut, within the part", async () => {
    const cut = new Set<string>();
    await using proxy = await startFaultProxy(server.url, ({ headers }) => {
      if (!isRange(headers) || cut.has(headers.range ?? "")) return undefined;
      cut.add(headers.range ?? "");
      return cut.size <= 6 ? { cutAfterBytes: 3 * mebibyte } : undefined;
    });
    const [found] = await fetcher(through(proxy)).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    // A part that was cut after 3 MiB is asked for from there.
    expect([...cut]).toContain(`bytes=${3 * mebibyte}-${8 * mebibyte - 1}`);
  });

  it("tries again after 503, 500 and a closed connection", async () => {
    await using proxy = await startFaultProxy(server.url, ({ number }) => {
      if (number === 1)
        return { answer: { status: 503, body: xmlError("SlowDown", "Please reduce your request rate.") } };
      if (number === 3)
        return {
          answer: { status: 500, body: xmlError("InternalError", "We encountered an internal error.") },
        };
      return number === 5 ? { cutAfterBytes: 0 } : undefined;
    });
    const [found] = await fetcher(through(proxy)).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
  });

  it("gives up on a server that stays unavailable, after the tries that AWS_MAX_ATTEMPTS allows", async () => {
    await using proxy = await startFaultProxy(server.url, () => ({
      answer: { status: 503, body: xmlError("SlowDown", "Slow.") },
    }));
    const run = fetcher({ ...through(proxy), AWS_MAX_ATTEMPTS: "3" }).fetch(uriOf("plain.csv"));
    await expect(run).rejects.toMatchObject({ kind: "unavailable", code: "S3_UNAVAILABLE" });
    expect(proxy.seen.length).toBe(3);
  });

  it("says that nobody listens at the address", async () => {
    await using proxy = await startFaultProxy(server.url);
    await proxy[Symbol.asyncDispose]();
    const run = fetcher({ ...through(proxy), AWS_MAX_ATTEMPTS: "2" }).fetch(uriOf("plain.csv"));
    await expect(run).rejects.toMatchObject({
      kind: "unavailable",
      code: "S3_UNREACHABLE",
      message: expect.stringContaining("refuses connections"),
    });
  });

  it("reads an object again as a whole that was replaced between two parts", async () => {
    const old = someBytes(20 * mebibyte);
    const replacement = someBytes(18 * mebibyte);
    await server.put("moving.parquet", old);
    let ranges = 0;
    await using proxy = await startFaultProxy(server.url, ({ headers }) => {
      if (!isRange(headers)) return undefined;
      ranges += 1;
      return ranges === 2 ? { before: () => server.put("moving.parquet", replacement) } : undefined;
    });
    const [found] = await fetcher(through(proxy)).fetch(uriOf("moving.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(replacement)).toBe(true);
    expect(found?.sizeBytes).toBe(replacement.length);
  });

  it("refuses an object that is replaced again and again", async () => {
    await server.put("busy.parquet", someBytes(20 * mebibyte));
    await using proxy = await startFaultProxy(server.url, ({ headers }) =>
      headers.range?.startsWith("bytes=0-") === true
        ? { before: () => server.put("busy.parquet", someBytes(20 * mebibyte)) }
        : undefined,
    );
    const cacheDirectory = temporaryFolder();
    const run = fetcher(through(proxy), { cacheDirectory }).fetch(uriOf("busy.parquet"));
    await expect(run).rejects.toMatchObject({
      kind: "not-evaluable",
      code: "S3_OBJECT_CHANGED",
      message: expect.stringContaining("changed while it was read"),
    });
    expect(readdirSync(path.join(cacheDirectory, "objects"))).toEqual([]);
    expect(readdirSync(path.join(cacheDirectory, "partial"))).toEqual([]);
  });

  it.each(["data.parquet", "plain.csv"])(
    "reads %s again where bytes were damaged on the way",
    async (key) => {
      let damaged = 0;
      await using proxy = await startFaultProxy(server.url, ({ method, headers }) => {
        if (method !== "GET" || (isRange(headers) && headers.range?.startsWith("bytes=8388608-") !== true))
          return undefined;
        damaged += 1;
        return damaged === 1 ? { damageByte: 2 } : undefined;
      });
      const [found] = await fetcher(through(proxy)).fetch(uriOf(key));
      expect(damaged).toBe(2);
      expect(
        (await readFile(found?.localPath ?? "")).equals(key === "plain.csv" ? Buffer.from("a\n1\n") : bytes),
      ).toBe(true);
    },
  );

  it("refuses bytes that arrive damaged twice, and keeps none of them", async () => {
    let flip = 0;
    await using proxy = await startFaultProxy(server.url, ({ headers }) =>
      isRange(headers) ? { damageByte: flip++ } : undefined,
    );
    const cacheDirectory = temporaryFolder();
    const run = fetcher(through(proxy), { cacheDirectory }).fetch(uriOf("data.parquet"));
    await expect(run).rejects.toMatchObject({ kind: "not-evaluable", code: "S3_BYTES_DAMAGED" });
    expect(readdirSync(path.join(cacheDirectory, "objects"))).toEqual([]);
    expect(readdirSync(path.join(cacheDirectory, "partial"))).toEqual([]);
  });

  it("ends at once with the reason of its signal, and goes on from there the next time", async () => {
    const abort = new AbortController();
    const reason = new Error("Terminated (SIGTERM).");
    await using proxy = await startFaultProxy(server.url, ({ headers }) =>
      // The first part never arrives.
      headers.range?.startsWith("bytes=0-") === true && !abort.signal.aborted ? { hang: true } : undefined,
    );
    const cacheDirectory = temporaryFolder();
    const progress = (done: number) => {
      if (done === bytes.length - 8 * mebibyte) setImmediate(() => abort.abort(reason));
    };
    const run = fetcher(through(proxy), { cacheDirectory, signal: abort.signal, progress }).fetch(
      uriOf("data.parquet"),
    );
    await expect(run).rejects.toBe(reason);
    const before = proxy.reads();
    const [found] = await fetcher(through(proxy), { cacheDirectory }).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    // Only the parts that were missing; the last one was written or not when the signal came.
    expect(proxy.reads() - before).toBeLessThanOrEqual(2);
  });
});

function xmlError(code: string, message: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
}

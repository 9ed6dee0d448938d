import { createHash, randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, request } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../src/deploy/probe.ts";
import { createRelay, relayPath } from "../../src/deploy/relay.ts";
import { temporaryFolder } from "../support/folder.ts";

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A relay in front of `upstream`; `point` moves it elsewhere. */
async function relayTo(upstream: RequestListener): Promise<{
  readonly url: string;
  readonly pointerFile: string;
  point(port: number, release?: number): Promise<void>;
}> {
  const pointerFile = path.join(temporaryFolder(), "current.json");
  const point = async (port: number, release = 1) =>
    await writeFile(pointerFile, JSON.stringify({ release, version: "1.0.0+ü", port }));
  await point(await listen(createServer(upstream)));
  return { url: `http://127.0.0.1:${await listen(createRelay(pointerFile))}`, pointerFile, point };
}

describe("the relay", () => {
  it("passes a large request and a large answer on byte for byte", async () => {
    const sent = randomBytes(5_000_000);
    const { url } = await relayTo((incoming, outgoing) => {
      outgoing.writeHead(201, { "x-method": incoming.method, "x-path": incoming.url });
      incoming.pipe(outgoing);
    });
    const response = await fetch(`${url}/a%20b?x=1&y=%2F`, { method: "PUT", body: sent });
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(response.status).toBe(201);
    expect(response.headers.get("x-method")).toBe("PUT");
    expect(response.headers.get("x-path")).toBe("/a%20b?x=1&y=%2F");
    expect(response.headers.get("x-mlops-release")).toBe("1");
    expect(decodeURIComponent(response.headers.get("x-mlops-model-version") ?? "")).toBe("1.0.0+ü");
    expect(digest(await response.bytes())).toBe(digest(sent));
  });

  it("keeps the headers that belong to the caller and drops those of the connection", async () => {
    const { url } = await relayTo((incoming, outgoing) => outgoing.end(JSON.stringify(incoming.headers)));
    const seen = await new Promise<unknown>((resolve, reject) => {
      const headers = {
        connection: "close, x-mine",
        "x-mine": "1",
        "x-keep": "2",
        authorization: "Bearer t",
        te: "trailers",
      };
      request(url, { headers, agent: false }, async (response) => {
        resolve(JSON.parse((await response.toArray()).join("")));
      })
        .on("error", reject)
        .end();
    });
    expect(seen).toMatchObject({ "x-keep": "2", authorization: "Bearer t", host: new URL(url).host });
    expect(seen).not.toHaveProperty("x-mine");
    expect(seen).not.toHaveProperty("te");
  });

  it("understands a server that speaks HTTP/1.0, as Python's http.server does", async () => {
    const { url, point } = await relayTo(() => undefined);
    const old = createTcpServer((socket) => {
      socket.once("data", () =>
        socket.end('HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{"risk": 0.2}'),
      );
    });
    await point(await listen(old));
    expect(await (await fetch(url)).json()).toEqual({ risk: 0.2 });
  });

  it("hands an answer on as it comes", async () => {
    const finish = Promise.withResolvers<void>();
    const { url } = await relayTo((_incoming, outgoing) => {
      outgoing.write("first");
      void finish.promise.then(() => outgoing.end("second"));
    });
    const reader = (await fetch(url)).body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("first");
    finish.resolve();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe("second");
  });

  it("answers 502 where the release does not, and breaks off where it breaks off", async () => {
    const { url, point } = await relayTo((_incoming, outgoing) => {
      outgoing.writeHead(200, { "content-length": "100" });
      outgoing.write("half", () => outgoing.destroy());
    });
    const broken = await fetch(url);
    await expect(broken.text()).rejects.toThrow();
    await point(await freePort(), 7);
    const dead = await fetch(url);
    expect(dead.status).toBe(502);
    expect(await dead.json()).toMatchObject({ error: expect.stringContaining("release 7 does not answer") });
  });

  it("answers 503 where no release is live", async () => {
    const { url, pointerFile } = await relayTo(() => undefined);
    await rm(pointerFile);
    expect((await fetch(url)).status).toBe(503);
    expect(existsSync(pointerFile)).toBe(false);
  });

  it("counts the requests under way, and lets go of one whose caller went away", async () => {
    const arrived = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const { url } = await relayTo((_incoming, outgoing) => {
      outgoing.once("close", left.resolve);
      arrived.resolve();
    });
    const status = async () =>
      (await (await fetch(`${url}${relayPath}`)).json()) as { inFlight: Record<string, number> };
    const caller = new AbortController();
    const call = fetch(url, { signal: caller.signal }).catch(() => "gone");
    await arrived.promise;
    expect(Object.values((await status()).inFlight)).toEqual([1]);
    caller.abort();
    expect(await call).toBe("gone");
    await left.promise;
    expect((await status()).inFlight).toEqual({});
  });
});

import { request } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { openTestStore, type TestStore } from "./client.ts";

async function ask(
  store: TestStore,
  headers: Readonly<Record<string, string>>,
  target = "/api/2.0/mlflow/experiments/get?experiment_id=0",
): Promise<{
  readonly status: number;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
}> {
  const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<typeof ask>>>();
  const sent = request(`${store.server.url}${target}`, { headers }, (response) => {
    let body = "";
    response.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    response.on("end", () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
  });
  sent.on("error", reject);
  sent.end();
  return await promise;
}

const open = async () => await openTestStore(path.join(temporaryFolder(), "store"));

describe("the store's door", () => {
  it("listens on 127.0.0.1 only, with another port and token at every start", async () => {
    const [one, two] = [await open(), await open()];
    expect(one.server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(one.server.url).not.toBe(two.server.url);
    expect(one.server.token).toMatch(/^[0-9a-f]{64}$/);
    expect(one.server.token).not.toBe(two.server.token);
  });

  it.each([
    ["no token", {}],
    ["a wrong token", { authorization: "Bearer wrong" }],
    ["the token as a password", { authorization: `Basic ${Buffer.from("token").toString("base64")}` }],
  ])("answers 401 in MLflow's shape to %s", async (_title, headers) => {
    const answer = await ask(await open(), headers);
    expect(answer.status).toBe(401);
    expect(JSON.parse(answer.body)).toEqual({
      error_code: "UNAUTHENTICATED",
      message: expect.stringContaining("MLFLOW_TRACKING_TOKEN"),
    });
    expect(answer.headers["www-authenticate"]).toMatch(/^Bearer/);
  });

  it.each(["evil.example", "127.0.0.1.evil.example:80", "[::2]:1"])("refuses the Host %s", async (host) => {
    const store = await open();
    const answer = await ask(store, { host, authorization: `Bearer ${store.server.token}` });
    expect(answer.status).toBe(403);
    expect(answer.body).toContain("Invalid Host header");
  });

  it.each(["localhost:1234", "127.0.0.1", "[::1]:5000"])("accepts the Host %s", async (host) => {
    const store = await open();
    expect((await ask(store, { host, authorization: `Bearer ${store.server.token}` })).status).toBe(200);
  });

  it("refuses a page of another origin, and not one of this machine", async () => {
    const store = await open();
    const authorization = `Bearer ${store.server.token}`;
    for (const origin of ["https://evil.example", "null", "http://localhost.evil.example"]) {
      expect((await ask(store, { authorization, origin })).status).toBe(403);
    }
    expect((await ask(store, { authorization, origin: "http://localhost:3000" })).status).toBe(200);
  });

  it("leaves /health and /version open", async () => {
    const store = await open();
    expect(await ask(store, {}, "/health")).toMatchObject({ status: 200, body: "OK" });
    expect((await ask(store, {}, "/version")).body).toMatch(/^3\.\d+\.\d+$/);
  });

  it("answers 404 in MLflow's shape to what it does not know", async () => {
    const store = await open();
    const answer = await store.call("GET", "/api/2.0/mlflow/traces");
    expect(answer).toEqual({
      status: 404,
      body: { error_code: "ENDPOINT_NOT_FOUND", message: expect.stringContaining("/api/2.0/mlflow/traces") },
    });
  });
});

describe("artifact paths and uploads", () => {
  const root = "/api/2.0/mlflow-artifacts/artifacts";

  it.each(["..%2f..%2fx", "a/%2e%2e/x", "%2Fetc%2Fpasswd", "a%00b", "a%23b", "a/./b", "C:%5Cx"])(
    "refuses the path %s for every method",
    async (name) => {
      const store = await open();
      const { port } = new URL(store.server.url);
      for (const method of ["PUT", "GET", "DELETE"]) {
        // Raw: a client library would tidy the path first.
        const socket = connect(Number(port), "127.0.0.1");
        socket.write(
          `${method} ${root}/${name} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${store.server.token}\r\n` +
            "Content-Length: 0\r\nConnection: close\r\n\r\n",
        );
        let answer = "";
        for await (const chunk of socket) answer += String(chunk);
        expect(answer).toMatch(/^HTTP\/1\.1 400 /);
        expect(answer).toContain("Invalid path");
      }
    },
  );

  it("cannot reach a journal by any name", async () => {
    const store = await open();
    const runId = await store.createRun();
    const { files } = await store.get(`${root}?path=${encodeURIComponent(`0/${runId}`)}`);
    expect(files).toBeUndefined();
    await store.call("DELETE", `${root}/0/${runId}`);
    await store.call("DELETE", `${root}/0`);
    expect((await store.get(`runs/get?run_id=${runId}`)).run.info.run_id).toBe(runId);
  });

  it("stores nothing of an upload that is cut off", async () => {
    const store = await open();
    const runId = await store.createRun();
    const { port } = new URL(store.server.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write(
      `PUT ${root}/0/${runId}/artifacts/cut.bin HTTP/1.1\r\nHost: localhost\r\n` +
        `Authorization: Bearer ${store.server.token}\r\nContent-Length: 1000\r\n\r\nhalf`,
    );
    socket.end();
    socket.resume();
    await new Promise((resolve) => socket.once("close", resolve));
    expect((await store.get(`artifacts/list?run_id=${runId}`)).files).toBeUndefined();
    expect((await store.call("GET", `${root}/0/${runId}/artifacts/cut.bin`)).status).toBe(404);
  });

  it("gives back 3 MB as they came, and parts of them", async () => {
    const store = await open();
    const runId = await store.createRun();
    const url = `${store.server.url}${root}/0/${runId}/artifacts/dir%20a/gr%C3%B6%C3%9Fe%25.bin`;
    const headers = { authorization: `Bearer ${store.server.token}` };
    const bytes = Buffer.alloc(3_000_000, "0123456789");
    expect((await fetch(url, { method: "PUT", headers, body: bytes })).status).toBe(200);
    const listed = await store.get(`artifacts/list?run_id=${runId}&path=dir%20a`);
    expect(listed.files).toEqual([{ path: "dir a/größe%.bin", is_dir: false, file_size: 3_000_000 }]);
    const whole = Buffer.from(await (await fetch(url, { headers })).arrayBuffer());
    expect(whole.equals(bytes)).toBe(true);
    const part = await fetch(url, { headers: { ...headers, range: "bytes=5-7" } });
    expect([part.status, await part.text()]).toEqual([206, "567"]);
    const last = await fetch(url, { headers: { ...headers, range: "bytes=-2" } });
    expect([last.status, await last.text()]).toEqual([206, "89"]);
    expect((await fetch(url, { headers: { ...headers, range: "bytes=3000000-" } })).status).toBe(416);
  });
});

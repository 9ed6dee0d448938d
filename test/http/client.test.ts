import { describe, expect, it } from "vitest";
import { z } from "zod";
import { MlopsError } from "../../src/errors.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { testClient } from "../support/http-client.ts";
import { type ScriptedCall, startScriptedServer } from "../support/misbehaving-server.ts";

const schema = z.object({ value: z.number() });
const get: HttpRequest = { method: "GET", path: "/x", retry: "idempotent" };
const create: HttpRequest = { method: "POST", path: "/x", json: { a: 1 }, retry: "unsent" };
const on = "GET /x";

async function failureOf(promise: Promise<unknown>): Promise<MlopsError> {
  const error = await promise.then(
    (value) => new Error(`it did not fail: ${JSON.stringify(value)}`),
    (reason: unknown) => reason,
  );
  if (error instanceof MlopsError) return error;
  throw error;
}

/** Asks for JSON once and gives the error; the server's script must have been used up exactly. */
async function askJson(calls: readonly ScriptedCall[], request = get): Promise<MlopsError> {
  await using server = await startScriptedServer(calls);
  await using opened = await testClient(server.url);
  const error = await failureOf(opened.client.json(request, schema));
  server.verify();
  return error;
}

describe("bad answers", () => {
  it("401 is not-permitted, is not repeated, and says what to set", async () => {
    const error = await askJson([{ on, status: 401, body: "You are not authenticated" }]);
    expect(error).toMatchObject({
      kind: "not-permitted",
      code: "NOT_AUTHENTICATED",
      hint: "Set TEST_TOKEN.",
    });
    expect(error.message).toMatch(
      /answered GET http:\/\/127\.0\.0\.1:\d+\/x with 401: You are not authenticated/,
    );
  });

  it("403 is not-permitted, with what the server says in GitLab's shape", async () => {
    const body = { error: "insufficient_scope", error_description: "The request requires higher privileges" };
    const error = await askJson([{ on, status: 403, body }]);
    expect(error).toMatchObject({ kind: "not-permitted", code: "NOT_PERMITTED" });
    expect(error.message).toContain("requires higher privileges");
  });

  it("an HTML page with 502 is named by its title, after retries", async () => {
    const page = "<html><head><title>502 Bad\nGateway</title></head><body>nginx</body></html>";
    const error = await askJson([1, 2, 3].map(() => ({ on, status: 502, body: page })));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toContain('502 and an HTML page titled "502 Bad Gateway" (3 attempts)');
  });

  it("an HTML login page with 200 is no JSON", async () => {
    const error = await askJson([{ on, body: "<!doctype html><title>Sign in</title>" }]);
    expect(error).toMatchObject({ kind: "usage", code: "ANSWER_NOT_JSON", hint: "Check the address." });
    expect(error.message).toContain('titled "Sign in"');
  });

  it("JSON of another shape names the field", async () => {
    const error = await askJson([{ on, body: { value: "x" } }]);
    expect(error).toMatchObject({ kind: "not-evaluable", code: "ANSWER_UNEXPECTED" });
    expect(error.message).toContain("value:");
  });

  it("a long message with line breaks is shortened to one line", async () => {
    const body = { error_code: "BAD_REQUEST", message: `(sqlite)\n${"SELECT ".repeat(500)}` };
    const error = await askJson([{ on, status: 400, body }]);
    expect(error.kind).toBe("usage");
    expect(error.message.length).toBeLessThan(600);
    expect(error.message).not.toContain("\n");
  });

  it("a message that is a list of texts, or missing, is read", async () => {
    const list = await askJson([{ on, status: 400, body: { message: ["a is bad", "b is bad"] } }]);
    expect(list.message).toContain("400: a is bad; b is bad.");
    const none = await askJson([{ on, status: 404, body: { error_code: "RESOURCE_DOES_NOT_EXIST" } }]);
    expect(none.message).toContain("404: RESOURCE_DOES_NOT_EXIST.");
  });
});

describe("retries", () => {
  it("repeats a read after 503, and after a connection that was cut in the middle of the body", async () => {
    await using server = await startScriptedServer([
      { on, status: 503 },
      { on, body: { value: 12345 }, cut: "within" },
      { on, body: { value: 3 } },
    ]);
    await using opened = await testClient(server.url);
    expect(await opened.client.json(get, schema)).toEqual({ value: 3 });
    server.verify();
  });

  it("waits for a 429 as long as Retry-After says, also for a create", async () => {
    await using server = await startScriptedServer([
      { on: "POST /x", status: 429, headers: { "retry-after": "1" } },
      { on: "POST /x", body: { value: 1 } },
    ]);
    await using opened = await testClient(server.url);
    const startedMs = performance.now();
    expect(await opened.client.json(create, schema)).toEqual({ value: 1 });
    expect(performance.now() - startedMs).toBeGreaterThan(950);
    server.verify();
  });

  it("does not wait for an hour", async () => {
    const error = await askJson([{ on, status: 429, headers: { "retry-after": "3600" } }]);
    expect(error).toMatchObject({ kind: "unavailable", code: "RATE_LIMITED" });
  });

  it("sends a create once where it is not known whether the server acted", async () => {
    const cut = await askJson([{ on: "POST /x", cut: "before" }], create);
    expect(cut).toMatchObject({ kind: "unavailable", code: "CONNECTION_BROKEN" });
    const failed = await askJson([{ on: "POST /x", status: 500 }], create);
    expect(failed).toMatchObject({ kind: "unavailable", code: "SERVER_FAILED" });
  });

  it("takes a permanent failure at its word", async () => {
    const body = { detail: "Artifact serving is disabled." };
    await using server = await startScriptedServer([{ on, status: 503, body }]);
    await using opened = await testClient(server.url, {
      isPermanent: (answer) => /disabled/.test(answer.text),
    });
    const error = await failureOf(opened.client.json(get, schema));
    expect(error).toMatchObject({ kind: "usage", code: "SERVICE_DISABLED" });
    server.verify();
  });
});

describe("a server that is not there or does not answer", () => {
  it("is unavailable with its address, quickly", async () => {
    const server = await startScriptedServer([]);
    await server[Symbol.asyncDispose]();
    await using opened = await testClient(server.url);
    const error = await failureOf(opened.client.send(create));
    expect(error).toMatchObject({ kind: "unavailable", code: "SERVER_UNREACHABLE" });
    expect(error.message).toBe(
      `The test server at ${server.url} refuses connections (ECONNREFUSED) (3 attempts).`,
    );
  });

  it("is given up after the timeout", async () => {
    await using server = await startScriptedServer([{ on: "POST /x", hang: true }]);
    await using opened = await testClient(server.url, { timeoutMs: 200 });
    const error = await failureOf(opened.client.send(create));
    expect(error).toMatchObject({ kind: "unavailable", code: "CONNECTION_BROKEN" });
    expect(error.message).toContain("did not answer within 0.2 s");
  });

  it("whose name does not exist is told so", async () => {
    await using opened = await testClient("http://no-such-host.invalid");
    const error = await failureOf(opened.client.send(get));
    expect(error.kind).toBe("unavailable");
    expect(error.message).toMatch(/cannot be found/);
  });
});

describe("the end of the command", () => {
  const terminated = new MlopsError({ kind: "terminated", code: "SIGTERM", message: "Terminated." });

  it("breaks a request off with the signal's reason", async () => {
    await using server = await startScriptedServer([{ on, hang: true }]);
    const abort = new AbortController();
    await using opened = await testClient(server.url, { signal: abort.signal });
    const pending = failureOf(opened.client.send(get));
    while (server.seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(terminated);
    expect(await pending).toBe(terminated);
  });

  it("begins nothing but closing calls afterwards, and those once", async () => {
    await using server = await startScriptedServer([
      { on: "POST /x", body: { value: 1 } },
      { on: "POST /x", status: 503 },
    ]);
    await using opened = await testClient(server.url, { signal: AbortSignal.abort(terminated) });
    expect(await failureOf(opened.client.send(get))).toBe(terminated);
    const closing: HttpRequest = { ...create, retry: "idempotent", afterAbortMs: 2000 };
    expect(await opened.client.json(closing, schema)).toEqual({ value: 1 });
    expect((await opened.client.send(closing)).status).toBe(503);
    server.verify();
  });

  it("does not wait long for a closing call", async () => {
    await using server = await startScriptedServer([{ on: "POST /x", hang: true }]);
    await using opened = await testClient(server.url, { signal: AbortSignal.abort(terminated) });
    const error = await failureOf(opened.client.send({ ...create, retry: "idempotent", afterAbortMs: 150 }));
    expect(error.message).toContain("did not answer within 0.2 s");
  });
});

describe("redirects and credentials", () => {
  it("follows a read on the same origin with the token, and to another one without", async () => {
    await using other = await startScriptedServer([{ on: "GET /elsewhere", body: { value: 2 } }]);
    await using server = await startScriptedServer([
      { on, status: 302, headers: { location: "/y" } },
      { on: "GET /y", status: 307, headers: { location: `${other.url}/elsewhere` } },
    ]);
    await using opened = await testClient(server.url, { authorization: "Bearer sesame-open" });
    expect(await opened.client.json(get, schema)).toEqual({ value: 2 });
    expect(server.seen.map(({ headers }) => headers.authorization)).toEqual([
      "Bearer sesame-open",
      "Bearer sesame-open",
    ]);
    expect(other.seen[0]?.headers.authorization).toBeUndefined();
    server.verify();
    other.verify();
  });

  it("names the place of the redirect where that is what cannot be reached", async () => {
    const headers = { location: "http://127.0.0.1:1/login?t=1" };
    const error = await askJson([{ on, status: 302, headers }], { ...get, retry: "never" });
    expect(error.code).toBe("SERVER_UNREACHABLE");
    expect(error.message).toMatch(
      /at http:\/\/127\.0\.0\.1:\d+ redirects to http:\/\/127\.0\.0\.1:1, which refuses/,
    );
  });

  it("does not follow a write, and names where it points to", async () => {
    const error = await askJson(
      [{ on: "POST /x", status: 301, headers: { location: "https://u:p@new.example.com/x?t=1" } }],
      create,
    );
    expect(error).toMatchObject({ kind: "usage", code: "HTTP_REDIRECT" });
    expect(error.hint).toBe("It points to https://new.example.com/x: use the final address.");
  });

  it("ends a circle of redirects", async () => {
    const error = await askJson(
      [1, 2, 3, 4, 5].map(() => ({ on, status: 302, headers: { location: "/x" } })),
    );
    expect(error.code).toBe("HTTP_REDIRECT");
  });

  it("sends the credentials of the URL as Basic and never prints them", async () => {
    await using server = await startScriptedServer([{ on, status: 401, body: "no" }]);
    const url = server.url.replace("http://", "http://ann:open-sesame@");
    await using opened = await testClient(url);
    const error = await failureOf(opened.client.json(get, schema));
    expect(server.seen[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from("ann:open-sesame").toString("base64")}`,
    );
    expect(`${error.message} ${error.hint}`).not.toContain("sesame");
  });

  it("sends no Origin header: MLflow refuses writes that have a foreign one", async () => {
    await using server = await startScriptedServer([{ on: "POST /x", body: { value: 1 } }]);
    await using opened = await testClient(server.url);
    await opened.client.json(create, schema);
    expect(server.seen[0]?.headers).not.toHaveProperty("origin");
    expect(server.seen[0]?.headers["content-type"]).toBe("application/json");
  });
});

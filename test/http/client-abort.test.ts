import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { testClient } from "../support/http-client.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { create, failureOf, get, on, schema } from "./requests.ts";

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

import { describe, expect, it } from "vitest";
import { testClient } from "../support/http-client.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { askJson, create, failureOf, get, on, schema } from "./requests.ts";

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

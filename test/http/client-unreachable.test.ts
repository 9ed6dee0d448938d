import { describe, expect, it } from "vitest";
import { testClient } from "../support/http-client.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { create, failureOf, get } from "./requests.ts";

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

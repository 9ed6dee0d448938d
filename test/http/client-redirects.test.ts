import { describe, expect, it } from "vitest";
import { testClient } from "../support/http-client.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";
import { askJson, create, failureOf, get, on, schema } from "./requests.ts";

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

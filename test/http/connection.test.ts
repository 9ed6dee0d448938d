import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, request as httpRequest } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TLSSocket } from "node:tls";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { authoritiesOfEnvironment, type TlsSettings } from "../../src/http/connection.ts";
import type { HttpRequest } from "../../src/http/request.ts";
import { makeCertificate } from "../support/certificate.ts";
import { testClient } from "../support/http-client.ts";
import { startScriptedServer } from "../support/misbehaving-server.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-tls-"));
const get: HttpRequest = { method: "GET", path: "/x", retry: "idempotent" };
const file = (name: string) => path.join(folder, name);

beforeAll(async () => {
  for (const name of ["server", "client"]) await makeCertificate(file(name));
  const both = readFileSync(file("client.pem"), "utf8") + readFileSync(file("client.key"), "utf8");
  writeFileSync(file("client-both.pem"), both);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function secureServer(): Promise<string> {
  const server = createServer(
    {
      key: readFileSync(file("server.key")),
      cert: readFileSync(file("server.pem")),
      requestCert: true,
      rejectUnauthorized: false,
    },
    (request, response) => {
      const certificate = (request.socket as TLSSocket).getPeerCertificate();
      response.end(JSON.stringify({ client: certificate.subject?.CN ?? null }));
    },
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function ask(url: string, tls: TlsSettings): Promise<string> {
  await using opened = await testClient(url, { tls });
  return (await opened.client.send(get)).text;
}

describe("TLS", () => {
  it("does not trust an unknown authority, says how to name one, and does not repeat", async () => {
    const url = await secureServer();
    const error = await ask(url, {}).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(MlopsError);
    expect(error).toMatchObject({ kind: "usage", code: "TLS_NOT_TRUSTED" });
    expect(String(error)).toContain("DEPTH_ZERO_SELF_SIGNED_CERT");
  });

  it("trusts the authorities of the environment, beside the system's", async () => {
    const extraAuthorities = authoritiesOfEnvironment({ CI_SERVER_TLS_CA_FILE: file("server.pem") });
    expect(await ask(await secureServer(), { extraAuthorities })).toBe('{"client":null}');
  });

  it("trusts only the bundle where one is set, and nothing where that is asked for", async () => {
    const url = await secureServer();
    const only = (name: string) => ({ onlyAuthorities: { setting: "BUNDLE", file: file(name) } });
    expect(await ask(url, only("server.pem"))).toBe('{"client":null}');
    await expect(ask(url, only("client.pem"))).rejects.toMatchObject({ code: "TLS_NOT_TRUSTED" });
    expect(await ask(url, { insecure: true })).toBe('{"client":null}');
  });

  it("shows the client's certificate", async () => {
    const clientCertificate = { setting: "CLIENT", file: file("client-both.pem") };
    expect(await ask(await secureServer(), { insecure: true, clientCertificate })).toBe(
      '{"client":"localhost"}',
    );
  });

  it("names the variable of a certificate file that is missing or no PEM", async () => {
    writeFileSync(file("no.pem"), "hello");
    const settings = (name: string) => ({
      extraAuthorities: [{ setting: "SSL_CERT_FILE", file: file(name) }],
    });
    for (const name of ["missing.pem", "no.pem"]) {
      await expect(ask("https://127.0.0.1:9", settings(name))).rejects.toThrow(/SSL_CERT_FILE names .*\.pem/);
    }
  });
});

async function proxy(): Promise<{ readonly url: string; readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createHttpServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const onward = httpRequest(new URL(request.url ?? ""), { headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    });
    request.pipe(onward);
  });
  server.on("connect", (request, socket) => {
    seen.push(`CONNECT ${request.url}`);
    const [host = "", port = ""] = (request.url ?? "").split(":");
    const upstream = connect(Number(port), host === "mlflow.test" ? "127.0.0.1" : host, () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream]) end.on("error", () => end.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

describe("proxies", () => {
  it("tunnels https through HTTPS_PROXY, with the server's own certificate checked", async () => {
    const target = await secureServer();
    const through = await proxy();
    const url = target.replace("127.0.0.1", "mlflow.test");
    await using opened = await testClient(url, {
      env: { HTTPS_PROXY: through.url },
      tls: { insecure: true },
    });
    expect((await opened.client.send(get)).text).toBe('{"client":null}');
    expect(through.seen).toEqual([`CONNECT ${new URL(url).host}`]);
  });

  it("goes around the proxy for NO_PROXY and for loopback", async () => {
    const through = await proxy();
    await using server = await startScriptedServer([{ on: "GET /x", body: { value: 1 } }]);
    await using loopback = await testClient(server.url, { env: { http_proxy: through.url } });
    expect((await loopback.client.send(get)).status).toBe(200);
    await using excluded = await testClient("http://mlflow.invalid", {
      env: { http_proxy: through.url, NO_PROXY: "example.com,.invalid" },
    });
    await expect(excluded.client.send(get)).rejects.toThrow(/cannot be found/);
    expect(through.seen).toEqual([]);
  });

  it("names a proxy that is no URL", async () => {
    await expect(testClient("https://mlflow.test", { env: { https_proxy: "::" } })).rejects.toThrow(
      /HTTPS_PROXY/,
    );
  });
});

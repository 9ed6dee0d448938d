import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import http from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCertificate } from "../support/certificate.ts";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, someBytes, uriOf } from "./fetching.ts";

const mebibyte = 1 << 20;

describe("the way to the store", () => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  const certificate = path.join(directory, "store");
  const bytes = someBytes(20 * mebibyte + 3);
  beforeAll(async () => {
    server = await startS3Server("moto", directory);
    await makeCertificate(certificate);
    await server.put("data.parquet", bytes, { ChecksumAlgorithm: "SHA256" });
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const tls = () => ({ key: readFileSync(`${certificate}.key`), cert: readFileSync(`${certificate}.pem`) });

  it("is TLS, trusted by AWS_CA_BUNDLE, with cuts that are gone on from", async () => {
    let cuts = 0;
    const cutTwice = () => {
      cuts += 1;
      return cuts === 2 || cuts === 3 ? { cutAfterBytes: mebibyte } : undefined;
    };
    await using proxy = await startFaultProxy(server.url, cutTwice, tls());
    const env = { ...server.env, AWS_ENDPOINT_URL_S3: proxy.url, AWS_CA_BUNDLE: `${certificate}.pem` };
    const [found] = await fetcher(env).fetch(uriOf("data.parquet"));
    expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
    expect(
      proxy.seen.some(({ headers }) => /^bytes=(?!0-|8388608-|16777216-)/.test(headers.range ?? "")),
    ).toBe(true);
  });

  it("is refused where the certificate is not trusted, unless MLFLOW_S3_IGNORE_TLS says so", async () => {
    await using proxy = await startFaultProxy(server.url, undefined, tls());
    const env = { ...server.env, AWS_ENDPOINT_URL_S3: proxy.url };
    await expect(fetcher(env).fetch(uriOf("data.parquet"))).rejects.toMatchObject({
      kind: "usage",
      code: "TLS_NOT_TRUSTED",
      hint: expect.stringContaining("AWS_CA_BUNDLE"),
    });
    const found = await fetcher({ ...env, MLFLOW_S3_IGNORE_TLS: "true" }).fetch(uriOf("data.parquet"));
    expect(found.length).toBe(1);
  });

  it("leads through the proxy of the environment, but not to an address that NO_PROXY names", async () => {
    const asked: string[] = [];
    const proxy = http.createServer((request, response) => {
      asked.push(request.url ?? "");
      const onward = http.request(
        request.url ?? "",
        { method: request.method, headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(response);
        },
      );
      request.pipe(onward);
    });
    proxy.on("connect", ({ url = "" }, socket) => {
      asked.push(url);
      const [host, port] = url.split(":");
      const onward = connect(Number(port), host, () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        onward.pipe(socket).pipe(onward);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const address = proxy.address();
    const env = {
      ...server.env,
      HTTP_PROXY: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    };
    try {
      const [found] = await fetcher(env).fetch(uriOf("data.parquet"));
      expect((await readFile(found?.localPath ?? "")).equals(bytes)).toBe(true);
      expect(asked.length).toBeGreaterThan(0);
      const before = asked.length;
      await fetcher({ ...env, NO_PROXY: "127.0.0.1" }).fetch(uriOf("data.parquet"));
      expect(asked.length).toBe(before);
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});

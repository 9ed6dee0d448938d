import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCredentials, transportSettings } from "../../src/tracking/environment.ts";
import { temporaryFolder } from "../support/folder.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

function homeWith(text: string): string {
  const home = temporaryFolder();
  mkdirSync(path.join(home, ".mlflow"));
  writeFileSync(path.join(home, ".mlflow", "credentials"), text);
  return home;
}

describe("MLflow's credentials", () => {
  const token = { MLFLOW_TRACKING_TOKEN: "token-1" };
  const user = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "sesame" };

  it("are user and password before the token, as in the Python client", async () => {
    const credentials = await readCredentials({ ...token, ...user });
    expect(credentials.authorization).toBe(basic("ann:sesame"));
    expect(credentials.variables).toEqual(user);
    expect(credentials.secrets).toContain("sesame");
  });

  it("are the token where there is a user alone", async () => {
    const credentials = await readCredentials({ ...token, MLFLOW_TRACKING_USERNAME: "ann" });
    expect(credentials).toMatchObject({ authorization: "Bearer token-1", variables: token });
  });

  it("come from ~/.mlflow/credentials, field by field behind the environment", async () => {
    const HOME = homeWith("[mlflow]\nmlflow_tracking_username = bob\nmlflow_tracking_password = hill\n");
    expect((await readCredentials({ HOME, ...token })).authorization).toBe(basic("bob:hill"));
    const mixed = await readCredentials({ HOME, MLFLOW_TRACKING_USERNAME: "ann" });
    expect(mixed.authorization).toBe(basic("ann:hill"));
  });

  it("are none without any of them, with a file of other sections, and in a home without the folder", async () => {
    expect((await readCredentials({})).authorization).toBeUndefined();
    expect((await readCredentials({ HOME: homeWith("[other]\nx = 1\n") })).authorization).toBeUndefined();
    expect((await readCredentials({ HOME: temporaryFolder() })).authorization).toBeUndefined();
  });

  it("that need a plugin or a signature are not there yet", async () => {
    const aws = readCredentials({ MLFLOW_TRACKING_AWS_SIGV4: "true" });
    await expect(aws).rejects.toMatchObject({ code: "NOT_YET" });
  });
});

describe("MLflow's transport variables", () => {
  it("have defaults that fail a dead server within half a minute", () => {
    const { retry, timeoutMs, followRedirects } = transportSettings({});
    expect(retry).toMatchObject({ maxRetries: 5, backoffFactor: 0.5, deadlineMs: 60_000 });
    expect({ timeoutMs, followRedirects }).toEqual({ timeoutMs: 60_000, followRedirects: true });
  });

  it("are taken over", () => {
    const settings = transportSettings({
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "7",
      MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "2",
      MLFLOW_HTTP_REQUEST_TIMEOUT: "30",
      MLFLOW_HTTP_RESPECT_RETRY_AFTER_HEADER: "false",
      MLFLOW_ALLOW_HTTP_REDIRECTS: "0",
      MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem",
      MLFLOW_TRACKING_CLIENT_CERT_PATH: "/me.pem",
      SSL_CERT_FILE: "/other.pem",
    });
    expect(settings).toMatchObject({
      retry: { maxRetries: 7, backoffFactor: 2, respectRetryAfter: false, deadlineMs: 600_000 },
      timeoutMs: 30_000,
      followRedirects: false,
      tls: {
        insecure: false,
        onlyAuthorities: { file: "/ca.pem" },
        clientCertificate: { file: "/me.pem" },
        extraAuthorities: [{ setting: "SSL_CERT_FILE", file: "/other.pem" }],
      },
    });
  });

  it("that cannot be used are all named", () => {
    const env = {
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "11",
      MLFLOW_HTTP_REQUEST_TIMEOUT: "soon",
      MLFLOW_TRACKING_INSECURE_TLS: "yes",
    };
    expect(() => transportSettings(env)).toThrow(
      /MAX_RETRIES is "11"[\s\S]*TIMEOUT is "soon"[\s\S]*INSECURE_TLS is "yes"/,
    );
    const both = { MLFLOW_TRACKING_INSECURE_TLS: "true", MLFLOW_TRACKING_SERVER_CERT_PATH: "/ca.pem" };
    expect(() => transportSettings(both)).toThrow(/exclude each other/);
  });
});

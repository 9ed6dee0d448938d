import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startFaultProxy } from "../support/fault-proxy.ts";
import { temporaryFolder } from "../support/folder.ts";
import { type S3Server, startS3Server } from "../support/s3-server.ts";
import { startStubServer } from "../support/stub-server.ts";
import { fetchInChild } from "./children.ts";
import { uriOf } from "./fetching.ts";

/**
 * The SDK finds these credentials in the environment of its process, so each case is a process of its own. Which of them signed a
 * request stands in the request.
 */
describe("where credentials come from", () => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  beforeAll(async () => {
    server = await startS3Server("moto", directory);
    await server.put("x.csv", "a\n1\n");
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  /** The machine of the tests may be one of Amazon's. */
  const noMachine = { AWS_EC2_METADATA_DISABLED: "true" };
  const fetchAs = async (env: Readonly<Record<string, string>>) => {
    await using proxy = await startFaultProxy(server.url);
    const child = fetchInChild(uriOf("x.csv"), path.join(temporaryFolder(), "cache"), {
      ...noMachine,
      AWS_ENDPOINT_URL_S3: proxy.url,
      ...env,
    });
    const outcome = await child.outcome;
    const headers = proxy.seen[0]?.headers ?? {};
    const [, key, region] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(headers.authorization ?? "") ?? [];
    return { outcome, key, region, token: headers["x-amz-security-token"] };
  };

  it("the environment, with a session token", async () => {
    const env = {
      AWS_ACCESS_KEY_ID: "ENVKEY",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "session",
    };
    const { outcome, key, token, region } = await fetchAs({ ...env, AWS_DEFAULT_REGION: "eu-west-3" });
    expect(outcome?.files?.length).toBe(1);
    expect({ key, token, region }).toEqual({ key: "ENVKEY", token: "session", region: "eu-west-3" });
  });

  it("a profile, its region included, before the keys of the environment", async () => {
    const folder = temporaryFolder();
    await writeFile(
      path.join(folder, "credentials"),
      "[default]\naws_access_key_id = DEFAULTKEY\naws_secret_access_key = s1\n\n[data]\naws_access_key_id = PROFILEKEY\naws_secret_access_key = s2\n",
    );
    await writeFile(
      path.join(folder, "config"),
      "[default]\nregion = us-west-1\n\n[profile data]\nregion = ap-south-1\n",
    );
    const files = {
      AWS_SHARED_CREDENTIALS_FILE: path.join(folder, "credentials"),
      AWS_CONFIG_FILE: path.join(folder, "config"),
    };
    const both = { ...files, AWS_ACCESS_KEY_ID: "ENVKEY", AWS_SECRET_ACCESS_KEY: "s3" };
    expect(await fetchAs({ ...both, AWS_PROFILE: "data" })).toMatchObject({
      key: "PROFILEKEY",
      region: "ap-south-1",
    });
    expect(await fetchAs(files)).toMatchObject({ key: "DEFAULTKEY", region: "us-west-1" });
    const { outcome } = await fetchAs({ ...files, AWS_PROFILE: "nobody" });
    expect(outcome?.error).toMatchObject({ code: "S3_NO_CREDENTIALS", kind: "not-permitted", exitCode: 6 });
    expect(outcome?.error?.message).toContain('the profile "nobody" (AWS_PROFILE)');
  });

  it("a web-identity token of GitLab, exchanged for a role's credentials", async () => {
    const folder = temporaryFolder();
    await writeFile(path.join(folder, "token"), "the-id-token");
    await using sts = disposable(
      await startStubServer((_request, response) => {
        response.writeHead(200, { "content-type": "text/xml" });
        response.end(
          '<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ROLEKEY</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>role-session</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>',
        );
      }),
    );
    const env = {
      AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, "token"),
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/data",
      AWS_ENDPOINT_URL_STS: sts.url,
      AWS_REGION: "us-east-1",
    };
    const { outcome, key, token } = await fetchAs(env);
    expect(outcome?.error).toBeUndefined();
    expect({ key, token }).toEqual({ key: "ROLEKEY", token: "role-session" });
  });

  it("a role that refuses the token: exit 6, and what was tried", async () => {
    const folder = temporaryFolder();
    await writeFile(path.join(folder, "token"), "the-id-token");
    await using sts = disposable(
      await startStubServer((_request, response) => {
        response.writeHead(403, { "content-type": "text/xml" });
        response.end(
          "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>Not authorized to perform sts:AssumeRoleWithWebIdentity</Message></Error></ErrorResponse>",
        );
      }),
    );
    const { outcome } = await fetchAs({
      AWS_WEB_IDENTITY_TOKEN_FILE: path.join(folder, "token"),
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/data",
      AWS_ENDPOINT_URL_STS: sts.url,
    });
    expect(outcome?.error).toMatchObject({ kind: "not-permitted", exitCode: 6 });
    expect(outcome?.error?.message).toContain(
      "AWS_WEB_IDENTITY_TOKEN_FILE for arn:aws:iam::123456789012:role/data",
    );
    expect(outcome?.error?.message).not.toContain("the-id-token");
  });

  it("the container that it runs in", async () => {
    await using container = disposable(
      await startStubServer((_request, response) => {
        response.writeHead(200, { "content-type": "application/json" });
        response.end(
          JSON.stringify({
            AccessKeyId: "CONTAINERKEY",
            SecretAccessKey: "s",
            Token: "t",
            Expiration: "2099-01-01T00:00:00Z",
          }),
        );
      }),
    );
    const { key } = await fetchAs({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.url}/credentials` });
    expect(key).toBe("CONTAINERKEY");
  });

  it("nowhere: exit 6, and what was looked for", async () => {
    const { outcome } = await fetchAs({});
    expect(outcome?.error).toMatchObject({ code: "S3_NO_CREDENTIALS", kind: "not-permitted", exitCode: 6 });
    expect(outcome?.error?.message).toContain("the default profile of ~/.aws or the role of the machine");
  });
});

function disposable<T extends { close(): Promise<void> }>(server: T): T & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.close() });
}

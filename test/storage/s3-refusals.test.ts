import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Fault, type SeenRequest, startFaultProxy } from "../support/fault-proxy.ts";
import { availableS3Servers, type S3Server, startS3Server } from "../support/s3-server.ts";
import { fetcher, uriOf } from "./fetching.ts";

describe.each(availableS3Servers())("what %s refuses", (kind) => {
  let server: S3Server;
  const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
  beforeAll(async () => {
    server = await startS3Server(kind, directory);
    await server.put("there/plain.csv", "a\n1\n");
    await server.put("there/README.md", "text");
    await server.put("notes/README.md", "text");
  });
  afterAll(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });

  it("says that a key does not exist", async () => {
    await expect(fetcher(server.env).fetch(uriOf("gone.csv"))).rejects.toMatchObject({
      kind: "not-evaluable",
      code: "S3_OBJECT_MISSING",
      message: expect.stringContaining(`${uriOf("gone.csv")} does not exist at ${server.url}`),
    });
  });

  it.each(["a.csv", "folder/", "*.csv"])("says that the bucket of %s does not exist", async (key) => {
    await expect(fetcher(server.env).fetch(`s3://no-such-bucket/${key}`)).rejects.toMatchObject({
      kind: "not-evaluable",
      code: "S3_BUCKET_MISSING",
      message: expect.stringContaining("has no bucket no-such-bucket"),
    });
  });

  it("says that a prefix is empty, and what is there instead of data", async () => {
    await expect(fetcher(server.env).fetch(uriOf("nothing/"))).rejects.toMatchObject({
      code: "S3_NO_OBJECTS",
      message: expect.stringContaining("nothing is there"),
    });
    await expect(fetcher(server.env).fetch(uriOf("notes/"))).rejects.toMatchObject({
      kind: "not-evaluable",
      message: expect.stringContaining("there is 1 of other kinds: notes/README.md"),
    });
    await expect(fetcher(server.env).fetch(uriOf("there/*.parquet"))).rejects.toMatchObject({
      code: "S3_NO_OBJECTS",
      message: expect.stringContaining("matches none of the 2 keys"),
    });
  });

  it("takes a folder that was written without its slash", async () => {
    const found = await fetcher(server.env).fetch(uriOf("there"));
    expect(found.map((one) => one.uri)).toEqual([uriOf("there/plain.csv")]);
  });

  it.runIf(kind === "versitygw")("says which credentials were refused, without a secret", async () => {
    const secret = "another-secret-altogether";
    const env = { ...server.env, AWS_SECRET_ACCESS_KEY: secret };
    const error = await fetcher(env)
      .fetch(uriOf("there/plain.csv"))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "not-permitted", exitCode: 6, code: "S3_NOT_PERMITTED" });
    expect(String(error)).toContain("SignatureDoesNotMatch");
    expect(String(error)).toContain("the key of AWS_ACCESS_KEY_ID AKIA…TEST");
    expect(String(error)).not.toMatch(/another-secret|Signature=|X-Amz-/);
  });
});

/** Answers as Amazon gives them: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
describe("what a store says when it refuses", () => {
  const env = {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "AKIATESTTESTTESTTEST",
    AWS_SECRET_ACCESS_KEY: "a-secret-key-of-the-tests",
    AWS_MAX_ATTEMPTS: "2",
  };
  /** The error of a fetch from a store that answers everything like this; HEAD has no body, as everywhere. */
  const errorOf = async (
    answer: Fault | ((request: SeenRequest) => Fault),
    more: Record<string, string> = {},
  ) => {
    await using proxy = await startFaultProxy(
      "http://127.0.0.1:9",
      typeof answer === "function" ? answer : () => answer,
    );
    const error = await fetcher({ ...env, ...more, AWS_ENDPOINT_URL_S3: proxy.url })
      .fetch("s3://data-bucket/x.csv")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    return { error, message: String(error), seen: proxy.seen };
  };

  it("access denied", async () => {
    const { error, message } = await errorOf(
      refusal(403, "AccessDenied", "User is not authorized to perform: s3:GetObject"),
    );
    expect(error).toMatchObject({
      kind: "not-permitted",
      code: "S3_NOT_PERMITTED",
      hint: expect.stringContaining("s3:ListBucket"),
    });
    expect(message).toContain(
      "403 AccessDenied: User is not authorized to perform: s3:GetObject. Used: the key of AWS_ACCESS_KEY_ID AKIA…TEST.",
    );
  });

  it("an expired token", async () => {
    const { error, message } = await errorOf(
      refusal(400, "ExpiredToken", "The provided token has expired."),
      {
        AWS_SESSION_TOKEN: "a-session-token",
      },
    );
    expect(error).toMatchObject({ kind: "not-permitted", code: "S3_CREDENTIALS_EXPIRED" });
    expect(message).toContain("with AWS_SESSION_TOKEN");
    expect(message).not.toContain("a-session-token");
  });

  it("a clock that is wrong, by this machine or by the store", async () => {
    const { error, message } = await errorOf(
      refusal(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      ),
    );
    expect(error).toMatchObject({ kind: "not-permitted", code: "S3_CLOCK_SKEW" });
    expect(message).toContain("clock differs too much");
  });

  it("an archived object", async () => {
    const { error } = await errorOf(
      refusal(403, "InvalidObjectState", "The operation is not valid for the object's storage class"),
    );
    expect(error).toMatchObject({ kind: "not-evaluable", code: "S3_OBJECT_ARCHIVED" });
  });

  it("something that is no S3 at all", async () => {
    const page = {
      status: 200,
      body: "<html><body>It works!</body></html>",
      headers: { "content-type": "text/html" },
    };
    const { error } = await errorOf({ answer: page });
    expect(error).toMatchObject({ kind: "usage", code: "S3_NOT_S3" });
    const { error: missing } = await errorOf({ answer: { status: 404, body: "<html>Not found</html>" } });
    expect(missing).toMatchObject({ kind: "not-evaluable" });
  });

  it("another region: goes there once, and says so where that does not help", async () => {
    const elsewhere = refusal(
      301,
      "PermanentRedirect",
      "The bucket must be addressed using the specified endpoint.",
      {
        "x-amz-bucket-region": "eu-central-1",
      },
    );
    const { error, message, seen } = await errorOf(elsewhere);
    expect(error).toMatchObject({
      kind: "usage",
      code: "S3_REGION",
      hint: "Set AWS_REGION to eu-central-1.",
    });
    expect(message).toContain("The bucket data-bucket is in the region eu-central-1");
    expect(
      seen.map(({ headers }) => /\/([a-z0-9-]+)\/s3\/aws4_request/.exec(headers.authorization ?? "")?.[1]),
    ).toContain("eu-central-1");
  });

  it("no bytes within the limit of the connection", async () => {
    const { error } = await errorOf({ cutAfterBytes: 0, answer: { status: 503 } });
    expect(error).toMatchObject({ kind: "unavailable" });
  });

  it("a host name that nobody knows", async () => {
    const error = await fetcher({ ...env, AWS_ENDPOINT_URL_S3: "http://nobody.invalid:9000" })
      .fetch("s3://data-bucket/x.csv")
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: "unavailable",
      code: "S3_UNREACHABLE",
      message: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/),
    });
  });
});

describe("a bucket in another region", () => {
  it("is read there when the store names it", async () => {
    const directory = mkdtempSync(path.join(tmpdir(), "mlops-s3-"));
    const server = await startS3Server("moto", directory);
    try {
      await server.put("x.csv", "a\n1\n");
      await using proxy = await startFaultProxy(server.url, ({ headers }) =>
        headers.authorization?.includes("/eu-central-1/s3/") === true
          ? undefined
          : refusal(
              400,
              "AuthorizationHeaderMalformed",
              "the region 'us-east-1' is wrong; expecting 'eu-central-1'",
              {
                "x-amz-bucket-region": "eu-central-1",
              },
            ),
      );
      const [found] = await fetcher({ ...server.env, AWS_ENDPOINT_URL_S3: proxy.url }).fetch(uriOf("x.csv"));
      expect(found?.sizeBytes).toBe(4);
    } finally {
      await server.close();
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Fault {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message><RequestId>1</RequestId></Error>`;
  return { answer: { status, body, headers: { "content-type": "application/xml", ...headers } } };
}

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { s3CacheDirectory } from "../../src/storage/s3-fetcher.ts";
import { credentialsInWords, readS3Settings } from "../../src/storage/s3-settings.ts";
import { temporaryFolder } from "../support/folder.ts";

describe("the S3 settings of an environment", () => {
  it("take the endpoint of the most special variable", async () => {
    const all = {
      AWS_ENDPOINT_URL: "https://all.example.com",
      MLFLOW_S3_ENDPOINT_URL: "https://mlflow.example.com:9000/",
      AWS_ENDPOINT_URL_S3: "https://s3.example.com",
    };
    const endpointOf = async (env: Record<string, string>) => (await readS3Settings(env)).endpoint;
    expect(await endpointOf(all)).toEqual({ url: "https://s3.example.com", setBy: "AWS_ENDPOINT_URL_S3" });
    expect(await endpointOf({ ...all, AWS_ENDPOINT_URL_S3: "" })).toMatchObject({
      url: "https://mlflow.example.com:9000",
    });
    expect(await endpointOf({ AWS_ENDPOINT_URL: all.AWS_ENDPOINT_URL })).toMatchObject({
      setBy: "AWS_ENDPOINT_URL",
    });
    expect(await endpointOf({ ...all, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true" })).toMatchObject({
      setBy: "MLFLOW_S3_ENDPOINT_URL",
    });
    expect(await endpointOf({})).toBeUndefined();
  });

  it("put the bucket into the path for every store but Amazon's, unless told otherwise", async () => {
    const styleOf = async (env: Record<string, string>) => (await readS3Settings(env)).pathStyle;
    const minio = { AWS_ENDPOINT_URL_S3: "http://minio:9000" };
    expect(await styleOf({})).toBeUndefined();
    expect(await styleOf(minio)).toBe(true);
    expect(await styleOf({ AWS_ENDPOINT_URL_S3: "https://s3.eu-central-1.amazonaws.com" })).toBe(false);
    expect(await styleOf({ ...minio, AWS_S3_FORCE_PATH_STYLE: "false" })).toBe(false);
    expect(await styleOf({ ...minio, MLFLOW_BOTO_CLIENT_ADDRESSING_STYLE: "virtual" })).toBe(false);
  });

  it("name every variable that cannot be used, and repeat no secret", async () => {
    const env = {
      AWS_ENDPOINT_URL_S3: "https://user:hunter2-secret@minio:9000",
      AWS_MAX_ATTEMPTS: "many",
      AWS_S3_FORCE_PATH_STYLE: "perhaps",
      AWS_ACCESS_KEY_ID: "AKIA",
      MLFLOW_S3_IGNORE_TLS: "nope",
    };
    const error = await readS3Settings(env).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: "usage", code: "ENVIRONMENT_INVALID" });
    for (const name of [...Object.keys(env), "AWS_SECRET_ACCESS_KEY"]) expect(String(error)).toContain(name);
    expect(String(error)).not.toContain("hunter2");
    await expect(readS3Settings({ AWS_ENDPOINT_URL: "minio:9000" })).rejects.toMatchObject({
      message: expect.stringContaining("AWS_ENDPOINT_URL is no http or https address"),
    });
  });

  it("trust only AWS_CA_BUNDLE where it is set, and refuse a file without a certificate", async () => {
    const file = path.join(temporaryFolder(), "ca.pem");
    await writeFile(file, "-----BEGIN CERTIFICATE-----\n");
    expect((await readS3Settings({ AWS_CA_BUNDLE: file })).tls.ca?.length).toBe(1);
    expect((await readS3Settings({ CI_SERVER_TLS_CA_FILE: file })).tls.ca?.length).toBeGreaterThan(1);
    expect((await readS3Settings({})).tls).toEqual({});
    await writeFile(file, "text");
    for (const place of [file, `${file}.gone`])
      await expect(readS3Settings({ AWS_CA_BUNDLE: place })).rejects.toMatchObject({
        code: "CERTIFICATE_UNREADABLE",
      });
  });

  it("say in words what was tried, with the ends of an access key at most", async () => {
    const wordsOf = async (env: Record<string, string>) => credentialsInWords(await readS3Settings(env));
    const keys = { AWS_ACCESS_KEY_ID: "AKIAABCDEFGHIJKLMNOP", AWS_SECRET_ACCESS_KEY: "s" };
    expect(await wordsOf(keys)).toBe("the key of AWS_ACCESS_KEY_ID AKIA…MNOP");
    expect(await wordsOf({ ...keys, AWS_ACCESS_KEY_ID: "minioadmin" })).toBe("the key of AWS_ACCESS_KEY_ID");
    expect(await wordsOf({ ...keys, AWS_PROFILE: "data" })).toBe('the profile "data" (AWS_PROFILE)');
    expect(await wordsOf({ AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://x/secret" })).not.toContain("secret");
  });
});

describe("the folder of the cache", () => {
  it("is .mlops/cache/s3, or s3 in MLOPS_CACHE_DIR", () => {
    expect(s3CacheDirectory({}, "/builds/x")).toBe("/builds/x/.mlops/cache/s3");
    expect(s3CacheDirectory({ MLOPS_CACHE_DIR: "kept" }, "/builds/x")).toBe("/builds/x/kept/s3");
    expect(s3CacheDirectory({ MLOPS_CACHE_DIR: "/cache" }, "/builds/x")).toBe("/cache/s3");
  });
});

import { randomBytes } from "node:crypto";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type S3Fetcher, type S3FetcherOptions, s3Fetcher } from "../../src/storage/s3-fetcher.ts";
import { temporaryFolder } from "../support/folder.ts";
import { bucket } from "../support/s3-server.ts";

/** The address of a key in the bucket of the tests. */
export function uriOf(key: string): string {
  return `s3://${bucket}/${key}`;
}

/** A fetcher that the end of the test closes; by default over a cache of its own. */
export function fetcher(
  env: S3FetcherOptions["env"],
  more: Partial<Omit<S3FetcherOptions, "env">> = {},
): S3Fetcher {
  const made = s3Fetcher({
    env,
    cacheDirectory: more.cacheDirectory ?? path.join(temporaryFolder(), "cache"),
    signal: new AbortController().signal,
    ...more,
  });
  onTestFinished(() => made.close());
  return made;
}

/** Bytes that no compression or accident repeats. */
export function someBytes(size: number): Buffer {
  return randomBytes(size);
}

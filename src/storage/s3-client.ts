import http from "node:http";
import https from "node:https";
import { Readable } from "node:stream";
import {
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { type ChecksumFields, type Checksums, checksumsOf } from "./checksums.ts";
import { bareEtag, type DirectReader, type SignedRequest } from "./direct-read.ts";
import { networkError, silenceLimitMs } from "./network-error.ts";
import type { ByteSink } from "./part-sink.ts";
import type { S3Settings } from "./s3-settings.ts";
import { readStream } from "./stream-read.ts";

/** What the store says of one object. `etag` without its quotes; empty where a store gives none. */
export interface ObjectFacts {
  readonly key: string;
  readonly sizeBytes: number;
  readonly etag: string;
  readonly versionId: string | undefined;
  readonly modifiedMs: number;
  readonly checksums: Checksums | undefined;
  /** True where only a listing told of it: checksums and version are not known then. */
  readonly isListed: boolean;
}

export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

const connectTimeoutMs = 10_000;

/** The SDK's client, by a name that others may use: this file alone imports the SDK. */
export type SdkClient = S3Client;

/** Connections are kept and shared by all clients of one store; Node's agents heed the proxy variables of `env`. */
export function makeAgents({ tls, env }: S3Settings): Agents {
  const options = { keepAlive: true, maxSockets: 64, proxyEnv: { ...env } };
  return { httpAgent: new http.Agent(options), httpsAgent: new https.Agent({ ...options, ...tls }) };
}

/** The SDK's client. It makes one attempt at a time: who calls it knows better what may be tried again. */
export async function makeClient(
  settings: S3Settings,
  region: string | undefined,
  agents: Agents,
): Promise<S3Client> {
  const { endpoint, pathStyle, credentials } = settings;
  const config = {
    ...(endpoint === undefined ? {} : { endpoint: endpoint.url }),
    ...(pathStyle === undefined ? {} : { forcePathStyle: pathStyle }),
    ...(credentials === undefined ? {} : { credentials }),
    maxAttempts: 1,
    // Ranges have no checksum of their own; whole objects are checked after all parts are there.
    responseChecksumValidation: "WHEN_REQUIRED" as const,
    requestHandler: {
      ...agents,
      connectionTimeout: connectTimeoutMs,
      socketTimeout: silenceLimitMs,
    },
  };
  if (region !== undefined) return new S3Client({ ...config, region });
  const client = new S3Client(config);
  try {
    await client.config.region();
    return client;
  } catch {
    // No variable and no profile names a region. Any will do to ask: the store names the bucket's own.
    client.destroy();
    return new S3Client({ ...config, region: "us-east-1" });
  }
}

export interface Named {
  readonly bucket: string;
  readonly key: string;
  readonly signal: AbortSignal;
}

export async function headObject(client: S3Client, { bucket, key, signal }: Named): Promise<ObjectFacts> {
  const input = { Bucket: bucket, Key: key, ChecksumMode: "ENABLED" } as const;
  try {
    const answer = await client.send(new HeadObjectCommand(input), { abortSignal: signal });
    refuseOthers(answer.ETag !== undefined, answer.$metadata);
    return factsOf(key, answer.ContentLength ?? 0, answer);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof S3ServiceException) || (error.$metadata.httpStatusCode ?? 500) >= 500) throw error;
    // An answer to HEAD has no body that says what is wrong (NoSuchBucket or NoSuchKey, an expired token); this one has.
    const first = { Bucket: bucket, Key: key, Range: "bytes=0-0" };
    const answer = await client.send(new GetObjectCommand(first), { abortSignal: signal });
    if (answer.Body instanceof Readable) answer.Body.on("error", () => undefined).destroy();
    const total = /\/(\d+)$/.exec(answer.ContentRange ?? "")?.[1];
    if (total === undefined) throw error;
    return factsOf(key, Number(total), answer);
  }
}

/** The size of the first part of a multipart upload; undefined where the store does not tell. */
export async function firstPartBytes(
  client: S3Client,
  { bucket, key, signal }: Named,
): Promise<number | undefined> {
  const input = { Bucket: bucket, Key: key, PartNumber: 1 };
  try {
    return (await client.send(new HeadObjectCommand(input), { abortSignal: signal })).ContentLength;
  } catch (error) {
    signal.throwIfAborted();
    // A store without part numbers (501, 400) leaves the bytes checked by ETag and size only.
    if (error instanceof S3ServiceException && (error.$metadata.httpStatusCode ?? 500) !== 503)
      return undefined;
    throw error;
  }
}

/** A login page of a proxy or another program's server says 200 too, but neither an ETag nor the number of a request. */
function refuseOthers(hasMark: boolean, { requestId }: { readonly requestId?: string | undefined }): void {
  if (hasMark || requestId !== undefined) return;
  throw networkError("S3_NOT_S3", "the answer has neither an ETag nor an x-amz-request-id");
}

interface Answer extends ChecksumFields {
  readonly VersionId?: string | undefined;
  readonly LastModified?: Date | undefined;
}

function factsOf(key: string, sizeBytes: number, answer: Answer): ObjectFacts {
  return {
    key,
    sizeBytes,
    etag: bareEtag(answer.ETag),
    versionId: answer.VersionId === "null" ? undefined : answer.VersionId,
    modifiedMs: answer.LastModified?.getTime() ?? 0,
    checksums: checksumsOf(answer),
    isListed: false,
  };
}

/** One page of keys below a prefix, and where the next one begins. */
export async function listPage(
  client: S3Client,
  { bucket, key, signal }: Named,
  token: string | undefined,
): Promise<{ readonly objects: readonly ObjectFacts[]; readonly next: string | undefined }> {
  const input = { Bucket: bucket, Prefix: key, ...(token === undefined ? {} : { ContinuationToken: token }) };
  const page = await client.send(new ListObjectsV2Command(input), { abortSignal: signal });
  refuseOthers(page.Name !== undefined, page.$metadata);
  const objects = (page.Contents ?? []).flatMap((one) =>
    one.Key === undefined
      ? []
      : [
          {
            ...factsOf(one.Key, one.Size ?? 0, { ETag: one.ETag, LastModified: one.LastModified }),
            isListed: true,
          },
        ],
  );
  return { objects, next: page.IsTruncated === true ? page.NextContinuationToken : undefined };
}

export interface RangeRead extends Named {
  readonly etag: string;
  /** Undefined: the whole object. */
  readonly range: string | undefined;
  /** Has exactly the range's bytes left. */
  readonly sink: ByteSink;
}

/**
 * Fills `sink` with a range of the object that `etag` names, directly where a reader is given and the answer is a plain one.
 * Answers what the store says of the object. Throws what the SDK throws, and errors with a code for broken answers.
 */
export async function readRange(
  client: S3Client,
  read: RangeRead,
  reader: DirectReader | undefined,
): Promise<ObjectFacts> {
  const { bucket, key, etag, range, sink, signal } = read;
  const wantedBytes = sink.left;
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    ...(etag === "" ? {} : { IfMatch: `"${etag}"` }),
    ...(range === undefined ? { ChecksumMode: "ENABLED" } : { Range: range }),
  });
  let isRead = false;
  command.middlewareStack.add(
    (next) => async (args) => {
      const request: unknown = args.request;
      if (reader === undefined || !isSigned(request)) return await next(args);
      const answer = await reader.read({ request, sink, etag, signal });
      if (answer === undefined) return await next(args);
      isRead = true;
      // What the SDK takes from an answer: its head. The body is in its place already.
      return { response: { ...answer, body: Readable.from([]) }, output: { $metadata: {} } };
    },
    { step: "deserialize", priority: "low", name: "readDirectly" },
  );
  const answer = await client.send(command, { abortSignal: signal });
  const facts = factsOf(key, wantedBytes, answer);
  if (!(answer.Body instanceof Readable)) throw networkError("S3_NO_BODY", "the answer has no body");
  const isOther = etag !== "" && facts.etag !== etag;
  if (isOther || (!isRead && answer.ContentLength !== wantedBytes)) {
    answer.Body.on("error", () => undefined).destroy();
    if (isOther)
      throw Object.assign(networkError("S3_OTHER_ETAG", "another ETag"), {
        $metadata: { httpStatusCode: 412 },
      });
    throw networkError(
      "S3_NO_RANGES",
      `${answer.ContentLength} bytes instead of ${wantedBytes}: are ranges known there?`,
    );
  }
  if (!isRead) await readStream(answer.Body, { sink, signal });
  return facts;
}

function isSigned(request: unknown): request is SignedRequest {
  return typeof request === "object" && request !== null && "hostname" in request && "headers" in request;
}

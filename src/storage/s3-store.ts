import { backOff } from "./backoff.ts";
import { DirectReader } from "./direct-read.ts";
import type { ByteSink } from "./part-sink.ts";
import {
  firstPartBytes,
  headObject,
  listPage,
  makeAgents,
  makeClient,
  type ObjectFacts,
  readRange,
  type SdkClient,
} from "./s3-client.ts";
import type { Subject } from "./s3-error-words.ts";
import { failureOf } from "./s3-errors.ts";
import type { S3Settings } from "./s3-settings.ts";

interface ReadRequest {
  readonly bucket: string;
  readonly object: ObjectFacts;
  readonly start: number;
  /** Filled from `start` on; tells how many bytes are wanted. */
  readonly sink: ByteSink;
  readonly signal: AbortSignal;
}

/** One S3 endpoint. Every call is tried again where the failure may pass, and follows a bucket to its region once. */
export interface S3Store {
  /** Where requests go, for the key of the cache. */
  readonly address: string;
  head(bucket: string, key: string, signal: AbortSignal): Promise<ObjectFacts>;
  /** Bytes of the first part of a multipart upload; undefined where the store does not tell. */
  firstPartBytes(bucket: string, key: string, signal: AbortSignal): Promise<number | undefined>;
  list(bucket: string, prefix: string, signal: AbortSignal): AsyncGenerator<ObjectFacts>;
  /**
   * Fills `sink` with a range of exactly this object (If-Match), over the connection that `reader` may have; goes on where a
   * cut left off. Throws S3_OBJECT_CHANGED where it is another object by now.
   */
  read(request: ReadRequest, reader: DirectReader | undefined): Promise<ObjectFacts>;
  /** Undefined where the SDK has to do the reading: TLS, or a proxy between. */
  makeReader(): DirectReader | undefined;
  close(): void;
}

/** Opens nothing yet: the first call connects. */
export function openS3(settings: S3Settings): S3Store {
  const clients = new Map<string, Promise<SdkClient>>();
  const regionOfBucket = new Map<string, string>();
  const agents = makeAgents(settings);
  const clientOf = async (bucket: string) => {
    const region = regionOfBucket.get(bucket) ?? settings.region;
    const client = clients.get(region ?? "") ?? makeClient(settings, region, agents);
    clients.set(region ?? "", client);
    return await client;
  };
  const call = callWith(settings, clientOf, regionOfBucket);
  const isPlain = settings.endpoint?.url.startsWith("http:") === true && !settings.hasProxy;
  return {
    address: settings.endpoint?.url ?? "aws",
    head: (bucket, key, signal) =>
      call({ bucket, key, signal }, (client) => headObject(client, { bucket, key, signal })),
    firstPartBytes: (bucket, key, signal) =>
      call({ bucket, key, signal }, (client) => firstPartBytes(client, { bucket, key, signal })),
    list: (bucket, prefix, signal) => listAll(call, { bucket, key: prefix, signal }),
    read: (request, reader) => readObject(call, request, reader),
    makeReader: () => (isPlain ? new DirectReader() : undefined),
    close() {
      for (const client of clients.values()) void client.then((one) => one.destroy());
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

interface CallOptions {
  readonly bucket: string;
  readonly key: string;
  readonly signal: AbortSignal;
  /** How far the work has come; tries that bring it further do not count. */
  readonly progress?: () => number;
}

type Call = <T>(options: CallOptions, work: (client: SdkClient) => Promise<T>) => Promise<T>;

/** Less than this is no progress: else a connection that is cut after every byte would be tried for ever. */
const leastProgressBytes = 64 << 10;

function callWith(
  settings: S3Settings,
  clientOf: (bucket: string) => Promise<SdkClient>,
  regionOfBucket: Map<string, string>,
): Call {
  return async ({ bucket, key, signal, progress }, work) => {
    const subject: Subject = { uri: `s3://${bucket}/${key}`, bucket, settings };
    let isMoved = false;
    let tried = 0;
    let reached = 0;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await work(await clientOf(bucket));
      } catch (error) {
        signal.throwIfAborted();
        const failure = failureOf(error, subject);
        if (failure.kind === "region" && !isMoved) {
          isMoved = true;
          regionOfBucket.set(bucket, failure.region);
          continue;
        }
        const now = progress?.() ?? 0;
        tried = now - reached >= leastProgressBytes ? 1 : tried + 1;
        reached = now;
        if (failure.kind !== "passing" || tried >= settings.attempts) throw failure.error;
        await backOff(tried, signal);
      }
    }
  };
}

async function* listAll(call: Call, named: CallOptions): AsyncGenerator<ObjectFacts> {
  let token: string | undefined;
  do {
    const page = await call(named, (client) => listPage(client, named, token));
    yield* page.objects;
    token = page.next;
  } while (token !== undefined);
}

async function readObject(
  call: Call,
  { bucket, object, start, sink, signal }: ReadRequest,
  reader: DirectReader | undefined,
): Promise<ObjectFacts> {
  const { key, etag } = object;
  const wantedBytes = sink.left;
  const isWhole = wantedBytes === object.sizeBytes;
  return await call({ bucket, key, signal, progress: () => wantedBytes - sink.left }, (client) => {
    const got = wantedBytes - sink.left;
    // An empty object has no range.
    const range = isWhole && got === 0 ? undefined : `bytes=${start + got}-${start + wantedBytes - 1}`;
    return readRange(client, { bucket, key, etag, range, sink, signal }, reader);
  });
}

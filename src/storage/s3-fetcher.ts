import path from "node:path";
import { MlopsError } from "../errors.ts";
import { fetchObject } from "./fetch-object.ts";
import { findObjects } from "./find-objects.ts";
import { ObjectCache } from "./object-cache.ts";
import { type Owned, removeOrphans, takeOwnership } from "./owner.ts";
import { PartSlots } from "./part-slots.ts";
import type { ObjectFacts } from "./s3-client.ts";
import { type Env, read, readS3Settings } from "./s3-settings.ts";
import type { S3Store } from "./s3-store.ts";
import { localNames, parseS3Uri, type S3Place } from "./s3-uri.ts";

export interface S3FetcherOptions {
  readonly env: Env;
  /** Absolute. Made if missing; may be shared by processes and kept from job to job. */
  readonly cacheDirectory: string;
  /** Bytes; default 10 GB or half of what the disk has for it, whichever is less. */
  readonly cacheLimitBytes?: number | undefined;
  readonly signal: AbortSignal;
  /** Bytes that are here and bytes that are wanted, over all fetches so far. */
  readonly progress?: ((doneBytes: number, totalBytes: number) => void) | undefined;
}

/** An object as a local file, with what identifies the bytes that were read. */
interface FetchedObject {
  readonly uri: string;
  /** The names of the key are the last ones of the path, `dt=2026-01-01/` included. There until `close`. */
  readonly localPath: string;
  /** Without quotes; empty where the store gives none. */
  readonly etag: string;
  readonly sizeBytes: number;
  /** Undefined in a bucket without versions, and where only a listing was asked. */
  readonly versionId: string | undefined;
}

export interface S3Fetcher {
  /**
   * Brings the objects that `uri` names here, in the order of their keys. Throws `not-permitted` (403, no credentials), `not-evaluable`
   * (404, replaced twice while it was read, damaged, disk full), `unavailable` (after retries), `usage`, or the signal's reason.
   */
  fetch(uri: string, signal?: AbortSignal): Promise<readonly FetchedObject[]>;
  /** Removes the local files of this run (the cache stays) and closes connections. */
  close(): Promise<void>;
}

/** How many objects are on their way at a time: a table of 2,000 small files is limited by answers, not by bytes. */
const objectsAtOnce = 16;

/** Opens nothing before the first fetch. */
export function s3Fetcher(options: S3FetcherOptions): S3Fetcher {
  let opened: Promise<OpenFetcher> | undefined;
  return {
    async fetch(uri, signal) {
      const place = parseS3Uri(uri);
      opened ??= OpenFetcher.open(options);
      const both = signal === undefined ? options.signal : AbortSignal.any([options.signal, signal]);
      return await (await opened).fetch(place, both);
    },
    async close() {
      await (await opened?.catch(() => undefined))?.close();
    },
  };
}

/** The cache's folder: `s3` in MLOPS_CACHE_DIR, else `.mlops/cache/s3` below `cwd`. */
export function s3CacheDirectory(env: Env, cwd: string): string {
  const folder = read(env, "MLOPS_CACHE_DIR") ?? path.join(".mlops", "cache");
  return path.resolve(cwd, folder, "s3");
}

class OpenFetcher {
  readonly #options: S3FetcherOptions;
  readonly #store: S3Store;
  readonly #cache: ObjectCache;
  readonly #run: Owned;
  readonly #slots: PartSlots;
  #fetches = 0;
  #doneBytes = 0;
  #totalBytes = 0;
  #cachedBytes = 0;

  private constructor(options: S3FetcherOptions, store: S3Store, cache: ObjectCache, run: Owned) {
    this.#options = options;
    this.#store = store;
    this.#cache = cache;
    this.#run = run;
    this.#slots = new PartSlots(() => store.makeReader());
  }

  static async open(options: S3FetcherOptions): Promise<OpenFetcher> {
    const settings = await readS3Settings(options.env);
    const { openS3 } = await import("./s3-store.ts");
    const cache = await ObjectCache.open(options.cacheDirectory, options.cacheLimitBytes);
    const runs = path.join(cache.folder, "runs");
    await removeOrphans(runs);
    const run = await takeOwnership(path.join(runs, crypto.randomUUID()));
    if (run === undefined) throw new Error("a new name for the folder of this run is taken");
    return new OpenFetcher(options, openS3(settings), cache, run);
  }

  async fetch(place: S3Place, signal: AbortSignal): Promise<readonly FetchedObject[]> {
    const objects = await findObjects(this.#store, place, signal);
    this.#fetches += 1;
    const tree = path.join(this.#run.folder, String(this.#fetches), place.bucket);
    this.#totalBytes += objects.reduce((sum, one) => sum + one.sizeBytes, 0);
    const limit = await this.#cache.limitBytes();
    const jobs = objects.map((object) => {
      const isCached = this.#cachedBytes + object.sizeBytes <= limit;
      if (isCached) this.#cachedBytes += object.sizeBytes;
      return { bucket: place.bucket, object, isCached, target: path.join(tree, ...localNames(object.key)) };
    });
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const fetched: FetchedObject[] = [];
    const queue = jobs.entries();
    const workers = Array.from({ length: Math.min(objectsAtOnce, jobs.length) }, async () => {
      try {
        for (const [index, job] of queue) fetched[index] = await this.#fetchOne(job, both);
      } catch (error) {
        stop.abort(error);
      }
    });
    await Promise.all(workers);
    // What follows, the scan, wants the memory.
    this.#slots.release();
    both.throwIfAborted();
    return fetched;
  }

  async #fetchOne(job: Job, signal: AbortSignal): Promise<FetchedObject> {
    try {
      return await this.#fetchAs(job, job.object, signal);
    } catch (error) {
      if (!(error instanceof MlopsError) || error.code !== "S3_OBJECT_CHANGED") throw error;
      // Replaced while it was read: once, the new one is read as a whole.
      const now = await this.#store.head(job.bucket, job.object.key, signal);
      this.#totalBytes += now.sizeBytes - job.object.sizeBytes;
      return await this.#fetchAs(job, now, signal);
    }
  }

  async #fetchAs(job: Job, listed: ObjectFacts, signal: AbortSignal): Promise<FetchedObject> {
    const { bucket, isCached, target } = job;
    // A listing tells neither checksums nor versions; of one part the answer itself does.
    const place = { store: this.#store, slots: this.#slots, cache: this.#cache, runFolder: this.#run.folder };
    let counted = 0;
    const onBytes = (bytes: number) => {
      counted += bytes;
      this.#count(bytes);
    };
    try {
      const { versionId } = await fetchObject(place, {
        bucket,
        object: listed,
        isCached,
        target,
        signal,
        onBytes,
      });
      const { key, etag, sizeBytes } = listed;
      return { uri: `s3://${bucket}/${key}`, localPath: target, etag, sizeBytes, versionId };
    } catch (error) {
      this.#count(-counted);
      throw error;
    }
  }

  #count(bytes: number): void {
    this.#doneBytes += bytes;
    this.#options.progress?.(this.#doneBytes, this.#totalBytes);
  }

  async close(): Promise<void> {
    this.#slots.release();
    this.#store.close();
    await this.#run.release();
  }
}

interface Job {
  readonly bucket: string;
  readonly object: ObjectFacts;
  readonly isCached: boolean;
  readonly target: string;
}

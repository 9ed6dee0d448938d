import { copyFile, link, mkdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { MlopsError, systemCodeOf } from "../errors.ts";
import { printable } from "../printable.ts";
import { type Downloaded, download } from "./download.ts";
import { makePartial, type ObjectCache } from "./object-cache.ts";
import { takeOwnership } from "./owner.ts";
import { type PartSlots, partBytes } from "./part-slots.ts";
import type { ObjectFacts } from "./s3-client.ts";
import { changedError } from "./s3-errors.ts";
import type { S3Store } from "./s3-store.ts";
import { DamagedBytes } from "./verification.ts";

export interface FetchPlace {
  readonly store: S3Store;
  readonly slots: PartSlots;
  readonly cache: ObjectCache;
  /** Folder of this run, on the cache's disk. */
  readonly runFolder: string;
}

export interface FetchRequest {
  readonly bucket: string;
  readonly object: ObjectFacts;
  /** Where the bytes shall stand; folders above it are made. */
  readonly target: string;
  /** False for an object that the cache has no room for: it is fetched for this run only. */
  readonly isCached: boolean;
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
}

const lookAgainMs = 100;

/** Puts an object's bytes at `target`: from the cache, or fetched; of several processes that want one, one fetches. */
export async function fetchObject(
  place: FetchPlace,
  request: FetchRequest,
): Promise<{ versionId?: string | undefined }> {
  const { cache, store } = place;
  const { bucket, object, signal, onBytes } = request;
  const id = cache.idOf([store.address, bucket, object.key, object.etag || String(object.modifiedMs)]);
  await makeParents(request);
  if (!request.isCached) return await fetchForRun(place, request, id);
  for (;;) {
    const entry = await cache.find(id, object.sizeBytes, signal);
    if (entry !== undefined && (await linkTo(cache.dataOf(id), request.target))) {
      onBytes(object.sizeBytes);
      return { versionId: object.versionId };
    }
    const owned = await takeOwnership(cache.lockOf(id));
    if (owned === undefined) {
      await delay(lookAgainMs, undefined, { signal }).catch(() => signal.throwIfAborted());
      continue;
    }
    try {
      // The one who had the lock before may just have finished.
      if ((await cache.find(id, object.sizeBytes, signal)) !== undefined) continue;
      await cache.makeRoom(object.sizeBytes, id);
      const partial = cache.partialOf(id);
      await makePartial(partial);
      const { crc32, versionId } = await downloadRight(place, request, partial);
      const uri = `s3://${bucket}/${object.key}`;
      const entryOf = { uri, etag: object.etag, sizeBytes: object.sizeBytes, crc32 };
      await cache.publish(id, versionId === undefined ? entryOf : { ...entryOf, versionId });
      if (await linkTo(cache.dataOf(id), request.target)) return { versionId };
    } catch (error) {
      // Bytes of an object that is no more serve nobody.
      if (error instanceof MlopsError && error.code === "S3_OBJECT_CHANGED")
        await rm(cache.partialOf(id), { recursive: true, force: true });
      throw error;
    } finally {
      await owned.release();
    }
  }
}

async function fetchForRun(place: FetchPlace, request: FetchRequest, id: string): Promise<Downloaded> {
  await place.cache.checkDisk(request.object.sizeBytes);
  const folder = path.join(place.runFolder, "uncached", id);
  await makePartial(folder);
  const downloaded = await downloadRight(place, request, folder);
  await rename(path.join(folder, "data"), request.target);
  return downloaded;
}

/** Reads again as a whole, once, where the bytes are not those that the store's checksum was made of. */
async function downloadRight(
  { store, slots }: FetchPlace,
  { bucket, object, signal, onBytes }: FetchRequest,
  folder: string,
): Promise<Downloaded> {
  const [file, journal] = [path.join(folder, "data"), path.join(folder, "journal")];
  const known = await withChecksums(store, bucket, object, signal);
  const all = { store, slots, bucket, object: known, file, journal, signal, onBytes };
  try {
    return await download(all);
  } catch (error) {
    if (!(error instanceof DamagedBytes)) throw error;
    await rm(folder, { recursive: true, force: true });
    await makePartial(folder);
    onBytes(-object.sizeBytes);
    try {
      return await download({ ...all, knownDigest: error.computed });
    } catch (again) {
      if (!(again instanceof DamagedBytes)) throw again;
      await rm(folder, { recursive: true, force: true });
      throw damaged(`s3://${bucket}/${object.key}`, again);
    }
  }
}

/** A listing does not tell checksums and versions. For an object of one part the answer itself does; others are asked for. */
async function withChecksums(
  store: S3Store,
  bucket: string,
  object: ObjectFacts,
  signal: AbortSignal,
): Promise<ObjectFacts> {
  if (!object.isListed || object.sizeBytes <= partBytes) return object;
  const facts = await store.head(bucket, object.key, signal);
  if (facts.etag === object.etag && facts.sizeBytes === object.sizeBytes) return facts;
  throw changedError({ uri: `s3://${bucket}/${object.key}` });
}

function damaged(uri: string, cause: DamagedBytes): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "S3_BYTES_DAMAGED",
    message: `${printable(uri)} arrived damaged twice: ${cause.message}.`,
    hint: "Look for what stands between (a proxy, a cache); if nothing does, the object is damaged at the store: upload it again.",
    cause,
  });
}

async function makeParents({ bucket, object, target }: FetchRequest): Promise<void> {
  try {
    await mkdir(path.dirname(target), { recursive: true });
  } catch (error) {
    if (!["EEXIST", "ENOTDIR"].includes(systemCodeOf(error) ?? "")) throw error;
    throw bothFileAndFolder(`s3://${bucket}/${object.key}`, error);
  }
}

function bothFileAndFolder(uri: string, cause: unknown): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "S3_KEYS_COLLIDE",
    message: `${printable(uri)} and another key of the same listing cannot both be files: one is a folder of the other, or they differ only in letters that this disk does not tell apart.`,
    hint: "Name them one by one.",
    cause,
  });
}

/** A hard link: the bytes stay while the run uses them. False where the entry was removed in between. */
async function linkTo(file: string, target: string): Promise<boolean> {
  try {
    await link(file, target);
    return true;
  } catch (error) {
    const code = systemCodeOf(error) ?? "";
    if (code === "ENOENT") return false;
    if (["EEXIST", "EISDIR"].includes(code)) throw bothFileAndFolder(target, error);
    // Some disks have no hard links (exFAT, some network shares), or only so many of one file.
    if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"].includes(code)) throw error;
    await copyFile(file, target);
    return true;
  }
}

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, statfs, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import * as z from "zod";
import { MlopsError, systemCodeOf } from "../errors.ts";
import { makeFolder } from "../files.ts";
import { crc32OfFile } from "./checksums.ts";

/** What is known of a cached object; `crc32` is held against the bytes before each use. */
const cacheEntrySchema = z.object({
  uri: z.string(),
  etag: z.string(),
  versionId: z.string().optional(),
  sizeBytes: z.number().int().min(0),
  crc32: z.number().int().min(0),
});
type CacheEntry = z.infer<typeof cacheEntrySchema>;

const defaultLimitBytes = 10_000_000_000;

/**
 * Objects on disk, one folder each, named by endpoint, bucket, key and ETag:
 * `objects/<id>/{data,entry.json}` whole ones, `partial/<id>/{data,journal}` those on their way, `locks/<id>` who fetches one,
 * `runs/<id>` what a run of the program uses (hard links, so that nothing is taken away under it).
 */
export class ObjectCache {
  readonly folder: string;
  #limitBytes: number | undefined;
  /** As far as this process knows; others may add and remove. */
  #keptBytes: number | undefined;

  private constructor(folder: string, limitBytes: number | undefined) {
    this.folder = folder;
    this.#limitBytes = limitBytes;
  }

  /** Makes the folders. Throws `usage` where that is not possible. */
  static async open(folder: string, limitBytes: number | undefined): Promise<ObjectCache> {
    for (const name of ["objects", "partial", "locks", "runs"]) await makeFolder(path.join(folder, name));
    return new ObjectCache(folder, limitBytes);
  }

  idOf(parts: readonly string[]): string {
    return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 40);
  }

  dataOf(id: string): string {
    return path.join(this.folder, "objects", id, "data");
  }

  partialOf(id: string): string {
    return path.join(this.folder, "partial", id);
  }

  lockOf(id: string): string {
    return path.join(this.folder, "locks", id);
  }

  /** The entry, if its bytes are there and whole; it then counts as used now. A damaged one is no entry. */
  async find(id: string, sizeBytes: number, signal: AbortSignal): Promise<CacheEntry | undefined> {
    try {
      const file = path.join(this.folder, "objects", id, "entry.json");
      const entry = cacheEntrySchema.safeParse(parseJson(await readFile(file, "utf8"))).data;
      if (entry?.sizeBytes !== sizeBytes || (await stat(this.dataOf(id))).size !== sizeBytes)
        return undefined;
      if ((await crc32OfFile(this.dataOf(id), signal)) !== entry.crc32) return undefined;
      const now = new Date();
      await utimes(file, now, now);
      return entry;
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Makes the partial object a whole one, by one rename; whatever stood in its place was damaged. */
  async publish(id: string, entry: CacheEntry): Promise<void> {
    const partial = this.partialOf(id);
    await writeFile(path.join(partial, "entry.json"), JSON.stringify(entry));
    await rm(path.join(partial, "journal"), { force: true });
    const target = path.join(this.folder, "objects", id);
    await rm(target, { recursive: true, force: true });
    try {
      await rename(partial, target);
    } catch (error) {
      // Another process that took itself for the owner was first; its bytes are of the same ETag.
      if (!["ENOTEMPTY", "EEXIST", "ENOENT"].includes(systemCodeOf(error) ?? "")) throw error;
    }
  }

  /** Bytes that the cache may hold: as set, else 10 GB or half of what the disk has for it, whichever is less. */
  async limitBytes(): Promise<number> {
    if (this.#limitBytes !== undefined) return this.#limitBytes;
    const kept = sumOf(await this.#residents());
    this.#keptBytes ??= kept;
    this.#limitBytes = Math.min(defaultLimitBytes, (kept + (await this.#freeBytes())) / 2);
    return this.#limitBytes;
  }

  /**
   * Removes the objects that were not used for longest until `bytes` more fit; what a run uses stays.
   * Throws DISK_FULL where the disk has no room for them even so.
   */
  async makeRoom(bytes: number, keep: string): Promise<void> {
    const limit = await this.limitBytes();
    // Looked through only where it is full by what this process knows: 2,000 small files would look 2,000 times.
    this.#keptBytes ??= sumOf(await this.#residents());
    if (this.#keptBytes + bytes > limit) this.#keptBytes = await this.#evict(limit - bytes, keep);
    this.#keptBytes += bytes;
    await this.checkDisk(bytes);
  }

  /** Answers how many bytes are left. */
  async #evict(allowedBytes: number, keep: string): Promise<number> {
    const residents = await this.#residents();
    let total = sumOf(residents);
    for (const one of residents.toSorted((a, b) => a.usedMs - b.usedMs)) {
      if (total <= allowedBytes) break;
      if (one.isInUse || path.basename(one.folder) === keep) continue;
      await rm(one.folder, { recursive: true, force: true });
      total -= one.bytes;
    }
    return total;
  }

  /** Throws DISK_FULL where `bytes` do not fit on the disk: better said now than after an hour of reading. */
  async checkDisk(bytes: number): Promise<void> {
    const free = await this.#freeBytes();
    if (free >= bytes) return;
    throw new MlopsError({
      kind: "not-evaluable",
      code: "DISK_FULL",
      message: `${bytes} bytes are to be fetched into ${this.folder}, and its disk has ${free} left.`,
      hint: "Make room, or name a folder on another disk in MLOPS_CACHE_DIR.",
    });
  }

  async #freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.folder);
    return bavail * bsize;
  }

  async #residents(): Promise<Resident[]> {
    const found: Resident[] = [];
    for (const kind of ["objects", "partial"]) {
      const parent = path.join(this.folder, kind);
      for (const name of await readdir(parent)) {
        const one = await this.#resident(path.join(parent, name), kind === "partial");
        if (one !== undefined) found.push(one);
      }
    }
    return found;
  }

  /** Undefined for what was removed in between. */
  async #resident(folder: string, isPartial: boolean): Promise<Resident | undefined> {
    try {
      const data = await stat(path.join(folder, "data"));
      const used = await stat(path.join(folder, isPartial ? "journal" : "entry.json"));
      // A partial file has holes: what it takes is less than its size.
      const bytes = isPartial ? data.blocks * 512 : data.size;
      const isLocked = isPartial && (await isThere(this.lockOf(path.basename(folder))));
      return { folder, bytes, usedMs: used.mtimeMs, isInUse: isLocked || data.nlink > 1 };
    } catch (error) {
      if (systemCodeOf(error) === "ENOENT") return undefined;
      throw error;
    }
  }
}

interface Resident {
  readonly folder: string;
  readonly bytes: number;
  readonly usedMs: number;
  readonly isInUse: boolean;
}

function sumOf(residents: readonly Resident[]): number {
  return residents.reduce((sum, one) => sum + one.bytes, 0);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A torn file: the caller finds no entry in it and fetches again.
    return undefined;
  }
}

async function isThere(place: string): Promise<boolean> {
  try {
    await stat(place);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** A folder for a partial object; there may be one already. */
export async function makePartial(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
}

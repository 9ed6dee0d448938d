import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { systemCodeOf } from "../errors.ts";

const heartbeatMs = 2_000;
/** Fifteen beats missed: the owner is gone, or stopped for so long that nobody has to wait for it. */
const staleMs = 30_000;
/** A process that was stopped (a laptop asleep) still uses its files when it wakes. */
const orphanMs = 3_600_000;
const ownerFile = "owner.json";

/** A folder that belongs to this process as long as it lives. */
export interface Owned {
  readonly folder: string;
  /** Gives the folder up and removes it. */
  release(): Promise<void>;
}

/**
 * Takes `folder`, or answers undefined where a living process has it. A dead owner's folder is taken over: on this machine its
 * process number tells, elsewhere a heartbeat that is missing for 30 s. Two processes may in rare races both believe to be the
 * owner; what they do in the folder must bear that.
 */
export async function takeOwnership(folder: string): Promise<Owned | undefined> {
  const nonce = randomUUID();
  try {
    await mkdir(folder);
  } catch (error) {
    if (systemCodeOf(error) !== "EEXIST") throw error;
    if (await isOwned(folder, staleMs)) return undefined;
    await removeAside(folder, nonce);
    return await takeOwnership(folder);
  }
  const file = path.join(folder, ownerFile);
  await writeFile(file, JSON.stringify({ pid: process.pid, host: hostname(), nonce }));
  const timer = setInterval(() => void beat(file), heartbeatMs);
  timer.unref();
  return {
    folder,
    release: async () => {
      clearInterval(timer);
      if ((await ownerOf(folder))?.nonce === nonce) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A folder that was removed under us is another's now: nothing to keep alive. */
async function beat(file: string): Promise<void> {
  const now = new Date();
  await utimes(file, now, now).catch(() => undefined);
}

/** Renamed first, so that of two that find the same dead owner only one removes. */
async function removeAside(folder: string, nonce: string): Promise<void> {
  const aside = `${folder}.${nonce}.gone`;
  try {
    await rename(folder, aside);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    throw error;
  }
  await rm(aside, { recursive: true, force: true });
}

/** True while a living process has the folder: its heartbeat is not older than `limitMs`. */
async function isOwned(folder: string, limitMs: number): Promise<boolean> {
  const owner = await ownerOf(folder);
  if (owner === undefined) return await isYoung(folder, limitMs);
  if (owner.host === hostname() && !isAlive(owner.pid)) return false;
  return await isYoung(path.join(folder, ownerFile), limitMs);
}

/** Removes the folders in `parent` whose owners are gone for good: dead on this machine, or silent for an hour. */
export async function removeOrphans(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = path.join(parent, name);
    if (!(await isOwned(folder, orphanMs))) await removeAside(folder, randomUUID());
  }
}

async function isYoung(place: string, limitMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(place)).mtimeMs < limitMs;
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it lives under another user.
    return systemCodeOf(error) === "EPERM";
  }
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly nonce: string;
}

/** Undefined for a folder whose owner has not written (or not finished writing) its name. */
async function ownerOf(folder: string): Promise<Owner | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(folder, ownerFile), "utf8"));
    if (typeof value !== "object" || value === null) return undefined;
    const { pid, host, nonce } = { pid: 0, host: "", nonce: "", ...value };
    return typeof pid === "number" && typeof host === "string" && typeof nonce === "string"
      ? { pid, host, nonce }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || ["ENOENT", "ENOTDIR"].includes(systemCodeOf(error) ?? ""))
      return undefined;
    throw error;
  }
}

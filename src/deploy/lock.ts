import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { pid } from "node:process";
import * as z from "zod";
import { MlopsError, systemCodeOf } from "../errors.ts";
import { identityOfPid, isAlive } from "./processes.ts";

const holder = z.strictObject({ pid: z.number().int().positive(), start: z.string(), since: z.string() });
type Holder = z.infer<typeof holder>;

export interface LockRequest {
  readonly file: string;
  /** What is locked, for the message: `environment "local"`. */
  readonly what: string;
  /** ISO 8601. */
  readonly now: string;
  readonly randomHex: (byteCount: number) => string;
}

/**
 * Takes the lock or throws `blocked` with the holder's pid. A lock whose holder is dead is taken over.
 * Returns what gives it back.
 */
export async function takeLock(request: LockRequest): Promise<() => Promise<void>> {
  const own: Holder = { ...(await identityOfPid(pid)), since: request.now };
  const mark = request.randomHex(6);
  const draft = `${request.file}.${mark}`;
  await writeFile(draft, `${JSON.stringify(own)}\n`, { flag: "wx" });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      if (await linkIfFree(draft, request.file)) return () => rm(request.file, { force: true });
      const other = await readHolder(request.file);
      if (other !== undefined && (await isAlive(other))) throw blocked(request, other);
      await clearDeadLock(request.file, `${draft}.dead`, other);
    }
    throw blocked(request, await readHolder(request.file));
  } finally {
    await rm(draft, { force: true });
  }
}

/** A link, unlike a rename, fails where the name is taken: the file appears with its content or not at all. */
async function linkIfFree(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (systemCodeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** Two commands may find the same dead lock; the slower one must not remove the quicker one's new lock. */
async function clearDeadLock(file: string, aside: string, dead: Holder | undefined): Promise<void> {
  try {
    await rename(file, aside);
  } catch (error) {
    if (systemCodeOf(error) === "ENOENT") return;
    throw error;
  }
  const taken = await readHolder(aside);
  if (taken?.pid !== dead?.pid || taken?.start !== dead?.start) await linkIfFree(aside, file);
  await rm(aside, { force: true });
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    const parsed = holder.safeParse(JSON.parse(await readFile(file, "utf8")));
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    // Gone meanwhile, or not written by us: in both cases there is no holder to respect.
    if (systemCodeOf(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function blocked(request: LockRequest, other: Holder | undefined): MlopsError {
  const who = other === undefined ? "Another command" : `Process ${other.pid} (since ${other.since})`;
  return new MlopsError({
    kind: "blocked",
    code: "DEPLOYMENT_LOCKED",
    message: `${who} is deploying to ${request.what} at this moment.`,
    hint: "Start again when it is done; in GitLab, `resource_group: <environment>` makes the jobs queue.",
  });
}

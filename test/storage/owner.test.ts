import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { removeOrphans, takeOwnership } from "../../src/storage/owner.ts";
import { temporaryFolder } from "../support/folder.ts";

/** No process has this number: Linux gives out at most 2^22. */
const deadPid = 2 ** 22 + 1;

async function foreign(folder: string, owner: { pid: number; host: string }, ageMs = 0): Promise<void> {
  await mkdir(folder);
  const file = path.join(folder, "owner.json");
  await writeFile(file, JSON.stringify({ ...owner, nonce: "another" }));
  const then = new Date(Date.now() - ageMs);
  await utimes(file, then, then);
  await utimes(folder, then, then);
}

async function take(folder: string) {
  const owned = await takeOwnership(folder);
  onTestFinished(async () => await owned?.release());
  return owned;
}

describe("the owner of a folder", () => {
  it("is one at a time, until it releases the folder", async () => {
    const folder = path.join(temporaryFolder(), "lock");
    const first = await take(folder);
    expect(first).toBeDefined();
    expect(await take(folder)).toBeUndefined();
    await first?.release();
    expect(await take(folder)).toBeDefined();
  });

  it("is one where many ask at once", async () => {
    const folder = path.join(temporaryFolder(), "lock");
    const taken = await Promise.all(Array.from({ length: 20 }, () => take(folder)));
    expect(taken.filter((one) => one !== undefined).length).toBe(1);
  });

  it("is followed by another when its process is dead, or its heartbeat on another machine is 30 s old", async () => {
    const parent = temporaryFolder();
    await foreign(path.join(parent, "dead"), { pid: deadPid, host: hostname() });
    await foreign(path.join(parent, "silent"), { pid: 1, host: "elsewhere" }, 31_000);
    await foreign(path.join(parent, "beating"), { pid: 1, host: "elsewhere" }, 5_000);
    await foreign(path.join(parent, "alive"), { pid: process.pid, host: hostname() });
    expect(await take(path.join(parent, "dead"))).toBeDefined();
    expect(await take(path.join(parent, "silent"))).toBeDefined();
    expect(await take(path.join(parent, "beating"))).toBeUndefined();
    expect(await take(path.join(parent, "alive"))).toBeUndefined();
    expect((await readdir(parent)).toSorted()).toEqual(["alive", "beating", "dead", "silent"]);
  });

  it("is not taken for dead before it has written its name", async () => {
    const parent = temporaryFolder();
    await mkdir(path.join(parent, "new"));
    await mkdir(path.join(parent, "old"));
    await utimes(path.join(parent, "old"), 1, 1);
    expect(await take(path.join(parent, "new"))).toBeUndefined();
    expect(await take(path.join(parent, "old"))).toBeDefined();
  });

  it("does not remove a folder that another has taken over", async () => {
    const folder = path.join(temporaryFolder(), "lock");
    const owned = await takeOwnership(folder);
    await writeFile(
      path.join(folder, "owner.json"),
      JSON.stringify({ pid: 1, host: "elsewhere", nonce: "another" }),
    );
    await owned?.release();
    expect(await readFile(path.join(folder, "owner.json"), "utf8")).toContain("another");
  });

  it("leaves folders behind that are removed when it is dead, not when it only sleeps", async () => {
    const parent = temporaryFolder();
    await foreign(path.join(parent, "dead"), { pid: deadPid, host: hostname() });
    await foreign(path.join(parent, "asleep"), { pid: process.pid, host: hostname() }, 600_000);
    await foreign(path.join(parent, "gone"), { pid: 1, host: "elsewhere" }, 3_700_000);
    await removeOrphans(parent);
    expect(await readdir(parent)).toEqual(["asleep"]);
  });
});

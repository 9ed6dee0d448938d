import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { makeFolder, writeFileAtomically } from "../src/files.ts";
import { temporaryFolder } from "./support/folder.ts";

describe("writeFileAtomically", () => {
  it("makes the folders above, replaces the file, and leaves nothing else", async () => {
    const folder = temporaryFolder();
    const file = path.join(folder, "a", "b", "result.json");
    await writeFileAtomically(file, "old");
    await writeFileAtomically(file, "new");
    expect(readFileSync(file, "utf8")).toBe("new");
    expect(readdirSync(path.dirname(file))).toEqual(["result.json"]);
  });

  it("refuses a file in the place of a folder, and keeps it", async () => {
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, "a"), "mine");
    await expect(writeFileAtomically(path.join(folder, "a", "result.json"), "x")).rejects.toMatchObject({
      kind: "usage",
      code: "FILE_NOT_WRITTEN",
    });
    expect(readFileSync(path.join(folder, "a"), "utf8")).toBe("mine");
  });

  it.runIf(existsSync("/proc/self"))("ends with an error where the system has no such folder", async () => {
    await expect(writeFileAtomically("/proc/mlops/a/result.json", "x")).rejects.toMatchObject({
      code: "FILE_NOT_WRITTEN",
    });
  });
});

it("makeFolder is content with a folder that is there", async () => {
  const folder = path.join(temporaryFolder(), "a", "b");
  mkdirSync(folder, { recursive: true });
  await makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

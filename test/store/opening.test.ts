import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { encodeName, experimentIdOf } from "../../src/store/layout.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openTestStore } from "./client.ts";

describe("opening a store", () => {
  it("refuses a path that is a file, and names it", async () => {
    const file = path.join(temporaryFolder(), "store");
    writeFileSync(file, "text");
    await expect(openTestStore(file)).rejects.toMatchObject({
      code: "STORE_NOT_OPENED",
      message: expect.stringContaining(file),
    });
  });

  it("names a lock file that is no lock, and says that it holds no data", async () => {
    const directory = path.join(temporaryFolder(), "store");
    writeFileSync(`${directory}.lock.db`, "this is no database, whatever its name says. ".repeat(30));
    await expect(openTestStore(directory)).rejects.toMatchObject({
      code: "STORE_LOCK_NOT_OPENED",
      message: expect.stringContaining(`${directory}.lock.db`),
      hint: expect.stringContaining("holds no data"),
    });
  });

  it("removes uploads that a killed process left a day ago, and no younger ones", async () => {
    const directory = path.join(temporaryFolder(), "store");
    const incoming = path.join(directory, "incoming");
    mkdirSync(incoming, { recursive: true });
    for (const name of ["old", "young"]) writeFileSync(path.join(incoming, name), "half");
    const twoDaysAgo = Date.now() / 1000 - 2 * 86_400;
    utimesSync(path.join(incoming, "old"), twoDaysAgo, twoDaysAgo);
    await openTestStore(directory);
    expect(readdirSync(incoming)).toEqual(["young"]);
  });

  it("has the experiment Default, the same in every store", async () => {
    const store = await openTestStore(path.join(temporaryFolder(), "store"));
    const { experiment } = await store.get("experiments/get-by-name?experiment_name=Default");
    expect(experiment).toMatchObject({ experiment_id: "0", artifact_location: "mlflow-artifacts:/0" });
  });
});

describe("names on disk", () => {
  it("gives an experiment the same 18-digit id everywhere, and another one to each name", () => {
    const names = Array.from({ length: 500 }, (_, index) => `experiment ${index}`);
    const ids = names.map((name) => experimentIdOf(name));
    for (const id of ids) expect(id).toMatch(/^[1-9]\d{17}$/);
    expect(new Set(ids).size).toBe(names.length);
    expect(ids).toEqual(names.map((name) => experimentIdOf(name)));
    expect(experimentIdOf("experiment 1", 1)).not.toBe(experimentIdOf("experiment 1"));
  });

  it("makes one safe folder name out of every model name, also where capitals do not count", () => {
    const names = [
      "m",
      "M",
      "a b",
      "a%20b",
      "ä",
      "..",
      ".git",
      "con",
      "a~b",
      "x".repeat(300),
      `${"x".repeat(300)}y`,
    ];
    const encoded = names.map(encodeName);
    expect(new Set(encoded.map((name) => name.toLowerCase())).size).toBe(names.length);
    for (const name of encoded) expect(name).toMatch(/^[a-z0-9_~-][a-z0-9_~.-]{0,199}$/);
  });
});

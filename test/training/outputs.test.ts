import { mkdir, symlink, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { changedOutputs, checkDeclared, listOutputs } from "../../src/training/outputs.ts";
import { checkOutputNames, parseParams } from "../../src/training/settings.ts";
import { temporaryFolder } from "../support/folder.ts";

async function write(directory: string, ...files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(path.dirname(path.join(directory, file)), { recursive: true });
    await writeFile(path.join(directory, file), file);
  }
}

describe("the outputs of a training", () => {
  it("are the new and changed files, folders within folders, without what is never an output", async () => {
    const directory = temporaryFolder("mlops-outputs");
    await write(directory, "old.txt", "same-size.txt", "deep/older.txt");
    await utimes(path.join(directory, "same-size.txt"), 1, 1);
    const skipped = [path.join(directory, "mlflow_run_id.txt"), path.join(directory, "store")];
    const before = await listOutputs(directory, skipped);
    await write(directory, "new.txt", "deep/er/new.bin", "same-size.txt", "mlflow_run_id.txt");
    await write(
      directory,
      ".git/HEAD",
      "pkg/__pycache__/a.pyc",
      "store/journal.jsonl",
      "store.lock.db",
      "stores.txt",
    );
    await symlink("new.txt", path.join(directory, "latest"));
    await symlink("nowhere", path.join(directory, "dangling"));
    const changed = changedOutputs(before, await listOutputs(directory, skipped));
    expect(changed.map((file) => file.path)).toEqual([
      "deep/er/new.bin",
      "latest",
      "new.txt",
      "same-size.txt",
      "stores.txt",
    ]);
    expect(changed[0]?.sizeBytes).toBe("deep/er/new.bin".length);
  });

  it("tells missing declared outputs from those of an earlier training", async () => {
    const directory = temporaryFolder("mlops-outputs");
    await write(directory, "old.joblib");
    const before = await listOutputs(directory, []);
    await write(directory, "model/weights.bin");
    const after = await listOutputs(directory, []);
    const declared = ["old.joblib", "./model", "model/weights.bin", "gone.json", "mod"];
    expect(checkDeclared(declared, { directory, before, after })).toEqual({
      missing: ["gone.json", "mod"],
      stale: ["old.joblib"],
    });
  });

  it("must be declared below the output directory", () => {
    expect(() => checkOutputNames(["a", "b/../c", "..d"], "outputs")).not.toThrow();
    expect(() => checkOutputNames(["../model.joblib", "ok", "/tmp/x"], "outputs")).toThrow(
      "--output ../model.joblib, /tmp/x is not below the output directory outputs.",
    );
  });
});

describe("parseParams", () => {
  it("splits at the first =, and takes empty values", () => {
    expect(parseParams(["lr=0.1", "formula=y=a+b", "note="])).toEqual([
      { key: "lr", value: "0.1" },
      { key: "formula", value: "y=a+b" },
      { key: "note", value: "" },
    ]);
  });

  it("reports every wrong one together", () => {
    expect(() => parseParams(["lr", "=1", "a=1", "a=2"])).toThrow(
      '--param is "lr", expected key=value.\n--param is "=1", expected key=value.\n--param a is given twice.',
    );
  });
});

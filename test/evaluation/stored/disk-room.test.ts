import { describe, expect, it } from "vitest";
import { fullDisk, requireDisk } from "../../../src/evaluation/stored/disk-room.ts";
import { temporaryFolder } from "../../support/folder.ts";

describe("a temporary folder for a table that does not fit into memory", () => {
  it("must have room for its rows twice", async () => {
    const folder = temporaryFolder();
    await requireDisk(folder, { uri: "p.parquet", rows: 1000, bytesEach: 9 });
    await expect(requireDisk(folder, { uri: "p.parquet", rows: 1e15, bytesEach: 9 })).rejects.toMatchObject({
      kind: "not-evaluable",
      message: expect.stringMatching(/the temporary folder needs 18000000\.0 GB, and has \d+\.\d GB\.$/),
    });
  });

  it("may become full meanwhile, which other errors do not say", () => {
    const full = fullDisk(Object.assign(new Error("write"), { code: "ENOSPC" }), "p.parquet");
    expect(full?.message).toBe("p.parquet does not fit into memory, and the temporary folder is full.");
    expect(fullDisk(new Error("write"), "p.parquet")).toBeUndefined();
  });
});

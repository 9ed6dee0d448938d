import { describe, expect, it } from "vitest";
import { memoryLimitOf } from "../../../src/data/engine/limits.ts";

describe("memoryLimitOf", () => {
  it.each([
    ["400MB", "400MB"],
    ["1.5 GiB", "1.5GiB"],
    [" 2gb ", "2gb"],
  ])("takes %j", async (written, limit) => {
    expect(await memoryLimitOf(written)).toBe(limit);
  });

  it.each(["", "0MB", "400", "-1GB", "4 lots", "50%", "1e3MB", "400MB; SET x = 1"])(
    "refuses %j",
    async (written) => {
      await expect(memoryLimitOf(written)).rejects.toMatchObject({ kind: "usage", code: "OPTION_INVALID" });
    },
  );

  it("leaves a part of the job's memory to the others", async () => {
    expect(await memoryLimitOf(undefined)).toMatch(/^[1-9]\d*MB$/);
  });
});

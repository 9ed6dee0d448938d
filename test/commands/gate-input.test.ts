import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compared, folderWith, gate, limits, resultIn } from "./gate-case.ts";

describe("no verdict, exit 4", () => {
  it.each([
    ["a candidate that is not there", {}, "new.json (--new-metrics) cannot be read"],
    ["a truncated file", { "new.json": '{"auc": 0.9' }, "ends too early"],
    ["a key twice", { "new.json": '{"auc": 0.9, "auc": 0.8}' }, "stands there twice"],
    ["a number as text", { "new.json": '{"auc": "0.93"}' }, "expected a number"],
    ["an impossible value", { "new.json": '{"auc": 1.7}' }, "roc_auc cannot be"],
    [
      "a baseline that is not there",
      { "new.json": { auc: 0.9 } },
      "old.json (--baseline-metrics) cannot be read",
    ],
    ["a broken baseline", { "new.json": { auc: 0.9 }, "old.json": "[]" }, "old.json holds no object"],
  ])("%s", async (_title, files, message) => {
    const cwd = folderWith({ ...files, "gate.json": '{"verdict": "pass"}' });
    const { code, stderr } = await gate(cwd, ...compared);
    expect([code, stderr]).toEqual([4, expect.stringContaining(message)]);
    // The pass of an earlier start is gone.
    const result = resultIn(cwd);
    expect(result).toMatchObject({ verdict: "error", checks: [], baselineKind: "unread", baseline: null });
    expect(result.error?.message).toContain(message);
    expect(result.inputs.length).toBe(message.startsWith("old.json") ? 1 : 0);
  });

  it("writes nothing in a dry run, and where a flag makes no sense", async () => {
    const cwd = folderWith({ "gate.json": "old" });
    expect((await gate(cwd, ...compared, "--dry-run")).code).toBe(4);
    expect((await gate(cwd, "--min-auc", "7")).code).toBe(2);
    expect(readFileSync(path.join(cwd, "gate.json"), "utf8")).toBe("old");
  });

  it("a file that is not UTF-8", async () => {
    const cwd = folderWith({});
    writeFileSync(path.join(cwd, "new.json"), Buffer.from('{"auc": 0.9, "g\xe9": 1}', "latin1"));
    expect((await gate(cwd, ...limits)).code).toBe(4);
  });
});

describe("a byte-order mark, as some editors write it", () => {
  it("is fine", async () => {
    expect((await gate(folderWith({ "new.json": '\uFEFF{"auc": 0.9}' }), ...limits)).code).toBe(0);
  });
});

describe("a name from a result file", () => {
  it("cannot write lines of its own into the job log", async () => {
    const name = "EU\nPASS: all is well\u001b[2K";
    const groups = { region: { [name]: { auc: 0.1 } } };
    const cwd = folderWith({ "new.json": { auc: 0.9, subgroups: groups } });
    const { stdout } = await gate(cwd, ...limits, "--subgroup-min", "auc=0.5");
    expect(stdout).toContain("region=EU·PASS: all is well·[2K");
    expect(resultIn(cwd).checks[1]?.subgroup).toBe(`region=${name}`);
  });
});

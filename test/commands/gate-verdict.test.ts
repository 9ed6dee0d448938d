import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compared, folderWith, gate, limits, resultIn } from "./gate-case.ts";

describe("the verdict is the same in text, file, dotenv and exit code", () => {
  it.each([
    ["pass", 0, 0.9, "PASS"],
    ["fail", 3, 0.7, "FAIL"],
    ["error", 4, null, "NO VERDICT"],
  ])("%s", async (verdict, exitCode, auc, word) => {
    const cwd = folderWith({ "new.json": { auc, f1: 0.5 } });
    const { code, stdout } = await gate(cwd, ...limits, "--dotenv", "gate.env");
    expect(code).toBe(exitCode);
    expect(stdout.startsWith(word)).toBe(true);
    expect(resultIn(cwd).verdict).toBe(verdict);
    expect(readFileSync(path.join(cwd, "gate.env"), "utf8")).toBe(`GATE_VERDICT=${verdict}\n`);
  });

  it("with one line a check: observed, limit, margin", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.8 }, "old.json": { auc: 0.9 } });
    const { code, stdout } = await gate(cwd, ...compared);
    expect(code).toBe(3);
    expect(stdout).toMatch(
      /fail {5}roc_auc regression <= 0\.01 {2}all rows {2}observed 0\.8 {2}baseline 0\.9 {2}limit 0\.01 {2}margin -0\.09/,
    );
    expect(stdout).toMatch(
      /pass {5}roc_auc >= 0\.75 +all rows {2}observed 0\.8 {2}limit 0\.75 {2}margin \+0\.05/,
    );
    const result = resultIn(cwd);
    expect(result).toMatchObject({ baselineKind: "stored", baseline: { uri: "old.json", model: null } });
    expect(result.inputs.map((input) => input.role)).toEqual(["candidate", "baseline"]);
    expect(result.checks[1]).toMatchObject({
      observed: 0.8,
      baseline: 0.9,
      limit: 0.01,
      source: "--max-regression",
    });
  });
});

describe("the first model", () => {
  it("a baseline file that is not there is one only where that was said", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.9 } });
    expect((await gate(cwd, ...compared)).code).toBe(4);
    expect((await gate(cwd, ...compared, "--first-model", "block")).code).toBe(4);
    const allowed = await gate(cwd, ...compared, "--first-model", "allow");
    expect([allowed.code, allowed.stdout]).toEqual([0, expect.stringContaining("old.json does not exist")]);
    expect(resultIn(cwd)).toMatchObject({ baselineKind: "first-model", baseline: null });
  });
});

describe("--dry-run", () => {
  it("decides and writes nothing", async () => {
    const cwd = folderWith({ "new.json": { auc: 0.7 } });
    const { code, stdout } = await gate(cwd, ...limits, "--dry-run");
    expect([code, stdout]).toEqual([3, expect.stringContaining("nowhere")]);
    expect(existsSync(path.join(cwd, "gate.json"))).toBe(false);
  });
});

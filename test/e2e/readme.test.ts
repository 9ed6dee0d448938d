import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { copyExample, runToEnd } from "../support/example.ts";

const root = path.resolve(import.meta.dirname, "../..");
const hasRsync = spawnSync("rsync", ["--version"]).status === 0;

describe.skipIf(!hasRsync)("the pipeline of the README (needs rsync)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-readme-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("runs as it is printed, on the example's mlops.yaml", { timeout: 240_000 }, async () => {
    const yaml = /```yaml\n(stages:[\s\S]*?)```/.exec(
      readFileSync(path.join(root, "README.md"), "utf8"),
    )?.[1];
    const { project, env } = copyExample(folder);
    writeFileSync(path.join(project, ".gitlab-ci.yml"), yaml ?? "");
    const program = path.join(root, "node_modules", ".bin", "gitlab-ci-local");
    const options = [
      "--shell-isolation",
      "--no-artifacts-to-source",
      "--state-dir",
      "../state",
      "--no-color",
      "--manual",
      "promote",
    ];
    const { code, output } = await runToEnd([program, ...options], { cwd: project, env });
    for (const job of ["validate", "train", "evaluate", "gate", "register", "promote"]) {
      expect(output).toMatch(new RegExp(`PASS +${job} *\\n`));
    }
    expect(output).toContain("champion of mortality moved from nothing to version 1");
    expect(code).toBe(0);
  });
});

import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive } from "../process/children.ts";
import { startCli } from "../support/cli.ts";
import { appeared, folderWith, reportIn, validate } from "./validate-case.ts";

function project(script: string, more = ""): string {
  const cwd = folderWith({
    "x.csv": "a\n1\n2\n",
    "check.sh": `#!/bin/sh\n${script}\n`,
    "c.yaml": `checks:\n  - script: ./check.sh --strict\n    name: plausible\n${more}`,
  });
  chmodSync(path.join(cwd, "check.sh"), 0o755);
  return cwd;
}

const args = ["--data-path", "x.csv", "--contract", "c.yaml"];

async function judged(script: string, more = "", env: Record<string, string> = {}) {
  const cwd = project(script, more);
  const { code } = await validate(cwd, args, { PATH: process.env["PATH"] ?? "", ...env });
  return { cwd, code, check: reportIn(cwd).checks.find((one) => one.name === "plausible") };
}

describe("a check script", () => {
  it.each([
    ["exit 0", 0, { verdict: "pass", observed: null }],
    ["exit 1", 3, { verdict: "fail" }],
    ['echo \'{"verdict": "fail"}\'', 3, { verdict: "fail" }],
    [
      'echo \'{"verdict": "fail", "observed": 3, "limit": 0, "failingRows": 3, "message": "three ages"}\'; exit 1',
      3,
      { verdict: "fail", observed: 3, limit: 0, failingRows: 3, reason: "three ages" },
    ],
    ['echo \'{"observed": "fine"}\'', 0, { verdict: "pass", observed: "fine" }],
  ])("says by exit code and JSON how the data is: %s", async (script, code, check) => {
    expect(await judged(script)).toMatchObject({ code, check });
  });

  it.each([
    ['echo \'{"verdict": "pass"}\'; exit 1', "ended with exit code 1"],
    ["echo all is well", "is not one JSON object"],
    ["echo '[1]'", "the script's JSON is not as expected"],
    ['echo \'{"verdict": "maybe"}\'', "verdict"],
    ["echo '{\"observd\": 1}'", "observd"],
    ["exit 2", "exit code 2"],
    ["echo went wrong >&2; exit 7", "went wrong"],
    ["kill -SEGV $$", "SIGSEGV"],
    ["head -c 3000000 /dev/zero | tr '\\0' 'x'", "is not one JSON object"],
  ])("that does not do its work has no verdict and ends with 8: %s", async (script, words) => {
    const { code, check } = await judged(script);
    expect(check).toMatchObject({ verdict: "error" });
    expect(check?.reason).toContain(words);
    expect(code).toBe(8);
  });

  it("that cannot be started ends with 8", async () => {
    const cwd = folderWith({ "x.csv": "a\n1\n", "c.yaml": "checks: [{script: no-such-program-at-all}]\n" });
    expect((await validate(cwd, args)).code).toBe(8);
    expect(reportIn(cwd).checks.find((one) => one.kind === "script")?.reason).toContain("no such program");
  });

  it("that crashes hides no rule that is broken: exit 3", async () => {
    expect(await judged("exit 9", "columns: [{name: a, max: 1}]\n")).toMatchObject({
      code: 3,
      check: { verdict: "error" },
    });
  });

  it("only warns where its severity says so, but a crash is no warning", async () => {
    expect(await judged("exit 1", "    severity: warn\n")).toMatchObject({
      code: 0,
      check: { verdict: "warn" },
    });
    expect(await judged("exit 5", "    severity: warn\n")).toMatchObject({
      code: 8,
      check: { verdict: "error" },
    });
  });

  it("gets the files, harmless variables and those that are named, and no secrets", async () => {
    const secrets = {
      CI_JOB_TOKEN: "glcbt-123456",
      AWS_SECRET_ACCESS_KEY: "aws-secret",
      AWS_PROFILE: "p",
      MLFLOW_TRACKING_TOKEN: "t0ken-ab",
    };
    const { cwd, code } = await judged("env > seen.txt; pwd >> seen.txt", "    env: [DATABASE]\n", {
      ...secrets,
      DATABASE: "warehouse",
      OTHER: "x",
    });
    expect(code).toBe(0);
    const seen = readFileSync(path.join(cwd, "seen.txt"), "utf8");
    expect(seen).toContain("DATABASE=warehouse");
    expect(seen).toContain(`MLOPS_CHECK_FILES=${JSON.stringify([path.join(cwd, "x.csv")])}`);
    expect(seen).toContain("MLOPS_CHECK_ROWS=2");
    const names = seen.split("\n").flatMap((line) => (line.includes("=") ? [line.split("=")[0] ?? ""] : []));
    const expected =
      /^(PATH|HOME|LANG|LC_ALL|TMPDIR|TZ|VIRTUAL_ENV|CONDA_PREFIX|LD_LIBRARY_PATH|PWD|OLDPWD|SHLVL|_|DATABASE|MLOPS_CHECK_\w+)$/;
    expect(names.filter((name) => !expected.test(name))).toEqual([]);
  });

  it("has secrets that it was given taken out of what the report says", async () => {
    const { cwd } = await judged(
      'echo "cannot log in with $API_TOKEN" >&2; exit 3',
      "    env: [API_TOKEN]\n",
      { API_TOKEN: "s3cr3t-value" },
    );
    const said = await judged('echo "{\\"message\\": \\"$API_TOKEN\\"}"', "    env: [API_TOKEN]\n", {
      API_TOKEN: "s3cr3t-value",
    });
    const text = readFileSync(path.join(cwd, "validation_report.json"), "utf8");
    expect(text).toContain("cannot log in with [REDACTED]");
    expect(text).not.toContain("s3cr3t");
    expect(said.check?.reason).toBe("[REDACTED]");
  });

  it("is ended with all that it started when its time is up", async () => {
    const { cwd, code, check } = await judged(
      "sleep 300 & echo $! > child.pid; echo $$ > own.pid; wait",
      "    timeout: 1s\n",
    );
    expect(check?.reason).toContain("time limit of 1 s");
    expect(code).toBe(8);
    for (const file of ["child.pid", "own.pid"])
      expect(await isAlive(Number(readFileSync(path.join(cwd, file), "utf8")))).toBe(false);
  });

  it("may have a limit of more than a timer can count", async () => {
    expect(await judged("exit 0", "    timeout: 60d\n")).toMatchObject({ code: 0 });
  });

  it("is ended by SIGTERM, which ends the program with 143 and leaves no report", {
    timeout: 20_000,
  }, async () => {
    const cwd = project("sleep 300 & echo $! > child.pid; echo started >&2; mv child.pid ready.pid; wait");
    writeFileSync(path.join(cwd, "validation_report.json"), "old");
    const running = startCli(["validate", ...args], { cwd });
    await appeared(cwd, /^ready\.pid$/);
    const signalledMs = performance.now();
    running.process.kill("SIGTERM");
    expect((await running.finished).code).toBe(143);
    expect(performance.now() - signalledMs).toBeLessThan(5000);
    expect(await isAlive(Number(readFileSync(path.join(cwd, "ready.pid"), "utf8")))).toBe(false);
    expect(existsSync(path.join(cwd, "validation_report.json"))).toBe(false);
  });
});

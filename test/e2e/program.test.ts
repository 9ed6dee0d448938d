import { execFileSync, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { runCli } from "../support/cli.ts";

const cwd = mkdtempSync(path.join(tmpdir(), "mlops-program-"));

describe("the built program", () => {
  it("prints its version", async () => {
    const { version } = JSON.parse(
      execFileSync("node", ["-p", "JSON.stringify(require('./package.json'))"], {
        encoding: "utf8",
        cwd: path.resolve(import.meta.dirname, "../.."),
      }),
    );
    expect(await runCli(["--version"], { cwd })).toMatchObject({
      code: 0,
      stdout: `${version}\n`,
      stderr: "",
    });
  });

  it("loads none of the heavy packages for --help", () => {
    const bin = path.resolve(import.meta.dirname, "../../bin/mlops.js");
    const trace = path.join(cwd, "trace.mjs");
    writeFileSync(
      trace,
      `import { registerHooks } from "node:module";
registerHooks({ load(url, context, next) { process.stderr.write(url + "\\n"); return next(url, context); } });`,
    );
    const { stderr, stdout, status } = spawnSync(process.execPath, ["--import", trace, bin, "--help"], {
      encoding: "utf8",
    });
    expect(status).toBe(0);
    expect(stdout).toContain("Usage: mlops");
    const files = [...stderr.matchAll(/^file:\/\/(\S+\.js)$/gm)].map((match) => match[1] ?? "");
    expect(files.filter((file) => file.includes("/dist/")).length).toBeGreaterThan(2);
    expect(files.filter((file) => file.includes("/node_modules/"))).toEqual([]);
    // The bundler names the source of every part in a comment.
    const bundled = files.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/^\/\/ .*node_modules\/((?:@[^/]+\/)?[^/]+)\//gm)].map(
        (match) => match[1],
      ),
    );
    expect([...new Set(bundled)]).toEqual(["commander"]);
  });

  it("answers with one line and exit 2 where Node is too old", () => {
    const start = path.resolve(import.meta.dirname, "../../bin/mlops.js");
    const code = `Object.defineProperty(process.versions, "node", { value: "20.20.2" }); import(${JSON.stringify(start)});`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      encoding: "utf8",
    });
    expect(stderr).toMatch(/^mlops needs Node 24 or newer, this is 20\.20\.2 \(.*\)\.\n$/);
    expect(status).toBe(2);
  });

  it("ends with exit 2, the fault and the next step for a typo, also as JSON", async () => {
    const typo = await runCli(["--json", "validat"], { cwd });
    expect(typo.code).toBe(2);
    expect(typo.stderr).toMatch(/error: .*validat/);
    expect(JSON.parse(typo.stdout)).toMatchObject({
      verdict: "error",
      exitCode: 2,
      error: { code: "COMMAND_LINE" },
    });
  });

  it.runIf(existsSync("/dev/full"))(
    "says so, and ends with exit 2, where its output cannot be written",
    () => {
      const bin = path.resolve(import.meta.dirname, "../../bin/mlops.js");
      const full = openSync("/dev/full", "w");
      const { status, stderr } = spawnSync(process.execPath, [bin, "--help"], {
        encoding: "utf8",
        stdio: ["ignore", full, "pipe"],
      });
      closeSync(full);
      expect(stderr).toMatch(/^error: The output cannot be written to stdout: ENOSPC.*\n$/);
      expect(status).toBe(2);
    },
  );
});

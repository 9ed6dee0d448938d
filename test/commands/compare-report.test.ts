import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { binaryCase } from "../report/binary-case.ts";
import { faultsOf, readPage, rowsOf, withId } from "../report/html-tree.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";

let cwd = "";

beforeEach(() => {
  cwd = temporaryFolder();
  writeFileSync(path.join(cwd, "old.json"), JSON.stringify(binaryCase(1)));
  writeFileSync(path.join(cwd, "new.json"), JSON.stringify(binaryCase(2)));
});

describe("mlops compare --report", () => {
  it("writes the comparison with curves as one page, and says so", async () => {
    const { code, stdout } = await runCli(
      ["compare", "old.json", "new.json", "--report", "out/compare.html"],
      { cwd },
    );
    expect(code).toBe(0);
    expect(stdout).toContain("written to out/compare.html");
    const root = await readPage(readFileSync(path.join(cwd, "out/compare.html"), "utf8"));
    expect(faultsOf(root)).toEqual([]);
    expect(rowsOf(withId(root, "metrics"))[0]?.[0]).toBe("roc_auc");
    expect(withId(root, "charts").children.length).toBeGreaterThan(1);
  });

  it("leaves no earlier page where the comparison fails, and writes none in a dry run", async () => {
    writeFileSync(path.join(cwd, "stale.html"), "old");
    const failed = await runCli(["compare", "old.json", "missing.json", "--report", "stale.html"], { cwd });
    expect(failed.code).toBe(4);
    expect(existsSync(path.join(cwd, "stale.html"))).toBe(false);
    const dry = await runCli(["compare", "old.json", "new.json", "--report", "dry.html", "--dry-run"], {
      cwd,
    });
    expect(dry.code).toBe(0);
    expect(existsSync(path.join(cwd, "dry.html"))).toBe(false);
  });

  it("refuses a page in the place of an input or of the other output", async () => {
    const input = await runCli(["compare", "old.json", "new.json", "--report", "old.json"], { cwd });
    expect(input.code).toBe(2);
    expect(input.stderr).toContain("--report is old.json, which is an input");
    const both = ["--output-path", "one", "--report", "one"];
    const twice = await runCli(["compare", "old.json", "new.json", ...both], { cwd });
    expect(twice.code).toBe(2);
    expect(existsSync(path.join(cwd, "old.json"))).toBe(true);
  });
});

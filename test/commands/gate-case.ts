import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../src/main.ts";
import { gateResult } from "../../src/results/gate.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";

/** A command line in a folder: the exit code and what was printed. */
export async function mlops(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const context = testContext({ cwd, env });
  const code = await run(args, context);
  return { code, ...context.printed() };
}

/** `mlops gate` with the given words. */
export const gate = (cwd: string, ...args: string[]) => mlops(cwd, ["gate", ...args]);

/** A fresh folder for one test with the given files; what is no text is written as JSON. */
export function folderWith(files: Readonly<Record<string, unknown>>): string {
  const cwd = temporaryFolder();
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(path.join(cwd, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return cwd;
}

/** The result that a gate has written, read by its schema. */
export function resultIn(cwd: string) {
  return gateResult.parse(JSON.parse(readFileSync(path.join(cwd, "gate.json"), "utf8")));
}

export const limits = ["--new-metrics", "new.json", "--min-auc", "0.75"];
export const compared = [...limits, "--baseline-metrics", "old.json", "--max-regression", "0.01"];

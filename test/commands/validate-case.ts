import { readdirSync, readFileSync, watch, writeFileSync } from "node:fs";
import path from "node:path";
import { run } from "../../src/main.ts";
import { type ValidationReport, validationReport } from "../../src/results/validation-report.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `mlops validate` with the given words in a folder: the exit code and what was printed. */
export async function validate(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Outcome> {
  const context = testContext({ cwd, env });
  const code = await run(["validate", ...args], context);
  return { code, ...context.printed() };
}

/** A fresh folder for one test with the given files. */
export function folderWith(files: Readonly<Record<string, string>>): string {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(cwd, name), text);
  return cwd;
}

/** The report that a validation has written, read by its schema. */
export function reportIn(cwd: string, name = "validation_report.json"): ValidationReport {
  return validationReport.parse(JSON.parse(readFileSync(path.join(cwd, name), "utf8")));
}

/** Resolves as soon as the folder holds a file of that name. */
export async function appeared(folder: string, name: RegExp): Promise<void> {
  await until(folder, (names) => names.some((one) => name.test(one)));
}

/** Resolves as soon as the folder holds no file of that name any more. */
export async function disappeared(folder: string, name: string): Promise<void> {
  await until(folder, (names) => !names.includes(name));
}

async function until(folder: string, isSo: (names: readonly string[]) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    const look = () => {
      if (!isSo(readdirSync(folder))) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(folder, look);
    look();
  });
}

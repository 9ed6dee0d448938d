import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { MlopsError } from "../../src/errors.ts";
import { type ChildReport, type ChildRequest, runChild } from "../../src/process/child.ts";
import { temporaryFolder } from "../support/folder.ts";

interface Started {
  readonly report: Promise<ChildReport>;
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves as soon as stdout holds `text`. */
  readonly printed: (text: string) => Promise<void>;
}

/** Starts a child (Node itself, unless told otherwise) in a folder that lives as long as the test. */
export function start(args: readonly string[], overrides: Partial<ChildRequest> = {}): Started {
  let stdout = "";
  let stderr = "";
  const events = new EventTarget();
  const report = runChild({
    command: process.execPath,
    args,
    cwd: temporaryFolder("mlops-child"),
    env: { PATH: process.env["PATH"] },
    signal: new AbortController().signal,
    onStdout: (text) => {
      stdout += text;
      events.dispatchEvent(new Event("text"));
    },
    onStderr: (text) => {
      stderr += text;
    },
    ...overrides,
  });
  const printed = async (text: string) => {
    while (!stdout.includes(text)) await once(events, "text");
  };
  return { report, stdout: () => stdout, stderr: () => stderr, printed };
}

/** The arguments that make Node run a text. */
export function script(text: string): readonly string[] {
  return ["-e", text];
}

/** A zombie has ended: in a container whose first process collects nobody, it stays listed. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    return !/\) [ZX] /.test(stat);
  } catch {
    return false;
  }
}

/** The reason that the program gives for an abort by that signal. */
export function interruption(code: "SIGINT" | "SIGTERM"): MlopsError {
  return new MlopsError({ kind: code === "SIGINT" ? "interrupted" : "terminated", code, message: code });
}

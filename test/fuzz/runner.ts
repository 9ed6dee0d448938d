import { type ChildProcess, fork } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll } from "vitest";
import { type ValidationReport, validationReport } from "../../src/results/validation-report.ts";

export interface WorkerRequest {
  readonly id: number;
  readonly cwd: string;
  readonly args: readonly string[];
}

export interface WorkerAnswer {
  readonly id: number;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly report: string | null;
}

/** How one case ended. */
export interface Outcome {
  readonly exitCode: number;
  readonly stderr: string;
  /** Undefined where the command ended before it looked at the data. */
  readonly report: ValidationReport | undefined;
}

export interface CaseFile {
  readonly name: string;
  readonly bytes: string | Uint8Array;
}

const caseLimitMs = 20_000;

/**
 * Runs `mlops validate` on hostile input in a child process, over and over. Rejects where the child crashed, hung, or ended in
 * something that is neither a verdict nor a clear error: those are the three things that no input may do.
 */
export class FuzzRunner {
  #child: ChildProcess | undefined;
  #lastId = 0;
  readonly #limitMs: number;
  readonly folder: string;

  constructor(folder: string, limitMs = caseLimitMs) {
    this.folder = folder;
    this.#limitMs = limitMs;
    afterAll(() => void this.#child?.kill("SIGKILL"));
  }

  /** Writes the files and validates with `args`; a file called contract.yaml is used as the contract. */
  async run(files: readonly CaseFile[], args: readonly string[]): Promise<Outcome> {
    for (const { name, bytes } of files) writeFileSync(path.join(this.folder, name), bytes);
    const hasContract = files.some(({ name }) => name === "contract.yaml");
    const answer = await this.#ask([...args, ...(hasContract ? ["--contract", "contract.yaml"] : [])]);
    return checked(answer);
  }

  async #ask(args: readonly string[]): Promise<WorkerAnswer> {
    this.#child ??= fork(path.join(import.meta.dirname, "worker.ts"), {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
    });
    const child = this.#child;
    const request: WorkerRequest = { id: ++this.#lastId, cwd: this.folder, args };
    let noise = "";
    const listen = (text: Buffer) => {
      noise += text.toString("utf8");
    };
    child.stderr?.on("data", listen);
    try {
      return await new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          child.kill("SIGKILL");
          reject(new Error(`hangs: no answer after ${this.#limitMs} ms`));
        }, this.#limitMs);
        const ended = (code: number | null, signal: string | null) => {
          clearTimeout(timer);
          reject(new Error(`crashed: the process ended with ${signal ?? code}: ${noise.slice(-2000)}`));
        };
        child.once("exit", ended);
        child.once("message", (answer: WorkerAnswer) => {
          clearTimeout(timer);
          child.off("exit", ended);
          resolve(answer);
        });
        child.send(request);
      });
    } catch (error) {
      this.#child = undefined;
      throw error;
    } finally {
      child.stderr?.off("data", listen);
      child.removeAllListeners("message");
    }
  }
}

/** 0 and 3 are verdicts, 2 and 4 clear errors; the report says the same as the exit code. */
function checked({ exitCode, stderr, report }: WorkerAnswer): Outcome {
  const parsed = report === null ? undefined : validationReport.parse(JSON.parse(report));
  if (![0, 2, 3, 4].includes(exitCode)) throw new Error(`exit ${exitCode}: ${stderr}`);
  if (exitCode === 2) {
    if (!/error/i.test(stderr)) throw new Error(`exit 2 without an error: ${stderr}`);
    return { exitCode, stderr, report: undefined };
  }
  if (parsed === undefined) throw new Error(`exit ${exitCode} without a report: ${stderr}`);
  const verdicts = { 0: "pass", 3: "fail", 4: "error" } as const;
  const expected = verdicts[exitCode === 0 || exitCode === 3 ? exitCode : 4];
  if (parsed.verdict !== expected) throw new Error(`exit ${exitCode} with the verdict ${parsed.verdict}`);
  if (exitCode === 4 && parsed.error === null && parsed.summary.error === 0)
    throw new Error(`exit 4 without a reason: ${stderr}`);
  return { exitCode, stderr, report: parsed };
}

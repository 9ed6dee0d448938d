import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll } from "vitest";
import { pythonEnvironment, pythonOfTests } from "../support/python.ts";

const limitMs = 20_000;

/** A Python script of this folder that answers each line with a line, in a process of its own, which it may crash. */
export class PythonLines {
  readonly #script: string;
  #process: ChildProcess | undefined;
  #lines: Interface | undefined;

  constructor(script: string) {
    this.#script = script;
    afterAll(() => void this.#process?.kill("SIGKILL"));
  }

  /** Rejects where the process hangs or crashes; the next question is asked of a new one. */
  async ask(question: string): Promise<string> {
    if (this.#process === undefined) await this.#start();
    const [child, lines] = [this.#process, this.#lines];
    if (child === undefined || lines === undefined) throw new Error(`${this.#script} was not started`);
    return await new Promise((resolve, reject) => {
      const gone = (what: string) => {
        clearTimeout(timer);
        this.#process = undefined;
        child.kill("SIGKILL");
        reject(new Error(`${this.#script} ${what}`));
      };
      const timer = setTimeout(() => gone("hangs"), limitMs);
      const ended = () => gone("crashed");
      child.once("exit", ended);
      lines.once("line", (line) => {
        clearTimeout(timer);
        child.off("exit", ended);
        resolve(line);
      });
      child.stdin?.write(`${question}\n`);
    });
  }

  async #start(): Promise<void> {
    const child = spawn(await pythonOfTests(), [path.join(import.meta.dirname, this.#script)], {
      env: pythonEnvironment({}),
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout });
  }
}

import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface, type Interface } from "node:readline";
import { afterAll } from "vitest";
import { z } from "zod";
import { pythonEnvironment, pythonOfTests } from "../support/python.ts";

const figures = z.object({
  type: z.string(),
  /** Null or NaN. */
  missing: z.number(),
  infinite: z.number(),
  min: z.string().nullable(),
  max: z.string().nullable(),
  /** Rows whose value another row has too. */
  inDuplicates: z.number(),
  /** Rows by value, of text with few values. */
  counts: z.record(z.string(), z.number()).nullable(),
});

const answer = z.union([
  z.object({ error: z.string() }),
  z.object({ rows: z.number(), columns: z.record(z.string(), figures) }),
]);

export type SecondOpinion = z.infer<typeof answer>;
export type ReadFigures = Exclude<SecondOpinion, { error: string }>;

const limitMs = 20_000;

/** pyarrow in a process of its own, which damaged files may crash: then they are unreadable. */
export class SecondReader {
  #process: ChildProcess | undefined;
  #lines: Interface | undefined;

  constructor() {
    afterAll(() => void this.#process?.kill("SIGKILL"));
  }

  async read(file: string): Promise<SecondOpinion> {
    if (this.#process === undefined) await this.#start();
    const [child, lines] = [this.#process, this.#lines];
    if (child === undefined || lines === undefined) throw new Error("pyarrow was not started");
    return await new Promise((resolve) => {
      const gone = (error: string) => {
        this.#process = undefined;
        child.kill("SIGKILL");
        resolve({ error });
      };
      const timer = setTimeout(() => gone("hangs"), limitMs);
      const ended = () => {
        clearTimeout(timer);
        gone("crashed");
      };
      child.once("exit", ended);
      lines.once("line", (line) => {
        clearTimeout(timer);
        child.off("exit", ended);
        resolve(answer.parse(JSON.parse(line)));
      });
      child.stdin?.write(`${file}\n`);
    });
  }

  async #start(): Promise<void> {
    const script = path.join(import.meta.dirname, "read_parquet.py");
    const child = spawn(await pythonOfTests(), [script], {
      env: pythonEnvironment({}),
      stdio: ["pipe", "pipe", "ignore"],
    });
    this.#process = child;
    this.#lines = createInterface({ input: child.stdout });
  }
}

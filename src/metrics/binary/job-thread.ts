import { Worker } from "node:worker_threads";
import type { Jobs } from "./jobs.ts";

/** What a thread is sent. */
export interface Asked {
  readonly id: number;
  readonly kind: string;
  readonly request: unknown;
}

/** What it sends back. */
export interface Answered {
  readonly id: number;
  readonly answer: unknown;
}

/** Compiled files: in the package beside this one. Tests run the sources as they are, and have the threads of `dist`. */
const threads = new URL(import.meta.url.endsWith(".ts") ? "../../../dist/" : "./", import.meta.url);

/**
 * A thread always runs compiled files. Sources would have their types stripped by a WebAssembly module of Node's that calls JavaScript,
 * in each thread anew, and V8 may end a program in which two threads have such calls compiled at the same time (see `kernel/assembly`).
 */
export function workerFile(name: string): URL {
  return new URL(`${name}.js`, threads);
}

/** The thread that does `jobs` and nothing else. */
const jobsWorker = workerFile("binary-worker");

/** A second thread for one measurement. Must be closed. */
export class JobThread {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>();
  #asked = 0;
  #failure: Error | undefined;

  constructor(file = jobsWorker) {
    this.#worker = new Worker(file);
    this.#worker.on("message", ({ id, answer }: Answered) => {
      this.#waiting.get(id)?.resolve(answer);
      this.#waiting.delete(id);
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread ended with code ${code}`)));
  }

  /** What `jobs[kind](request)` answers, or its error. */
  async run<Kind extends keyof Jobs>(
    kind: Kind,
    request: Jobs[Kind]["request"],
  ): Promise<Jobs[Kind]["answer"]> {
    return (await this.ask(kind, request)) as Jobs[Kind]["answer"];
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  /** What the thread's file makes of it. */
  protected async ask(kind: string, request: unknown): Promise<unknown> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = Promise.withResolvers<unknown>();
    // Fails quietly where the caller failed before it looked at the answer.
    waiting.promise.catch(() => undefined);
    const id = this.#asked;
    this.#asked += 1;
    this.#waiting.set(id, waiting);
    this.#worker.postMessage({ id, kind, request } satisfies Asked);
    return await waiting.promise;
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    for (const waiting of this.#waiting.values()) waiting.reject(this.#failure);
    this.#waiting.clear();
  }
}

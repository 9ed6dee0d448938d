import { Worker } from "node:worker_threads";
import type { Jobs } from "./jobs.ts";

interface Answer {
  readonly kind: keyof Jobs;
  readonly answer: Jobs[keyof Jobs]["answer"];
}

/** A second thread for one measurement. Must be closed. */
export class JobThread {
  // The sources run as they are under Node 24, in tests; the package has the compiled file.
  readonly #worker: Worker;
  /** Jobs are answered in the order in which they were sent. */
  readonly #waiting: PromiseWithResolvers<Answer>[] = [];
  #failure: Error | undefined;

  constructor() {
    const file = import.meta.url.endsWith(".ts") ? "./binary-worker.ts" : "./binary-worker.js";
    this.#worker = new Worker(new URL(file, import.meta.url));
    this.#worker.on("message", (answer: Answer) => this.#waiting.shift()?.resolve(answer));
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", (code) => this.#fail(new Error(`the thread ended with code ${code}`)));
  }

  /** What `jobs[kind](request)` answers, or its error. */
  async run<Kind extends keyof Jobs>(
    kind: Kind,
    request: Jobs[Kind]["request"],
  ): Promise<Jobs[Kind]["answer"]> {
    if (this.#failure !== undefined) throw this.#failure;
    const waiting = Promise.withResolvers<Answer>();
    // Fails quietly where the caller failed before it looked at the answer.
    waiting.promise.catch(() => undefined);
    this.#waiting.push(waiting);
    this.#worker.postMessage({ kind, request });
    const answered = await waiting.promise;
    if (answered.kind !== kind) throw new RangeError(`asked for ${kind}, answered ${answered.kind}`);
    return answered.answer as Jobs[Kind]["answer"];
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    for (const waiting of this.#waiting.splice(0)) waiting.reject(this.#failure);
  }
}

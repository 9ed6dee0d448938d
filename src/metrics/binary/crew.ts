import type { JobThread } from "./job-thread.ts";
import { type Jobs, jobs } from "./jobs.ts";

interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** This thread and those that help it. */
export class Crew {
  readonly #helpers: readonly JobThread[];
  readonly signal: AbortSignal | undefined;

  constructor(helpers: readonly JobThread[], signal?: AbortSignal) {
    this.#helpers = helpers;
    this.signal = signal;
  }

  /** Whether memory must be such that threads share. */
  get isShared(): boolean {
    return this.#helpers.length > 0;
  }

  get size(): number {
    return this.#helpers.length + 1;
  }

  /** As many stretches of rows as there are threads. */
  stretches(rows: number): readonly Stretch[] {
    const edge = (index: number) => Math.floor((rows * index) / this.size);
    return Array.from({ length: this.size }, (_, index) => ({ start: edge(index), end: edge(index + 1) }));
  }

  /** A 0 that all threads can count up. */
  counter(): Int32Array {
    return new Int32Array(this.memory(4));
  }

  memory(bytes: number): ArrayBufferLike {
    return this.isShared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  }

  /**
   * As many requests as there are threads at most: the first is done here, the others by the helpers. Throws the reason of an aborted
   * signal.
   */
  async run<Kind extends keyof Jobs>(
    kind: Kind,
    requests: readonly Jobs[Kind]["request"][],
  ): Promise<Jobs[Kind]["answer"][]> {
    const [first, ...others] = requests;
    if (first === undefined) return [];
    const helped = others.map((request, index) => {
      const helper = this.#helpers[index];
      if (helper === undefined) throw new RangeError("more requests than threads");
      return helper.run(kind, request);
    });
    const answers = [await jobs[kind](first), ...(await Promise.all(helped))];
    this.signal?.throwIfAborted();
    return answers;
  }

  /** One request, done by a helper where there is one, while this thread goes on. */
  async aside<Kind extends keyof Jobs>(
    kind: Kind,
    request: Jobs[Kind]["request"],
  ): Promise<Jobs[Kind]["answer"]> {
    const [helper] = this.#helpers;
    return helper === undefined ? await jobs[kind](request) : await helper.run(kind, request);
  }

  /** The same request for all threads, which find out among themselves who does what. */
  async runAll<Kind extends "sort" | "count" | "walk">(
    kind: Kind,
    request: Jobs[Kind]["request"],
  ): Promise<Jobs[Kind]["answer"][]> {
    const stop = () => Atomics.store(request.next, 0, request.partition.parts.length);
    this.signal?.addEventListener("abort", stop, { once: true });
    try {
      const requests = Array.from({ length: this.size }, () => request);
      return await this.run(kind, requests);
    } finally {
      this.signal?.removeEventListener("abort", stop);
    }
  }
}

import type { Located } from "../data/sources/located.ts";
import { JobThread, workerFile } from "../metrics/binary/job-thread.ts";

/** Smaller files are hashed sooner than a thread has started. */
const leastHashedBytes = 16_000_000;

/** The second thread of an evaluation, which starts when something is first asked of it. Must be closed. */
export class HelperThread {
  #thread: EvaluationThread | undefined;

  /** The thread, for what else it can do. */
  start(): JobThread {
    return this.#started();
  }

  /** The sha256 of a file, hex; undefined where the caller finds it sooner. */
  digest({ absolutePath, sizeBytes }: Located): Promise<string> | undefined {
    return sizeBytes < leastHashedBytes ? undefined : this.#started().digest(absolutePath);
  }

  async close(): Promise<void> {
    await this.#thread?.close();
  }

  #started(): EvaluationThread {
    this.#thread ??= new EvaluationThread();
    return this.#thread;
  }
}

class EvaluationThread extends JobThread {
  constructor() {
    super(workerFile(import.meta.url, "helper-worker"));
  }

  async digest(path: string): Promise<string> {
    return String(await this.ask("digest", path));
  }
}

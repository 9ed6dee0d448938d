import { stat } from "node:fs/promises";
import { availableParallelism } from "node:os";
import path from "node:path";
import type { Located } from "../data/sources/located.ts";
import { JobThread, workerFile } from "../metrics/binary/job-thread.ts";
import type { Task } from "./task.ts";

/** Smaller files are measured sooner than a thread has started. */
export const leastMeasuredBytes = 3_000_000;

/** Of which the rows can be divided. */
const dividedTasks: readonly (Task | undefined)[] = [undefined, "binary", "multiclass", "multilabel"];

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

/**
 * The second thread for a table, undefined where one is all there may be. It starts at once where the table looks as if it will be
 * needed, while the program is still loaded: later it would be in the way of the engine.
 */
export async function beginHelper(request: {
  readonly paths: readonly string[];
  readonly cwd: string;
  /** Undefined: as many as the machine has. */
  readonly threads: number | undefined;
  readonly task: Task | undefined;
}): Promise<HelperThread | undefined> {
  const { paths, cwd, threads = availableParallelism(), task } = request;
  if (threads < 2) return undefined;
  const helper = new HelperThread();
  const [first] = paths;
  if (first === undefined || !dividedTasks.includes(task)) return helper;
  // A pattern or an address is no file: what it stands for is found later.
  const bytes = await stat(path.resolve(cwd, first)).then(
    (found) => found.size,
    () => 0,
  );
  if (bytes >= leastMeasuredBytes) helper.start();
  return helper;
}

class EvaluationThread extends JobThread {
  constructor() {
    super(workerFile("helper-worker"));
  }

  async digest(path: string): Promise<string> {
    return String(await this.ask("digest", path));
  }
}

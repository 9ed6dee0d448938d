import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type ErrorDetails, MlopsError } from "../errors.ts";
import { workerFile } from "../metrics/binary/job-thread.ts";
import { type Measurement, type MeasureRequest, type MeasureThreads, measure } from "./measure.ts";

export type WorkerAnswer = { readonly measured: Measurement } | { readonly refused: ErrorDetails };

/** Fewer rows are measured sooner than a thread has started. */
const fewRows = 2_000_000;

/**
 * Measures, and many rows in a thread of its own: this one goes on to show progress, to hash and to heed the signal, whose reason is
 * thrown at once; but scores of classes here and by the helper, part after part. The arrays are in shared memory and are not copied.
 * Throws as `measure` does.
 */
export async function measureApart(
  request: MeasureRequest,
  threads: Required<MeasureThreads>,
): Promise<Measurement> {
  const { task, data } = request;
  const areClasses = task === "multiclass" || task === "multilabel";
  const isDivided = areClasses || (task === "binary" && data.score !== undefined);
  if (isDivided || data.rows < fewRows) return await measure(request, threads);
  const { signal } = threads;
  signal.throwIfAborted();
  const worker = new Worker(workerFile("measure-worker"), { workerData: request });
  try {
    const [answer] = (await once(worker, "message", { signal })) as [WorkerAnswer];
    if ("refused" in answer) throw new MlopsError(answer.refused);
    return answer.measured;
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await worker.terminate();
  }
}

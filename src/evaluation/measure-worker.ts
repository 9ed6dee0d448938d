import { parentPort, workerData } from "node:worker_threads";
import { MlopsError } from "../errors.ts";
import { type MeasureRequest, measure } from "./measure.ts";
import type { WorkerAnswer } from "./measure-apart.ts";

/** Where a thread that measures starts. `workerData` is a `MeasureRequest` of `measureApart`, which is answered once. */
function answer(request: MeasureRequest): Promise<WorkerAnswer> {
  return measure(request).then(
    (measured) => ({ measured }),
    (error: unknown) => {
      if (!(error instanceof MlopsError)) throw error;
      const { kind, code, message, hint } = error;
      return { refused: { kind, code, message, ...(hint === undefined ? {} : { hint }) } };
    },
  );
}

parentPort?.postMessage(await answer(workerData));

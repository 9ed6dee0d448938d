import { parentPort } from "node:worker_threads";
import type { Answered, Asked } from "./job-thread.ts";
import { doJob } from "./jobs.ts";

/** The thread beside the main one: does the jobs that it is sent. An error ends the thread. */
async function work({ id, kind, request }: Asked): Promise<void> {
  parentPort?.postMessage({ id, answer: await doJob(kind, request) } satisfies Answered);
}

parentPort?.on("message", work);

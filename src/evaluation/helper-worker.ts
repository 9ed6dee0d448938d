import { parentPort } from "node:worker_threads";
import { fileDigest } from "../data/sources/digest.ts";
import type { Answered, Asked } from "../metrics/binary/job-thread.ts";
import { doJob } from "../metrics/binary/jobs.ts";

/** The thread beside the main one: hashes files and measures, between two pieces of a file where both are to be done. An error ends it. */
async function work({ id, kind, request }: Asked): Promise<void> {
  const answer = kind === "digest" ? await fileDigest(String(request)) : await doJob(kind, request);
  parentPort?.postMessage({ id, answer } satisfies Answered);
}

parentPort?.on("message", work);

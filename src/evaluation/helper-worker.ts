import { parentPort } from "node:worker_threads";
import type { Answered, Asked } from "../metrics/binary/job-thread.ts";
import { doJob } from "../metrics/binary/jobs.ts";

/** The thread beside the main one: hashes files and measures, between two pieces of a file where both are to be done. An error ends it. */
async function work({ id, kind, request }: Asked): Promise<void> {
  const answer = kind === "digest" ? await digest(String(request)) : await doJob(kind, request);
  parentPort?.postMessage({ id, answer } satisfies Answered);
}

/** What hashes is loaded where there is something to hash: it takes longer than the rest of the thread's start. */
async function digest(path: string): Promise<string> {
  const { fileDigest } = await import("../data/sources/digest.ts");
  return await fileDigest(path);
}

parentPort?.on("message", work);

import { parentPort } from "node:worker_threads";
import { type Jobs, jobs } from "./jobs.ts";

/** The thread beside the main one: does the jobs that it is sent, one after the other. An error ends the thread. */
async function work<Kind extends keyof Jobs>(message: {
  readonly kind: Kind;
  readonly request: Jobs[Kind]["request"];
}): Promise<void> {
  parentPort?.postMessage({ kind: message.kind, answer: await jobs[message.kind](message.request) });
}

parentPort?.on("message", work);

import type { Run, TrackingSession } from "../tracking/types.ts";
import type { OutputFile } from "./outputs.ts";

const concurrentUploads = 4;

/** Uploads files as artifacts of the run, under their paths relative to the output directory. The first error ends it. */
export async function uploadOutputs(
  session: Pick<TrackingSession, "client">,
  run: Pick<Run, "artifactUri">,
  outputs: readonly OutputFile[],
): Promise<void> {
  const queue = [...outputs];
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      await session.client.artifacts.uploadFile(run.artifactUri, file.path, file.absolute);
    }
  };
  const workers = Array.from({ length: concurrentUploads }, async () => {
    try {
      await work();
    } catch (error) {
      queue.length = 0;
      throw error;
    }
  });
  const settled = await Promise.allSettled(workers);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

import type { ReleaseRecord } from "../results/deploy.ts";
import { isAlive } from "./processes.ts";
import type { EnvironmentFolder } from "./records.ts";
import { endRelease, stopGraceMs } from "./release.ts";

/**
 * Puts an environment in order that a killed command left behind, and says which release is live.
 * The pointer decides: it is moved only after a release has proved itself. Whatever else is pending or still marked
 * live is stopped. Only to be called under the lock.
 */
export async function settle(
  folder: EnvironmentFolder,
  now: Date,
  log: (line: string) => void,
): Promise<ReleaseRecord | undefined> {
  const pointer = await folder.readPointer();
  let live: ReleaseRecord | undefined;
  for (const record of await folder.readRecords()) {
    if (record.state !== "pending" && record.state !== "live") continue;
    if (record.release === pointer?.release) live = await adopt(folder, record, { now, log });
    else await clearAway(folder, record, { now, log });
  }
  return live;
}

interface Settling {
  readonly now: Date;
  readonly log: (line: string) => void;
}

async function adopt(
  folder: EnvironmentFolder,
  record: ReleaseRecord,
  settling: Settling,
): Promise<ReleaseRecord> {
  if (record.state === "live") return record;
  settling.log(`Release ${record.release} had taken over when its command was killed: it counts as live.`);
  const adopted: ReleaseRecord = { ...record, state: "live", liveAt: settling.now.toISOString() };
  await folder.writeRecord(adopted);
  return adopted;
}

async function clearAway(
  folder: EnvironmentFolder,
  record: ReleaseRecord,
  settling: Settling,
): Promise<void> {
  const wasPending = record.state === "pending";
  if (record.process !== null && (await isAlive(record.process))) {
    settling.log(`Release ${record.release} was left behind by a command that was killed: stopping it.`);
  }
  await endRelease(folder, record, {
    state: wasPending ? "failed" : "superseded",
    reason: wasPending ? "the command that started it was killed" : record.reason,
    graceMs: stopGraceMs,
    now: settling.now,
  });
}

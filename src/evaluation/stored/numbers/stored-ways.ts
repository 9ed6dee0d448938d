import type { StoredWays } from "../../../metrics/stored/stored-table.ts";
import { fullDisk } from "../disk-room.ts";
import type { StoredEvaluation } from "../stored-evaluation.ts";
import { ScratchFolder } from "./scratch-folder.ts";

/** Measures with the memory and the disk that there are, and shows how far it is. */
export async function withStoredWays<Metrics>(
  { request, db, uri, rowBytes }: StoredEvaluation,
  measure: (ways: StoredWays) => Promise<Metrics>,
): Promise<Metrics> {
  const { watch, signal } = request;
  let share = 0;
  watch.phase("measuring from disk", 3, 3);
  watch.follow(() => 100 * share);
  const room = new ScratchFolder(db.folder);
  const onShare = (done: number) => {
    share = done;
  };
  try {
    return await measure({ room, memoryBytes: rowBytes, signal, onShare });
  } catch (error) {
    throw fullDisk(error, uri) ?? error;
  } finally {
    await room.close();
  }
}

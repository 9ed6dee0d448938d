import { readdir, readFile } from "node:fs/promises";

export interface ProcessFacts {
  readonly id: number;
  readonly parentId: number;
  readonly groupId: number;
  /** With the id it names a process for good: ids are given again. */
  readonly startTicks: string;
  /** Ended, but not collected by its parent: a signal still finds it. */
  readonly isZombie: boolean;
}

/** Every process that we can see; empty where there is no /proc. */
export async function readProcesses(): Promise<readonly ProcessFacts[]> {
  const ids = (await namesIn("/proc")).filter((name) => /^\d+$/.test(name));
  const all = await Promise.all(
    ids.map(async (id) => parseStat(Number(id), await textOf(`/proc/${id}/stat`))),
  );
  return all.filter((one) => one !== undefined);
}

/** All processes below `rootId`, from its children down. */
export function descendantsOf(rootId: number, processes: readonly ProcessFacts[]): readonly ProcessFacts[] {
  const found: ProcessFacts[] = [];
  let parents = new Set([rootId]);
  while (parents.size > 0) {
    const children = processes.filter((one) => parents.has(one.parentId) && one.id !== rootId);
    found.push(...children);
    parents = new Set(children.map((one) => one.id));
  }
  return found;
}

/** "pid (name) state parent group …", start time is field 22; the name may hold blanks and brackets (proc_pid_stat(5)). */
function parseStat(id: number, stat: string): ProcessFacts | undefined {
  const [state, parent, group, ...rest] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const startTicks = rest[16];
  if (startTicks === undefined) return undefined;
  const isZombie = state === "Z" || state === "X";
  return { id, parentId: Number(parent), groupId: Number(group), startTicks, isZombie };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    // Not Linux.
    return [];
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // The process ended between the listing and the reading.
    return "";
  }
}

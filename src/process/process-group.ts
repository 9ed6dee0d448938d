import { readdir, readFile } from "node:fs/promises";
import { kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";

const pollMs = 20;

/** Sends a signal to every process of a group. Returns false where the group has no process any more. */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return kill(-groupId, signal);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ESRCH") return false;
    // Somebody else's process (a program that changed its user): it lives, and is not ours to end.
    if (code === "EPERM") return true;
    throw error;
  }
}

/**
 * Waits `graceMs` for a group whose leader has ended to become empty (Python's resource trackers tidy up by
 * themselves), then sends `firstSignal` and waits as long again, then sends SIGKILL.
 */
export async function endGroup(
  groupId: number,
  options: { readonly graceMs: number; readonly firstSignal: "SIGTERM" | "SIGKILL" },
): Promise<void> {
  const signals =
    options.firstSignal === "SIGKILL" ? ["SIGKILL" as const] : (["SIGTERM", "SIGKILL"] as const);
  for (const signal of signals) {
    if (await becomesEmpty(groupId, options.graceMs)) return;
    signalGroup(groupId, signal);
  }
  await becomesEmpty(groupId, options.graceMs);
}

async function becomesEmpty(groupId: number, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (signalGroup(groupId, 0) && (await hasLivingProcess(groupId))) {
    if (performance.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/**
 * False where all that is left of the group are zombies: ended, but never collected, since the first process of many
 * containers does not do that; a signal still finds them. Where there is no /proc the answer is true.
 */
async function hasLivingProcess(groupId: number): Promise<boolean> {
  const ids = (await namesIn("/proc")).filter((name) => /^\d+$/.test(name));
  if (ids.length === 0) return true;
  const stats = await Promise.all(ids.map((id) => textOf(`/proc/${id}/stat`)));
  return stats.some((stat) => {
    // "pid (name) state parent group …"; the name may hold blanks and brackets (proc_pid_stat(5)).
    const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return group === String(groupId) && state !== "Z" && state !== "X";
  });
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

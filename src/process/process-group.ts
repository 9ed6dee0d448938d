import { kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { systemCodeOf } from "../errors.ts";
import { descendantsOf, type ProcessFacts, readProcesses } from "./process-table.ts";

const pollMs = 20;

/** Sends a signal to every process of a group. Returns false where the group has no process any more. */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  return send(-groupId, signal);
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
    options.firstSignal === "SIGKILL" ? (["SIGKILL"] as const) : (["SIGTERM", "SIGKILL"] as const);
  const isEmpty = async () => !(signalGroup(groupId, 0) && (await hasLivingProcess(groupId)));
  for (const signal of signals) {
    if (await becomesTrue(isEmpty, options.graceMs)) return;
    signalGroup(groupId, signal);
  }
  await becomesTrue(isEmpty, options.graceMs);
}

/**
 * The processes that a group's leader started, itself or through others, and that made a group of their own, as the
 * workers of torchrun do. They can only be found while their parents live. Empty where there is no /proc.
 */
export async function findEscaped(groupId: number): Promise<readonly ProcessFacts[]> {
  const all = descendantsOf(groupId, await readProcesses());
  return all.filter((one) => one.groupId !== groupId && !one.isZombie);
}

/** Waits `graceMs` for processes that were told to end, then sends SIGKILL to those that still live. */
export async function endEscaped(escaped: readonly ProcessFacts[], graceMs: number): Promise<void> {
  const living = async () => {
    const now = await readProcesses();
    return escaped.filter((one) =>
      now.some((other) => other.id === one.id && other.startTicks === one.startTicks && !other.isZombie),
    );
  };
  if (escaped.length === 0 || (await becomesTrue(async () => (await living()).length === 0, graceMs))) return;
  for (const one of await living()) send(one.id, "SIGKILL");
}

/** Sends a signal to single processes. */
export function signalProcesses(processes: readonly ProcessFacts[], signal: NodeJS.Signals): void {
  for (const one of processes) send(one.id, signal);
}

function send(id: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return kill(id, signal);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === "ESRCH") return false;
    // Somebody else's process (a program that changed its user): it lives, and is not ours to end.
    if (code === "EPERM") return true;
    throw error;
  }
}

async function becomesTrue(check: () => Promise<boolean>, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (!(await check())) {
    if (performance.now() >= deadline) return false;
    await delay(pollMs);
  }
  return true;
}

/**
 * False where all that is left of the group are zombies, which a signal still finds: the first process of many
 * containers collects nobody. Where there is no /proc the answer is true.
 */
async function hasLivingProcess(groupId: number): Promise<boolean> {
  const all = await readProcesses();
  return all.length === 0 || all.some((one) => one.groupId === groupId && !one.isZombie);
}

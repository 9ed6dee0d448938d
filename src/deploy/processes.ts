import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readdir, readFile } from "node:fs/promises";
import { platform } from "node:os";
import { kill } from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";

/** A process that outlives the command which started it. A pid alone is reused after a while. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly start: string;
}

export interface StartRequest {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes what the process prints; appended to. */
  readonly logFile: string;
}

export interface StartedProcess extends ProcessIdentity {
  /** How it ended, in words: `exit code 1`, `signal SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;
}

interface ProcessRow extends ProcessIdentity {
  readonly group: number;
}

const pollMs = 25;
/** How long a process may take to be gone after SIGKILL: the kernel's own time, unless it hangs in a device. */
const killMs = 2000;
/** How long a server may still take to finish once we got a signal ourselves: all must be over within 5 s. */
export const hurriedStopGraceMs = 1500;

/** Starts a program in a session of its own. Throws `usage` where it cannot be started at all. */
export async function startDetached(request: StartRequest): Promise<StartedProcess> {
  const [program = "", ...args] = request.command;
  const log = await open(request.logFile, "a");
  try {
    const child = spawn(program, args, {
      cwd: request.cwd,
      env: request.env,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
    });
    await once(child, "spawn");
    const ended = endOf(child);
    child.unref();
    const pid = child.pid ?? 0;
    return { pid, start: (await startOf(pid)) ?? (await startUnseen()), ended };
  } catch (error) {
    throw startError(request, program, error);
  } finally {
    await log.close();
  }
}

async function endOf(child: ChildProcess): Promise<string> {
  const [code, signal]: unknown[] = await once(child, "exit");
  return typeof signal === "string" ? `signal ${signal}` : `exit code ${String(code)}`;
}

function startError(request: StartRequest, program: string, error: unknown): MlopsError {
  const isMissing = systemCodeOf(error) === "ENOENT";
  return new MlopsError({
    kind: "usage",
    code: isMissing ? "SERVE_COMMAND_NOT_FOUND" : "SERVE_COMMAND_NOT_STARTED",
    message: isMissing
      ? `The serve command ${JSON.stringify(program)} is not found (working folder ${request.cwd}).`
      : `The serve command ${JSON.stringify(program)} cannot be started: ${messageOf(error)}.`,
    hint: "Check the command behind `--` (or deploy.serve_command in mlops.yaml), PATH and the execute permission.",
    cause: error,
  });
}

/** The identity of a process that lives now. Throws where there is none. */
export async function identityOfPid(pid: number): Promise<ProcessIdentity> {
  const start = await startOf(pid);
  if (start === undefined) throw new Error(`there is no process ${pid}`);
  return { pid, start };
}

/** True while exactly this process lives. A dead process that nobody has reaped does not count as alive. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  return (await startOf(identity.pid)) === identity.start;
}

/**
 * Ends a process started by `startDetached` and everything in its group: SIGTERM, SIGKILL after `graceMs`, or sooner once
 * `hurry` is aborted. Returns false where nothing of it was alive. Throws `unavailable` where something lives 2 s after SIGKILL.
 * Never touches another process that got the same pid later.
 */
export async function stopGroup(
  identity: ProcessIdentity,
  graceMs: number,
  hurry?: AbortSignal,
): Promise<boolean> {
  if ((await membersOf(identity)).length === 0) return false;
  signalGroup(identity.pid, "SIGTERM");
  // A process that stands still (SIGSTOP) would see the SIGTERM only when somebody lets it go on.
  signalGroup(identity.pid, "SIGCONT");
  if ((await leftOf(identity, graceMs, hurry)).length === 0) return true;
  signalGroup(identity.pid, "SIGKILL");
  const left = await leftOf(identity, killMs);
  if (left.length === 0) return true;
  throw new MlopsError({
    kind: "unavailable",
    code: "PROCESS_NOT_STOPPED",
    message: `Process ${left.map(({ pid }) => pid).join(", ")} still lives ${killMs / 1000} s after SIGKILL.`,
    hint: `It hangs in the kernel (a device, a network file system?); look at it with: ps -o pid,stat,wchan,cmd -g ${identity.pid}`,
  });
}

/** What of the group lives after `withinMs`: waits until it is nothing. */
async function leftOf(
  identity: ProcessIdentity,
  withinMs: number,
  hurry?: AbortSignal,
): Promise<readonly ProcessRow[]> {
  let deadline = performance.now() + withinMs;
  let isHurried = false;
  for (;;) {
    const left = await membersOf(identity);
    if (left.length === 0 || performance.now() > deadline) return left;
    if (hurry?.aborted === true && !isHurried) {
      isHurried = true;
      deadline = Math.min(deadline, performance.now() + hurriedStopGraceMs);
    }
    await delay(pollMs);
  }
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    kill(-group, signal);
  } catch (error) {
    // It ended between the look and the signal, which is what was wanted.
    if (systemCodeOf(error) !== "ESRCH") throw error;
  }
}

/** Living members of the group that this process leads or led; empty where the pid belongs to somebody else now. */
async function membersOf(identity: ProcessIdentity): Promise<readonly ProcessRow[]> {
  const rows = platform() === "linux" ? await linuxProcesses() : await otherProcesses();
  const leader = rows.find((row) => row.pid === identity.pid);
  if (leader !== undefined && leader.start !== identity.start) return [];
  // After a restart of the machine every number means something else.
  const boot = bootOf(identity.start);
  return rows.filter((row) => row.group === identity.pid && bootOf(row.start) === boot);
}

function bootOf(start: string): string {
  return start.slice(0, start.lastIndexOf(":"));
}

async function startOf(pid: number): Promise<string | undefined> {
  if (platform() === "linux") return (await linuxProcess(pid, await bootId()))?.start;
  return (await otherProcesses()).find((row) => row.pid === pid)?.start;
}

/** For a leader that ended before it could be looked at, but may have left a group behind. */
async function startUnseen(): Promise<string> {
  return platform() === "linux" ? `${await bootId()}:unseen` : "ps:unseen";
}

async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}

async function linuxProcesses(): Promise<readonly ProcessRow[]> {
  const boot = await bootId();
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const rows = await Promise.all(pids.map((pid) => linuxProcess(pid, boot)));
  return rows.filter((row) => row !== undefined);
}

/** proc(5): after the name in parentheses come state (3), ppid, group (5), … starttime in ticks since boot (22). */
async function linuxProcess(pid: number, boot: string): Promise<ProcessRow | undefined> {
  let text: string;
  try {
    text = await readFile(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    // ESRCH: it ended while the file was being read.
    if (["ENOENT", "ESRCH"].includes(systemCodeOf(error) ?? "")) return undefined;
    throw error;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, group: Number(fields[2]), start: `${boot}:${fields[19]}` };
}

/** macOS and the BSDs: the start time in whole seconds is the best that `ps` gives. */
async function otherProcesses(): Promise<readonly ProcessRow[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,pgid=,stat=,lstart="]);
  return stdout.split("\n").flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line);
    if (match === null || match[3]?.startsWith("Z") === true) return [];
    return [
      { pid: Number(match[1]), group: Number(match[2]), start: `ps:${match[4]?.replaceAll(":", ".")}` },
    ];
  });
}

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** One whole process that takes part in a comparison. */
export interface Contender {
  readonly name: string;
  readonly command: readonly string[];
  /** Where it runs; default: a folder of its own that is removed afterwards. */
  readonly cwd?: string;
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its standard input: secrets belong on no command line. */
  readonly input?: string;
  /** Called before each run, outside the measured time. */
  readonly before?: () => void;
}

export interface Figures {
  readonly name: string;
  /** Wall time of every run, in seconds, in the order of the runs. */
  readonly seconds: readonly number[];
  readonly medianSeconds: number;
  /** User and system time, median. */
  readonly cpuSeconds: number;
  /** The same of the process that serves the contenders, over their runs; 0 where there is none. */
  readonly serverCpuSeconds: number;
  /** The largest resident set of the process (wait4's ru_maxrss, children waited for included), median, in MB (10^6 bytes). */
  readonly peakMegabytes: number;
  /** What was printed at the end, where a run did not end with 0. */
  readonly failure: string | undefined;
}

interface Run {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly serverCpuSeconds: number;
  readonly peakKiB: number;
  readonly exitCode: number;
  readonly lastLine: string;
}

const measuredScript = path.join(import.meta.dirname, "measured.py");

/** Runs the contenders in turn, `runs` times, so that a slow minute of the machine meets all of them. */
export function compare(contenders: readonly Contender[], runs: number, serverPid?: number): Figures[] {
  const collected = new Map<string, Run[]>(contenders.map((one) => [one.name, []]));
  for (let round = 0; round < runs; round++) {
    for (const contender of contenders) {
      const list = collected.get(contender.name);
      // What failed once is not tried again: a peer takes minutes.
      if (list?.some((run) => run.exitCode !== 0)) continue;
      list?.push(runOnce(contender, serverPid));
    }
  }
  return contenders.map(({ name }) => summary(name, collected.get(name) ?? []));
}

function runOnce({ command, cwd, env, input, before }: Contender, serverPid: number | undefined): Run {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-bench-"));
  const report = path.join(folder, "figures.json");
  try {
    before?.();
    const serverBefore = serverPid === undefined ? 0 : cpuSecondsOf(serverPid);
    const ran = spawnSync("python3", [measuredScript, report, ...command], {
      cwd: cwd ?? folder,
      encoding: "utf8",
      env: { ...process.env, DO_NOT_TRACK: "true", ...env },
      input: input ?? "",
      maxBuffer: 256 * 1024 * 1024,
    });
    if (ran.status !== 0) throw new Error(`measured.py ended with ${ran.status}: ${ran.stderr}`);
    const lines = `${ran.stdout}\n${ran.stderr}`.trim().split("\n");
    const serverCpuSeconds = serverPid === undefined ? 0 : cpuSecondsOf(serverPid) - serverBefore;
    return { ...JSON.parse(readFileSync(report, "utf8")), serverCpuSeconds, lastLine: lines.at(-1) ?? "" };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** User and system time of a living process so far (proc(5), in ticks of 10 ms). */
function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name of the program, in parentheses, may hold blanks.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function summary(name: string, runs: readonly Run[]): Figures {
  const failed = runs.find((run) => run.exitCode !== 0);
  return {
    name,
    seconds: runs.map((run) => run.seconds),
    medianSeconds: median(runs.map((run) => run.seconds)),
    cpuSeconds: median(runs.map((run) => run.cpuSeconds)),
    serverCpuSeconds: median(runs.map((run) => run.serverCpuSeconds)),
    peakMegabytes: median(runs.map((run) => (run.peakKiB * 1024) / 1e6)),
    failure: failed === undefined ? undefined : `exit ${failed.exitCode}: ${failed.lastLine.slice(0, 160)}`,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const low = sorted[Math.floor(middle)] ?? Number.NaN;
  const high = sorted[Math.ceil(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

/** Prints one comparison; times also as multiples of the first row. */
export function printFigures(title: string, figures: readonly Figures[]): void {
  const first = figures[0]?.medianSeconds ?? Number.NaN;
  const lines = figures.map((one) => {
    if (one.failure !== undefined) return `${one.name.padEnd(44)} ${one.failure}`;
    const range = `${Math.min(...one.seconds).toFixed(2)}..${Math.max(...one.seconds).toFixed(2)}`;
    const cells = [
      one.name.padEnd(44),
      one.medianSeconds.toFixed(3).padStart(9),
      range.padStart(15),
      one.cpuSeconds.toFixed(2).padStart(8),
      one.peakMegabytes.toFixed(0).padStart(8),
      `${(one.medianSeconds / first).toFixed(2)} x`.padStart(9),
    ];
    return cells.join(" ");
  });
  const head = `${"".padEnd(44)} ${"median s".padStart(9)} ${"min..max".padStart(15)} ${"cpu s".padStart(8)} ${"peak MB".padStart(8)} ${"time".padStart(9)}`;
  process.stdout.write(`\n${title}\n${head}\n${lines.join("\n")}\n`);
}

/** One goal beside what was measured. */
export interface Goal {
  readonly text: string;
  readonly measured: number;
  readonly limit: number;
  /** Whether `measured` may be at most or must be at least `limit`. */
  readonly direction: "at most" | "at least";
  readonly unit: string;
}

/** Prints the goals with "met", "missed" or, where a side of it could not be measured, "not measured". */
export function printGoals(goals: readonly Goal[]): void {
  process.stdout.write("\ngoals\n");
  for (const { text, measured, limit, direction, unit } of goals) {
    const isMet = direction === "at most" ? measured <= limit : measured >= limit;
    const word = Number.isNaN(measured) ? "not measured" : { true: "met", false: "missed" }[`${isMet}`];
    const figure = Number.isNaN(measured) ? "-" : `${measured.toFixed(2)} ${unit}`;
    process.stdout.write(
      `${word.padEnd(13)} ${figure.padStart(12)}   ${text}: ${direction} ${limit} ${unit}\n`,
    );
  }
}

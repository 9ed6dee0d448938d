import { spawnSync } from "node:child_process";
import path from "node:path";

/** Whole-process start-up of `mlops --help` beside a bare `node -e 0`, in turn, median of 20 after a warm-up. */
export function benchStartup(): void {
  const bin = path.resolve(import.meta.dirname, "..", "bin", "mlops.js");
  const rows: Record<string, readonly string[]> = {
    "node -e 0": ["-e", "0"],
    "mlops --help": [bin, "--help"],
    "mlops --version": [bin, "--version"],
    "mlops gate --help": [bin, "gate", "--help"],
  };
  const times = new Map<string, number[]>(Object.keys(rows).map((name) => [name, []]));
  for (let round = 0; round < 22; round++) {
    for (const [name, args] of Object.entries(rows)) {
      const started = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
      if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
      if (round >= 2) times.get(name)?.push(performance.now() - started);
    }
  }
  const bare = median(times.get("node -e 0") ?? []);
  process.stdout.write(`start-up, Node ${process.versions.node}, median of 20 (min .. max), whole process\n`);
  for (const [name, values] of times) {
    const middle = median(values);
    const range = `${Math.min(...values).toFixed(1)} .. ${Math.max(...values).toFixed(1)} ms`;
    process.stdout.write(
      `${name.padEnd(18)} ${middle.toFixed(1).padStart(7)} ms   ${(middle / bare).toFixed(2)} x   (${range})\n`,
    );
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return (low + high) / 2;
}

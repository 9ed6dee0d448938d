import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Contender, compare, type Figures, type Goal, printFigures, printGoals } from "./process.ts";
import { copy, made, uniform } from "./validate-data.ts";

const root = path.resolve(import.meta.dirname, "..");
const bin = path.join(root, "bin", "mlops.js");
const python = path.join(root, ".cache", "venv", "bin", "python");
const peer = path.join(import.meta.dirname, "peers", "sklearn_metrics.py");
const million = 1_000_000;

type Width = "DOUBLE" | "FLOAT";

/** Labels, scores that are probabilities, and eight regions of unlike size. */
function predictions(folder: string, rows: number, width: Width): Promise<string> {
  const select = `SELECT i AS id, CAST(${uniform(1)} < pow(${uniform(2)}, 2) AS UTINYINT) AS label,
  CAST(${uniform(2)} AS ${width}) AS score,
  ['north','south','east','west','centre','islands','coast','hills'][1 + CAST(floor(pow(${uniform(3)}, 1.5) * 8) AS INTEGER)] AS region
FROM range(${rows}) t(i)`;
  return made(folder, `predictions-${rows}-${width}.parquet`, (target) => copy(select, target));
}

function ours(name: string, file: string, ...more: readonly string[]): Contender {
  const columns = ["--label", "label", "--score", "score", "--subgroup", "region"];
  return { name, command: [process.execPath, bin, "evaluate", "--predictions", file, ...columns, ...more] };
}

/**
 * `npm run bench -- evaluate [--full] [--only 1m,10m,…] [--runs 3] [--no-peers] [--data-dir DIR]`: every metric and interval of this
 * program beside AUC, average precision, log-loss, Brier score and KS of scikit-learn, overall and for eight groups, from Parquet:
 * whole processes, in turn, with the goals of the project beside the figures.
 */
export async function benchEvaluate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string", default: "3" },
      peers: { type: "boolean", default: true },
      "data-dir": { type: "string", default: path.join(root, ".cache", "bench") },
    },
    allowNegative: true,
  });
  const folder = path.resolve(values["data-dir"]);
  mkdirSync(folder, { recursive: true });
  const bench = { folder, runs: Number(values.runs), hasPeers: values.peers && hasPeer() };
  process.stdout.write(
    `Node ${process.versions.node}, ${values.runs} runs in turn, whole processes: wall time, and peak RSS by wait4 (bench/measured.py)\n`,
  );
  const goals: Goal[] = [];
  const perRow = new Map<string, number>();
  for (const [name, section] of Object.entries(sections)) {
    const isWanted =
      values.only === undefined ? values.full || !section.isFull : values.only.split(",").includes(name);
    if (!isWanted) continue;
    const found = await besideSklearn(section, bench);
    goals.push(...found.goals);
    perRow.set(name, found.seconds / section.rows);
  }
  printGoals([...goals, ...growthGoals(perRow)]);
}

interface Section {
  readonly rows: number;
  readonly width: Width;
  /** Times faster than scikit-learn; undefined: it is not run. */
  readonly faster: number | undefined;
  readonly peakMegabytes: number | undefined;
  readonly isFull: boolean;
  /** Of the reading and of the arrays: measured from disk. */
  readonly memoryLimit?: string;
}

const sections: Readonly<Record<string, Section>> = {
  "1m": { rows: million, width: "DOUBLE", faster: 6, peakMegabytes: undefined, isFull: false },
  "10m": { rows: 10 * million, width: "DOUBLE", faster: 9, peakMegabytes: undefined, isFull: false },
  "10m-float32": { rows: 10 * million, width: "FLOAT", faster: 15, peakMegabytes: undefined, isFull: false },
  "100m": { rows: 100 * million, width: "DOUBLE", faster: undefined, peakMegabytes: 4000, isFull: true },
  "100m-float32": {
    rows: 100 * million,
    width: "FLOAT",
    faster: undefined,
    peakMegabytes: 4000,
    isFull: true,
  },
  "100m-disk": {
    rows: 100 * million,
    width: "DOUBLE",
    faster: undefined,
    peakMegabytes: 1500,
    isFull: true,
    memoryLimit: "1100MB",
  },
};

interface Bench {
  readonly folder: string;
  readonly runs: number;
  readonly hasPeers: boolean;
}

async function besideSklearn(
  section: Section,
  { folder, runs, hasPeers }: Bench,
): Promise<{ readonly goals: readonly Goal[]; readonly seconds: number }> {
  const { rows, width, faster, peakMegabytes, memoryLimit } = section;
  const file = await predictions(folder, rows, width);
  const limit = memoryLimit === undefined ? [] : ["--memory-limit", memoryLimit];
  const contenders = [ours("mlops evaluate", file, ...limit)];
  if (hasPeers && faster !== undefined)
    contenders.push({ name: "scikit-learn", command: [python, peer, file] });
  const figures = compare(contenders, faster === undefined ? 1 : runs);
  const title = `${rows / million} M rows, ${width === "FLOAT" ? "float32" : "float64"} scores${memoryLimit === undefined ? "" : `, --memory-limit ${memoryLimit}`}`;
  printFigures(title, figures);
  const [mine, theirs] = [found(figures, "mlops"), found(figures, "scikit")];
  const ratio = (theirs?.medianSeconds ?? Number.NaN) / (mine?.medianSeconds ?? Number.NaN);
  const memory = (mine?.peakMegabytes ?? Number.NaN) / (theirs?.peakMegabytes ?? Number.NaN);
  const goals: Goal[] = [];
  if (faster !== undefined) {
    goals.push({
      text: `${title}: faster than scikit-learn`,
      measured: ratio,
      limit: faster,
      direction: "at least",
      unit: "x",
    });
    if (rows > million)
      goals.push({
        text: `${title}: memory beside scikit-learn`,
        measured: memory,
        limit: 0.5,
        direction: "at most",
        unit: "x",
      });
  }
  if (peakMegabytes !== undefined)
    goals.push({
      text: `${title}: peak memory`,
      measured: mine?.peakMegabytes ?? Number.NaN,
      limit: peakMegabytes,
      direction: "at most",
      unit: "MB",
    });
  return { goals, seconds: mine?.medianSeconds ?? Number.NaN };
}

function found(figures: readonly Figures[], start: string): Figures | undefined {
  return figures.find((one) => one.name.startsWith(start) && one.failure === undefined);
}

function growthGoals(perRow: ReadonlyMap<string, number>): Goal[] {
  const pairs = [
    ["1m", "10m"],
    ["10m", "100m"],
    ["10m-float32", "100m-float32"],
  ] as const;
  return pairs.flatMap(([small, large]) => {
    const [one, other] = [perRow.get(small), perRow.get(large)];
    if (one === undefined || other === undefined) return [];
    const text = `time for a row, ${large} beside ${small}`;
    return [{ text, measured: other / one, limit: 1.2, direction: "at most", unit: "x" }] as const;
  });
}

/** scikit-learn stands in the environment of the tests. */
function hasPeer(): boolean {
  const setup = JSON.stringify(path.join(root, "scripts", "setup.mjs"));
  const code = `await (await import(${setup})).installPython("venv", "test");`;
  const made = spawnSync(process.execPath, ["--input-type=module", "-e", code], { encoding: "utf8" });
  if (made.status !== 0 || !existsSync(python)) {
    process.stdout.write(`scikit-learn is not measured: ${made.stderr.trim().slice(-300)}\n`);
    return false;
  }
  return true;
}

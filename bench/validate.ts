import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { type Contender, compare, type Figures, type Goal, printFigures, printGoals } from "./process.ts";
import { type Tables, tablesIn } from "./validate-data.ts";
import { findPeers, handWrittenProcess } from "./validate-peers.ts";
import { contractOf, handWritten, typedCsv, type Uniqueness } from "./validate-rules.ts";

const bin = path.resolve(import.meta.dirname, "..", "bin", "mlops.js");
const million = 1_000_000;

/** What every section needs. */
interface Bench {
  readonly tables: Tables;
  readonly runs: number;
  readonly isFull: boolean;
  readonly hasPeers: boolean;
  /** A folder for contracts and statements. */
  readonly scratch: string;
}

const sections = { orders, csv, small, growth, wide, files };

/**
 * `npm run bench -- validate [--full] [--only orders,csv,…] [--runs 3] [--no-peers] [--data-dir DIR]`: this program beside a
 * hand-written DuckDB query and the Python tools, whole processes, in turn, with the goals of the project beside the figures.
 */
export async function benchValidate(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      full: { type: "boolean", default: false },
      only: { type: "string" },
      runs: { type: "string", default: "3" },
      peers: { type: "boolean", default: true },
      "data-dir": { type: "string", default: path.resolve(import.meta.dirname, "..", ".cache", "bench") },
    },
    allowNegative: true,
  });
  const scratch = mkdtempSync(path.join(tmpdir(), "mlops-bench-"));
  try {
    const tables = tablesIn(path.resolve(values["data-dir"]));
    const { full: isFull, peers: hasPeers } = values;
    const bench: Bench = { tables, scratch, runs: Number(values.runs), isFull, hasPeers };
    process.stdout.write(
      `Node ${process.versions.node}, ${values.runs} runs in turn, whole processes: wall time, and peak RSS by wait4 (bench/measured.py)\n`,
    );
    const goals: Goal[] = [];
    for (const [name, section] of Object.entries(sections)) {
      if (values.only !== undefined && !values.only.split(",").includes(name)) continue;
      goals.push(...(await section(bench)));
    }
    printGoals(goals);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function ours(name: string, dataPaths: readonly string[], contract: string): Contender {
  const data = dataPaths.flatMap((file) => ["--data-path", file]);
  return { name, command: [process.execPath, bin, "validate", ...data, "--contract", contract] };
}

function contractFile({ scratch }: Bench, rows: number): string {
  const file = path.join(scratch, `contract-${rows}.yaml`);
  writeFileSync(file, contractOf(rows));
  return file;
}

function byHand({ scratch }: Bench, table: string, uniqueness: Uniqueness): Contender {
  const name = `DuckDB by hand (id: ${uniqueness})`;
  const file = path.join(scratch, `${name.replaceAll(/\W/g, "-")}-${table.length}.json`);
  writeFileSync(file, JSON.stringify(handWritten(table, uniqueness)));
  return handWrittenProcess(name, file);
}

const secondsOf = (figures: readonly Figures[], start: string) => figureOf(figures, start, "medianSeconds");
const megabytesOf = (figures: readonly Figures[], start: string) => figureOf(figures, start, "peakMegabytes");

function figureOf(
  figures: readonly Figures[],
  start: string,
  what: "medianSeconds" | "peakMegabytes",
): number {
  const found = figures.find((one) => one.name.startsWith(start) && one.failure === undefined);
  return found?.[what] ?? Number.NaN;
}

async function orders(bench: Bench): Promise<Goal[]> {
  const file = await bench.tables.parquet(10 * million);
  const table = `'${file.replaceAll("'", "''")}'`;
  const peers = bench.hasPeers ? findPeers() : { of: () => [], missing: [] };
  const contenders = [
    ours("mlops validate", [file], contractFile(bench, 10 * million)),
    byHand(bench, table, "count distinct"),
    byHand(bench, table, "4 partitions"),
    byHand(bench, table, "none"),
    ...peers.of(file),
  ];
  const figures = compare(contenders, bench.runs);
  printFigures("10 M rows x 12 columns, Parquet zstd, about 30 rules", figures);
  for (const line of peers.missing) process.stdout.write(`${line}\n`);
  const [seconds, peak] = [secondsOf(figures, "mlops"), megabytesOf(figures, "mlops")];
  const byHandSeconds = secondsOf(figures, "DuckDB by hand (id: count distinct)");
  const goal = (text: string, measured: number, limit: number) => ({ text, measured, limit });
  return [
    {
      ...goal("time beside the hand-written query", seconds / byHandSeconds, 1.1),
      ...{ direction: "at most", unit: "x" },
    },
    {
      ...goal("faster than pandera (polars)", secondsOf(figures, "pandera") / seconds, 1.4),
      ...{ direction: "at least", unit: "x" },
    },
    {
      ...goal("memory beside pandera (polars)", peak / megabytesOf(figures, "pandera"), 0.25),
      ...{ direction: "at most", unit: "x" },
    },
    {
      ...goal("faster than Great Expectations", secondsOf(figures, "Great") / seconds, 18),
      ...{ direction: "at least", unit: "x" },
    },
    { ...goal("peak memory, 10 M rows", peak, 400), ...{ direction: "at most", unit: "MB" } },
  ];
}

async function csv(bench: Bench): Promise<Goal[]> {
  const file = await bench.tables.csv(10 * million);
  const contenders = [
    ours("mlops validate", [file], contractFile(bench, 10 * million)),
    byHand(bench, typedCsv(file), "count distinct"),
  ];
  const figures = compare(contenders, bench.runs);
  printFigures("the same 10 M rows as CSV", figures);
  const measured = secondsOf(figures, "mlops") / secondsOf(figures, "DuckDB");
  return [{ text: "CSV beside DuckDB's own scan", measured, limit: 1.15, direction: "at most", unit: "x" }];
}

async function small(bench: Bench): Promise<Goal[]> {
  const file = await bench.tables.parquet(2000);
  const text = await bench.tables.csv(2000);
  const contract = contractFile(bench, 2000);
  const peers = bench.hasPeers ? findPeers().of(file) : [];
  const contenders = [
    { name: "node -e 0", command: [process.execPath, "-e", "0"] },
    ours("mlops validate (Parquet)", [file], contract),
    ours("mlops validate (CSV)", [text], contract),
    byHand(bench, `'${file.replaceAll("'", "''")}'`, "count distinct"),
    ...peers,
  ];
  const figures = compare(contenders, Math.max(bench.runs, 5));
  printFigures("2,000 rows", figures);
  const over = (kind: string) => secondsOf(figures, `mlops validate (${kind})`) - secondsOf(figures, "node");
  return ["Parquet", "CSV"].map((kind) => ({
    text: `2,000 rows of ${kind}, over a bare node`,
    ...{ measured: over(kind), limit: 0.22, direction: "at most", unit: "s" },
  }));
}

async function growth(bench: Bench): Promise<Goal[]> {
  const sizes = [1, 10, ...(bench.isFull ? [100] : [])];
  const contenders: Contender[] = [
    ours("2,000 rows", [await bench.tables.parquet(2000)], contractFile(bench, 2000)),
  ];
  for (const size of sizes) {
    const rows = size * million;
    contenders.push(ours(`${size} M rows`, [await bench.tables.parquet(rows)], contractFile(bench, rows)));
  }
  const figures = compare(contenders, bench.runs);
  printFigures("growth", figures);
  const start = secondsOf(figures, "2,000");
  const perMillion = (size: number) => (secondsOf(figures, `${size} M`) - start) / size;
  return sizes.slice(1).flatMap((size, index) => {
    const before = sizes[index] ?? 1;
    const text = `${size} M rows beside ${before} M`;
    const memory = megabytesOf(figures, `${size} M`) / megabytesOf(figures, `${before} M`);
    return [
      {
        text: `${text}: time for a row, less the start`,
        ...{ measured: perMillion(size) / perMillion(before), limit: 1.15, direction: "at most", unit: "x" },
      },
      { text: `${text}: memory`, measured: memory, limit: 1.15, direction: "at most", unit: "x" },
    ] as const;
  });
}

async function wide(bench: Bench): Promise<Goal[]> {
  const file = await bench.tables.wide(1000, 10_000);
  const narrow = await bench.tables.parquet(million);
  const cards = Array.from({ length: 2500 }, (_, index) => ({ name: `f_${index}`, min: 0, max: 1 }));
  const checks = Array.from({ length: 5000 }, (_, index) => ({ assert: `amount > ${-index - 1}` }));
  const written = (name: string, contract: unknown) => {
    const place = path.join(bench.scratch, `${name}.yaml`);
    writeFileSync(place, JSON.stringify(contract));
    return place;
  };
  const contenders = [
    ours("10,000 columns, 1,000 rows, default rules", [file], written("none", { rows: { min: 1 } })),
    ours("the same with 5,000 rules on 2,500 of them", [file], written("cards", { columns: cards })),
    // One row in ten has no second time.
    ours(
      "1 M rows x 12 columns, 5,000 assertions",
      [narrow],
      written("checks", { columns: [{ name: "updated_at", nulls: "allow" }], checks }),
    ),
  ];
  printFigures("width", compare(contenders, bench.runs));
  return [];
}

async function files(bench: Bench): Promise<Goal[]> {
  const folder = await bench.tables.parts(2 * million, 2000);
  const whole = await bench.tables.parquet(2 * million);
  const contract = contractFile(bench, 2 * million);
  const contenders = [
    ours("2 M rows in one file", [whole], contract),
    ours("2 M rows in 2,000 files", [path.join(folder, "*.parquet")], contract),
  ];
  printFigures("files of one table", compare(contenders, bench.runs));
  return [];
}

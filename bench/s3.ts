import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { bucket, type S3Server, startS3Server } from "../test/support/s3-server.ts";
import { type Contender, compare, type Figures, type Goal, printGoals } from "./process.ts";
import { type Tables, tablesIn } from "./validate-data.ts";
import { tenRules } from "./validate-rules.ts";

const bin = path.resolve(import.meta.dirname, "..", "bin", "mlops.js");
/** Rows of the features table and of the CSV that make 2 GB (10^9 bytes). */
const featureRows = 1_020_000;
const csvRows = 14_300_000;

interface Bench {
  readonly server: S3Server;
  readonly tables: Tables;
  readonly runs: number;
  /** On the disk of the server and of the tables. */
  readonly scratch: string;
  readonly fetchScript: string;
}

const sections = { parquet, csv, memory, checksums };

/**
 * `npm run bench -- s3 [--only parquet,csv,…] [--runs 5] [--data-dir DIR]`: objects on a local S3 server (versitygw), read by `curl`, by
 * our fetch and by `mlops validate`: whole processes, in turn. The reference is `curl` into a file on the same disk: what we
 * read ends in a file too, while `curl` to /dev/null leaves half of the work undone. It checks no bytes; we check all.
 */
export async function benchS3(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string" },
      runs: { type: "string", default: "5" },
      "data-dir": { type: "string", default: path.resolve(import.meta.dirname, "..", ".cache", "bench") },
    },
  });
  const data = path.resolve(values["data-dir"]);
  mkdirSync(data, { recursive: true });
  const scratch = mkdtempSync(path.join(data, "s3-"));
  try {
    const server = await startS3Server("versitygw", path.join(scratch, "server"));
    try {
      const fetchScript = await bundledFetch(scratch);
      const bench = { server, tables: tablesIn(data), runs: Number(values.runs), scratch, fetchScript };
      process.stdout.write(
        `Node ${process.versions.node}, ${values.runs} runs in turn, whole processes; times are medians, server s is the server's own processor time\n`,
      );
      const goals: Goal[] = [];
      for (const [name, section] of Object.entries(sections)) {
        if (values.only !== undefined && !values.only.split(",").includes(name)) continue;
        goals.push(...(await section(bench)));
      }
      printGoals(goals);
    } finally {
      await server.close();
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The fetch as it is in the built program: a few files instead of the hundreds of the S3 client. */
async function bundledFetch(scratch: string): Promise<string> {
  const require =
    'import { createRequire as make } from "node:module"; const require = make(import.meta.url);';
  await build({
    entryPoints: [path.join(import.meta.dirname, "s3-fetch.ts")],
    outdir: path.join(scratch, "fetch"),
    outExtension: { ".js": ".mjs" },
    ...{ bundle: true, splitting: true, format: "esm", platform: "node", target: "node24" },
    banner: { js: require },
    logLevel: "warning",
  });
  return path.join(scratch, "fetch", "s3-fetch.mjs");
}

/** Reads it as the server's clients do: a file of 2 GB is one buffer. */
async function upload(server: S3Server, key: string, file: string, algorithm?: "CRC64NVME"): Promise<number> {
  const bytes = readFileSync(file);
  await server.put(key, bytes, { ChecksumAlgorithm: algorithm ?? "CRC32" });
  return bytes.length;
}

function curl({ server, scratch }: Bench, key: string, isKept = true): Contender {
  const file = path.join(scratch, "curl.bin");
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = server.env;
  const args = ["--config", "-", "--silent", "--show-error", "--fail", "--aws-sigv4", "aws:amz:us-east-1:s3"];
  const unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
  const output = isKept ? file : "/dev/null";
  return {
    name: isKept ? "curl to a file (reference)" : "curl to /dev/null",
    command: ["curl", ...args, ...unsigned, "-o", output, `${server.url}/${bucket}/${key}`],
    input: `user = "${id}:${secret}"\n`,
    before: () => rmSync(file, { force: true }),
  };
}

function fetchOnly({ server, scratch, fetchScript }: Bench, key: string, name: string): Contender {
  const cache = path.join(scratch, "fetched");
  return {
    name,
    command: [process.execPath, fetchScript, `s3://${bucket}/${key}`, cache],
    env: server.env,
    before: () => rmSync(cache, { recursive: true, force: true }),
  };
}

interface Asked {
  readonly key: string;
  readonly defaults?: object;
  readonly isCached?: boolean;
}

function validate(
  { server, scratch }: Bench,
  name: string,
  { key, defaults = {}, isCached = false }: Asked,
): Contender {
  const contract = path.join(scratch, `contract-${Object.keys(defaults).length}.yaml`);
  writeFileSync(contract, tenRules(defaults));
  const cwd = path.join(scratch, "job");
  mkdirSync(cwd, { recursive: true });
  const cache = path.join(cwd, ".mlops");
  return {
    name,
    command: [
      process.execPath,
      bin,
      "validate",
      "--data-path",
      `s3://${bucket}/${key}`,
      "--contract",
      contract,
    ],
    cwd,
    env: server.env,
    before: () => {
      if (!isCached) rmSync(cache, { recursive: true, force: true });
    },
  };
}

/** Beside the first of `figures`: how much of its speed; what could not be measured is no number. */
function shareOf(figures: readonly Figures[], name: string): number {
  const found = figures.find((one) => one.name === name && one.failure === undefined);
  return (figures[0]?.medianSeconds ?? Number.NaN) / (found?.medianSeconds ?? Number.NaN);
}

function print(title: string, figures: readonly Figures[], sizes: readonly number[]): void {
  const lines = figures.map((one, index) => {
    if (one.failure !== undefined) return `${one.name.padEnd(44)} ${one.failure}`;
    const bytes = sizes[index] ?? sizes[0] ?? Number.NaN;
    return [
      one.name.padEnd(44),
      one.medianSeconds.toFixed(2).padStart(7),
      `${Math.min(...one.seconds).toFixed(2)}..${Math.max(...one.seconds).toFixed(2)}`.padStart(13),
      (bytes / 1e6 / one.medianSeconds).toFixed(0).padStart(6),
      shareOf(figures, one.name).toFixed(2).padStart(7),
      one.cpuSeconds.toFixed(2).padStart(7),
      one.serverCpuSeconds.toFixed(2).padStart(9),
      one.peakMegabytes.toFixed(0).padStart(8),
    ].join(" ");
  });
  const head = `${"".padEnd(44)} ${"s".padStart(7)} ${"min..max".padStart(13)} ${"MB/s".padStart(6)} ${"x first".padStart(7)} ${"cpu s".padStart(7)} ${"server s".padStart(9)} ${"peak MB".padStart(8)}`;
  process.stdout.write(`\n${title}\n${head}\n${lines.join("\n")}\n`);
}

const noDefaults = { nulls: "allow", infinite: "allow" };

async function parquet(bench: Bench): Promise<Goal[]> {
  const key = "features.parquet";
  const bytes = await upload(bench.server, key, await bench.tables.features(featureRows));
  const figures = compare(
    [
      curl(bench, key),
      curl(bench, key, false),
      fetchOnly(bench, key, "our fetch alone"),
      validate(bench, "mlops validate, 10 rules", { key, defaults: noDefaults }),
      validate(bench, "  again: nothing is fetched", { key, defaults: noDefaults, isCached: true }),
      validate(bench, "mlops validate, default rules too", { key }),
    ],
    bench.runs,
    bench.server.pid,
  );
  print("2 GB of Parquet (252 columns, snappy)", figures, [bytes]);
  return goals(figures, "Parquet", ["our fetch alone", "mlops validate, 10 rules"]);
}

async function csv(bench: Bench): Promise<Goal[]> {
  const key = "orders.csv";
  const bytes = await upload(bench.server, key, await bench.tables.csv(csvRows));
  const figures = compare(
    [curl(bench, key), validate(bench, "mlops validate, 10 rules", { key, defaults: noDefaults })],
    bench.runs,
    bench.server.pid,
  );
  print("2 GB of CSV (12 columns)", figures, [bytes]);
  return goals(figures, "CSV", ["mlops validate, 10 rules"]);
}

function goals(figures: readonly Figures[], kind: string, names: readonly string[]): Goal[] {
  return names.map((name) => ({
    text: `2 GB of ${kind}: ${name}, beside curl to a file`,
    ...{ measured: shareOf(figures, name), limit: 0.8, direction: "at least", unit: "x" },
  }));
}

async function memory(bench: Bench): Promise<Goal[]> {
  const sizes = [4, 2, 1];
  const contenders: Contender[] = [];
  const bytes: number[] = [];
  for (const part of sizes) {
    const key = `features-${part}.parquet`;
    bytes.push(await upload(bench.server, key, await bench.tables.features(featureRows / part)));
    const size = `${(2 / part).toFixed(1)} GB`;
    contenders.push(fetchOnly(bench, key, `our fetch alone, ${size}`));
    contenders.push(validate(bench, `mlops validate, 10 rules, ${size}`, { key, defaults: noDefaults }));
  }
  const figures = compare(contenders, Math.min(bench.runs, 3), bench.server.pid);
  print(
    "growth",
    figures,
    bytes.flatMap((one) => [one, one]),
  );
  return [0, 1].map((kind) => ({
    text: `memory, 2 GB beside 0.5 GB: ${kind === 0 ? "our fetch alone" : "mlops validate"}`,
    measured: (figures[4 + kind]?.peakMegabytes ?? Number.NaN) / (figures[kind]?.peakMegabytes ?? Number.NaN),
    ...{ limit: 1.15, direction: "at most", unit: "x" },
  }));
}

async function checksums(bench: Bench): Promise<Goal[]> {
  const file = await bench.tables.features(featureRows);
  const bytes = await upload(bench.server, "checked.parquet", file);
  await upload(bench.server, "checked-crc64.parquet", file, "CRC64NVME");
  const contenders = [
    curl(bench, "checked.parquet"),
    fetchOnly(bench, "checked.parquet", "our fetch, checked by CRC-32"),
    fetchOnly(bench, "checked-crc64.parquet", "our fetch, checked by CRC-64/NVME"),
  ];
  print("what the store says of the bytes", compare(contenders, bench.runs, bench.server.pid), [bytes]);
  return [];
}

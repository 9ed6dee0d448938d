import { type SpawnSyncReturns, spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { bucket, type S3Server, startS3Server } from "../test/support/s3-server.ts";

const megabyte = 1_000_000;
const rounds = 5;

/** What one download took: `ms` of the whole process, start included. */
interface Run {
  readonly ms: number;
  readonly peakKiB: number;
}

interface Row {
  readonly name: string;
  readonly bytes: number;
  readonly run: () => Promise<Run>;
  readonly runs: Run[];
}

const reportSchema = z.object({ ms: z.number(), bytes: z.number(), cpuMs: z.number(), peakKiB: z.number() });

/**
 * A 2 GB object on a local S3 server (versitygw): `curl` beside our fetch into an empty cache and beside a cached one, and the memory of
 * a small fetch. In turn, best of 5; whole processes.
 */
export async function benchS3(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-bench-s3-"));
  const server = await startS3Server("versitygw", path.join(folder, "server"));
  try {
    const sizes = { large: 2000 * megabyte, small: 250 * megabyte };
    await upload(server, "large.bin", sizes.large, "CRC32");
    await upload(server, "large-crc64.bin", sizes.large, "CRC64NVME");
    await upload(server, "small.bin", sizes.small, "CRC32");
    const rows: Row[] = [
      row("curl, 2 GB", sizes.large, () => curl(server, "large.bin", folder)),
      row("mlops fetch, 2 GB", sizes.large, () => fetchCold(server, "large.bin", folder)),
      row("  checked by CRC-64/NVME", sizes.large, () => fetchCold(server, "large-crc64.bin", folder)),
      row("  again, from the cache", sizes.large, () => ours(server, "large.bin", path.join(folder, "kept"))),
      row("mlops fetch, 0.25 GB", sizes.small, () => fetchCold(server, "small.bin", folder)),
    ];
    await ours(server, "large.bin", path.join(folder, "kept"));
    for (let round = 0; round < rounds; round++) {
      for (const one of rows) one.runs.push(await one.run());
    }
    print(rows);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function row(name: string, bytes: number, run: () => Promise<Run>): Row {
  return { name, bytes, run, runs: [] };
}

async function upload(
  server: S3Server,
  key: string,
  bytes: number,
  algorithm: "CRC32" | "CRC64NVME",
): Promise<void> {
  await server.put(key, randomFillSync(Buffer.allocUnsafe(bytes)), { ChecksumAlgorithm: algorithm });
}

async function fetchCold(server: S3Server, key: string, folder: string): Promise<Run> {
  const cache = path.join(folder, "cold");
  rmSync(cache, { recursive: true, force: true });
  return await ours(server, key, cache);
}

async function ours(server: S3Server, key: string, cache: string): Promise<Run> {
  const script = path.join(import.meta.dirname, "s3-fetch.ts");
  const env = { ...process.env, ...server.env };
  const { ms, stdout } = await timed(process.execPath, [script, `s3://${bucket}/${key}`, cache], { env });
  const { peakKiB } = reportSchema.parse(JSON.parse(stdout));
  return { ms, peakKiB };
}

async function curl(server: S3Server, key: string, folder: string): Promise<Run> {
  const file = path.join(folder, "curl.bin");
  rmSync(file, { force: true });
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "" } = server.env;
  // The credentials go in by a configuration on standard input: nothing secret on a command line.
  const input = `user = "${id}:${secret}"\n`;
  const args = ["--config", "-", "--silent", "--show-error", "--fail", "--aws-sigv4", "aws:amz:us-east-1:s3"];
  const unsigned = ["--header", "x-amz-content-sha256: UNSIGNED-PAYLOAD"];
  const { ms } = await timed("curl", [...args, ...unsigned, "-o", file, `${server.url}/${bucket}/${key}`], {
    input,
  });
  if (statSync(file).size === 0) throw new Error("curl brought nothing");
  return { ms, peakKiB: 0 };
}

async function timed(
  command: string,
  args: readonly string[],
  { env = process.env, input = "" }: { readonly env?: NodeJS.ProcessEnv; readonly input?: string },
): Promise<{ readonly ms: number; readonly stdout: string }> {
  const started = performance.now();
  const child = spawn(command, args, { env, stdio: ["pipe", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (text) => (stdout += text));
  child.stderr.on("data", (text) => (stderr += text));
  child.stdin.end(input);
  const status = await new Promise<SpawnSyncReturns<string>["status"]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
  return { ms: performance.now() - started, stdout };
}

function print(rows: readonly Row[]): void {
  const rate = ({ bytes }: Row, { ms }: Run) => bytes / megabyte / (ms / 1000);
  const best = (one: Row) => Math.max(...one.runs.map((run) => rate(one, run)));
  const curlRate = best(rows[0] ?? row("", 0, () => Promise.reject(new Error("no rows"))));
  process.stdout.write(`S3 (versitygw on loopback), whole processes, best of ${rounds} (worst)\n`);
  for (const one of rows) {
    const worst = Math.min(...one.runs.map((run) => rate(one, run)));
    const peak = Math.max(...one.runs.map((run) => run.peakKiB)) / 1024;
    const memory = peak === 0 ? "" : `peak ${peak.toFixed(0)} MiB`;
    process.stdout.write(
      `${one.name.padEnd(26)} ${best(one).toFixed(0).padStart(5)} MB/s (${worst.toFixed(0)})  ${(best(one) / curlRate).toFixed(2)} x curl  ${memory}\n`,
    );
  }
}

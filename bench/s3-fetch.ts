import { readFileSync } from "node:fs";
import { s3Fetcher } from "../src/storage/s3-fetcher.ts";

/** A process of its own for `bench s3`: fetches one address into a cache folder, prints milliseconds and peak memory as JSON. */
const [uri = "", cacheDirectory = ""] = process.argv.slice(2);
const started = performance.now();
const fetcher = s3Fetcher({ env: process.env, cacheDirectory, signal: new AbortController().signal });
const files = await fetcher.fetch(uri);
const ms = performance.now() - started;
await fetcher.close();
const bytes = files.reduce((sum, one) => sum + one.sizeBytes, 0);
const { user, system } = process.cpuUsage();
const cpuMs = (user + system) / 1000;
// Not getrusage: its maximum begins with that of the process that started this one.
const peakKiB = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
process.stdout.write(JSON.stringify({ ms, bytes, cpuMs, peakKiB }));

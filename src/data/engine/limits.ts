import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { MlopsError } from "../../errors.ts";

/** Where the kernel says what a container may use: control groups 2, then 1. */
const cgroupFiles = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"];

/** The rest is Node's, the file buffers', and what DuckDB allocates beside its limit. */
const shareForEngine = 0.6;

/**
 * The memory that the engine may use, as DuckDB writes it. `written`: 400MB, 2GB, 1.5GiB; without it 60 % of what the job has:
 * the limit of its control group, or the machine's memory. Throws `usage` for what is no size.
 */
export async function memoryLimitOf(written: string | undefined): Promise<string> {
  if (written === undefined) return `${Math.floor(((await availableBytes()) * shareForEngine) / 1e6)}MB`;
  const match = /^\s*(\d+(?:\.\d+)?)\s*([KMGT]i?B)\s*$/i.exec(written);
  if (match === null || Number(match[1]) === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "OPTION_INVALID",
      message: `--memory-limit is ${JSON.stringify(written)}, expected a size such as 400MB or 2GB.`,
    });
  }
  return `${match[1]}${match[2]}`;
}

const units: Readonly<Record<string, number>> = { K: 1, M: 2, G: 3, T: 4 };

/** The bytes of a size that `memoryLimitOf` gave. */
export function bytesOf(size: string): number {
  const match = /^([\d.]+)([KMGT])(i?)B$/i.exec(size);
  const base = match?.[3] === "" ? 1000 : 1024;
  return Number(match?.[1]) * base ** (units[(match?.[2] ?? "").toUpperCase()] ?? Number.NaN);
}

/** The memory of the job: the limit of its control group, or the machine's. */
export async function availableBytes(): Promise<number> {
  for (const file of cgroupFiles) {
    // Neither file need be there, and "max" means no limit.
    const limit = Number(await readFile(file, "utf8").catch(() => "max"));
    if (Number.isFinite(limit) && limit > 0) return Math.min(limit, totalmem());
  }
  return totalmem();
}

import { availableBytes, bytesOf, memoryLimitOf } from "../../data/engine/limits.ts";
import type { EvaluationRequest } from "../../evaluation/evaluated-table.ts";
import { programBytes } from "../../evaluation/read/memory-need.ts";
import type { EvaluateOptions } from "./flags.ts";

/** The engine only reads and sorts row ids: what it does not use is left to the arrays. */
const mostEngineMegabytes = 2000;

/** What DuckDB may take. Throws `usage` for a memory limit that cannot be meant. */
export async function engineLimits({
  threads,
  memoryLimit,
}: EvaluateOptions): Promise<EvaluationRequest["limits"]> {
  return { threads, memoryLimit: await engineMemory(memoryLimit) };
}

async function engineMemory(written: string | undefined): Promise<string> {
  const limit = await memoryLimitOf(written);
  if (written !== undefined) return limit;
  return `${Math.min(mostEngineMegabytes, Math.floor(Number.parseInt(limit, 10) / 2))}MB`;
}

/** The arrays may take as much as the engine. */
export async function bytesOfJob(written: string | undefined): Promise<number> {
  const available = await availableBytes();
  if (written === undefined) return available;
  return Math.min(available, programBytes + bytesOf(await memoryLimitOf(written)));
}

import { setTimeout as delay } from "node:timers/promises";

const firstWaitMs = 200;
const longestWaitMs = 10_000;

/** Waits before try number `failed + 1`: 0.2 s doubling up to 10 s, up to a quarter more so that parallel parts spread. */
export async function backOff(failed: number, signal: AbortSignal): Promise<void> {
  const wait = Math.min(firstWaitMs * 2 ** (failed - 1), longestWaitMs) * (1 + Math.random() / 4);
  try {
    await delay(wait, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

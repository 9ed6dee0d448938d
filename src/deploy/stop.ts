import { setTimeout as delay } from "node:timers/promises";
import { MlopsError, messageOf } from "../errors.ts";
import type { ReleaseRecord } from "../results/deploy.ts";
import { type Desk, underLock } from "./deployment.ts";
import { stopFront } from "./front.ts";
import type { EnvironmentFolder } from "./records.ts";
import { endRelease, stopGraceMs } from "./release.ts";

/** Relay 4 s and servers 7 s at most, all processes that take their time included; the rest is for a slow disk. */
const stopLimitMs = 30_000;

/**
 * Ends what serves in an environment and the relay, and returns the releases that were stopped; the records and logs stay.
 * It takes `limitMs` at most: throws `unavailable` with everything that would not end, after ending all that would.
 */
export async function stopEnvironment(desk: Desk, limitMs = stopLimitMs): Promise<readonly ReleaseRecord[]> {
  const doing = new Set<string>();
  const limit = new AbortController();
  const work = underLock(desk, async () => await stopAll(desk, doing));
  try {
    return await Promise.race([work, timeUp(desk.folder, { limitMs, doing, signal: limit.signal })]);
  } finally {
    limit.abort();
  }
}

async function stopAll(desk: Desk, doing: Set<string>): Promise<readonly ReleaseRecord[]> {
  const { folder } = desk;
  const during = async <T>(what: string, step: () => Promise<T>): Promise<T> => {
    doing.add(what);
    try {
      return await step();
    } finally {
      doing.delete(what);
    }
  };
  // The address goes first: nobody is sent to a process that is ending.
  await during("the removal of the pointer", async () => await folder.point(undefined));
  const relay = await Promise.allSettled([
    during("the end of the relay", async () => await stopFront(folder, desk.signal)),
  ]);
  const records = await during("the reading of the records", async () => await folder.readRecords());
  const running = records.filter(({ state }) => state === "live" || state === "pending");
  const endings = await Promise.allSettled(
    running.map(async (record) => {
      const end = async () =>
        await endRelease(folder, record, {
          state: "stopped",
          reason: "stopped on request",
          graceMs: stopGraceMs,
          hurry: desk.signal,
          now: desk.now(),
        });
      return await during(`the end of release ${record.release}`, end);
    }),
  );
  const failures = [...relay, ...endings].flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  if (failures.length > 0) throw notStopped(folder, failures);
  return endings.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
}

function notStopped(folder: EnvironmentFolder, failures: readonly unknown[]): unknown {
  const [first] = failures;
  if (failures.length === 1) return first;
  const hint = first instanceof MlopsError ? first.hint : undefined;
  return new MlopsError({
    kind: "unavailable",
    code: "ENVIRONMENT_NOT_STOPPED",
    message: [
      `Environment ${JSON.stringify(folder.environment)} was not stopped:`,
      ...failures.map(messageOf),
    ].join("\n"),
    ...(hint === undefined ? {} : { hint }),
    cause: first,
  });
}

async function timeUp(
  folder: EnvironmentFolder,
  {
    limitMs,
    doing,
    signal,
  }: { readonly limitMs: number; readonly doing: ReadonlySet<string>; readonly signal: AbortSignal },
): Promise<never> {
  await delay(limitMs, undefined, { signal });
  const what = doing.size === 0 ? "the work on the lock" : [...doing].join(", ");
  throw new MlopsError({
    kind: "unavailable",
    code: "STOP_TIMED_OUT",
    message: `Environment ${JSON.stringify(folder.environment)} was not stopped within ${limitMs / 1000} s. Still under way: ${what}.`,
    hint: `Does the disk of ${folder.directory} answer? Then start \`mlops deploy --stop\` again.`,
  });
}

import type { Context } from "../context.ts";
import { type DuckDb, openDuckDb } from "../data/engine/duckdb.ts";
import { MlopsError } from "../errors.ts";

export interface OpeningDatabase {
  /** The database, which is then the caller's to close; once. */
  readonly take: () => Promise<DuckDb>;
  /** Closes what nobody took. */
  discard(): Promise<void>;
}

/**
 * Begins to open the database of a run, which other threads do: on small tables that is a tenth of the whole time, in which
 * the run is prepared. `threads`: of the flag; `memoryLimit`: as `memoryLimitOf` gives it. Throws `usage` for threads that cannot be
 * meant.
 */
export function beginOpening(
  { threads, memoryLimit }: { readonly threads: number | undefined; readonly memoryLimit: string },
  { signal }: Pick<Context, "signal">,
): OpeningDatabase {
  const opening = openDuckDb({ signal, threads: threadsOption(threads), memoryLimit });
  let isTaken = false;
  // Why it could not be opened is told to whoever takes it; where nobody does, something else has ended the run before.
  const settled = Promise.allSettled([opening]);
  return {
    take() {
      isTaken = true;
      return opening;
    },
    async discard() {
      const [outcome] = await settled;
      if (!isTaken && outcome.status === "fulfilled") await outcome.value.close();
    },
  };
}

const mostThreads = 1024;

function threadsOption(value: number | undefined): number | undefined {
  if (value === 0) throw usage(value, "at least 1");
  // Each is started, whether there is work for it or not.
  if (value !== undefined && value > mostThreads) throw usage(value, `at most ${mostThreads}`);
  return value;
}

function usage(threads: number, expected: string): MlopsError {
  const message = `--threads is ${threads}, expected ${expected}.`;
  return new MlopsError({ kind: "usage", code: "OPTION_INVALID", message });
}

import type { Context } from "../context.ts";
import { startProgress } from "../data/report/progress.ts";
import type { ValidateRequest } from "../data/request.ts";

export interface ShownProgress {
  readonly watch: ValidateRequest["watch"];
  /** Bytes that came from an object store, and all that are wanted. */
  fetched(doneBytes: number, totalBytes: number): void;
  stop(): void;
}

/** Says on stderr how far the reading of a table is. */
export function showProgress(context: Context): ShownProgress {
  let read: () => number | undefined = () => undefined;
  const progress = startProgress({
    output: context.stderr,
    isQuiet: context.report.level === "quiet",
    now: () => performance.now(),
    read: () => ({ percent: read(), rows: undefined }),
    signal: context.signal,
  });
  return {
    watch: {
      phase: (title, number, total) => progress.phase(title, number, total),
      follow: (reader) => {
        read = reader;
      },
    },
    fetched(doneBytes, totalBytes) {
      progress.phase("fetching", 1, 3);
      read = () => (totalBytes === 0 ? undefined : (100 * doneBytes) / totalBytes);
    },
    stop: () => progress.stop(),
  };
}

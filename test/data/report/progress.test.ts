import { afterEach, describe, expect, it, vi } from "vitest";
import { type ProgressOptions, startProgress } from "../../../src/data/report/progress.ts";

/** A progress with a clock and an interval in the hands of the test. */
function started(
  given: Partial<ProgressOptions> & { readonly isTerminal?: boolean; readonly hasOwnInterval?: boolean } = {},
) {
  const { isTerminal = false, hasOwnInterval = false, ...parts } = given;
  const written: string[] = [];
  const abort = new AbortController();
  let nowMs = 1000;
  let tick: (() => void) | undefined;
  let intervalMs = 0;
  const every = (ms: number, given: () => void) => {
    intervalMs = ms;
    tick = given;
    return () => {
      tick = undefined;
    };
  };
  const progress = startProgress({
    output: { write: (text) => void written.push(text), isTerminal },
    isQuiet: false,
    now: () => nowMs,
    read: () => ({ percent: 45.9, rows: 4_500_000 }),
    signal: abort.signal,
    ...(hasOwnInterval ? {} : { every }),
    ...parts,
  });
  const pass = (ms: number) => {
    nowMs += ms;
    tick?.();
  };
  return { progress, written, abort, pass, runs: () => tick !== undefined, interval: () => intervalMs };
}

/** What a terminal shows on its line after all of `written`. */
function shown(written: readonly string[]): string {
  const last = written.join("").split("\r\u001b[2K").at(-1) ?? "";
  return last;
}

describe("progress on a terminal", () => {
  it("draws one line again and again: phase, share, rows, time", () => {
    const { progress, written, pass, interval } = started({ isTerminal: true });
    progress.phase("scanning", 1, 3);
    pass(12_000);
    expect(interval()).toBe(200);
    expect(shown(written)).toBe("scanning (1 of 3) · 45% · 4,500,000 rows · 12 s");
    progress.phase("counting distinct values", 2, 3);
    pass(1000);
    expect(shown(written)).toBe("counting distinct values (2 of 3) · 45% · 4,500,000 rows · 13 s");
    expect(written.join("")).not.toContain("\n");
  });

  it("leaves nothing on the line at the end, and writes nothing after it", () => {
    const { progress, written, pass, runs } = started({ isTerminal: true });
    pass(200);
    progress.stop();
    expect(shown(written)).toBe("");
    expect(runs()).toBe(false);
    const length = written.length;
    progress.stop();
    expect(written).toHaveLength(length);
  });

  it("makes room for another text and comes back", () => {
    const { progress, written, pass } = started({ isTerminal: true });
    pass(200);
    progress.clear();
    expect(shown(written)).toBe("");
    pass(200);
    expect(shown(written)).toMatch(/^working · 45%/);
  });

  it("never wraps: the line is cut to the terminal's width", () => {
    const { progress, written, pass } = started({ isTerminal: true, width: 20 });
    progress.phase("a very long phase of the scan", 1, 1);
    pass(200);
    expect(shown(written)).toHaveLength(19);
  });

  it("ends when the run is aborted", () => {
    const { written, pass, abort, runs } = started({ isTerminal: true });
    pass(200);
    abort.abort();
    expect(runs()).toBe(false);
    expect(shown(written)).toBe("");
  });

  it("shows an estimate of 100 % as a scan that still runs, and none where the engine has none", () => {
    const full = started({ isTerminal: true, read: () => ({ percent: 100, rows: undefined }) });
    full.pass(200);
    expect(shown(full.written)).toBe("working · 99% · 0.2 s");
    const unknown = started({ isTerminal: true, read: () => undefined });
    unknown.pass(200);
    expect(shown(unknown.written)).toBe("working · 0.2 s");
  });
});

describe("progress in a job log", () => {
  it("writes one plain line each 30 s, and none for a shorter run", () => {
    const { progress, written, pass, interval } = started();
    expect(interval()).toBe(30_000);
    expect(written).toEqual([]);
    progress.phase("scanning", 1, 1);
    pass(30_000);
    pass(30_000);
    progress.stop();
    expect(written).toEqual([
      "scanning · 45% · 4,500,000 rows · 30 s\n",
      "scanning · 45% · 4,500,000 rows · 1 min 0 s\n",
    ]);
  });
});

describe("no progress", () => {
  it("is shown with --quiet, or where the run is aborted before it began", () => {
    const quiet = started({ isTerminal: true, isQuiet: true });
    quiet.pass(60_000);
    quiet.progress.stop();
    expect(quiet.written).toEqual([]);
    const late = started({ isTerminal: true, signal: AbortSignal.abort() });
    late.pass(60_000);
    expect(late.written).toEqual([]);
  });
});

describe("the default interval", () => {
  afterEach(() => vi.useRealTimers());

  it("is the clock's, and ends with the progress", () => {
    vi.useFakeTimers();
    const { progress, written } = started({ hasOwnInterval: true, intervalMs: 1000 });
    vi.advanceTimersByTime(2500);
    expect(written).toHaveLength(2);
    progress.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

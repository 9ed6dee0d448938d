import { cutEnd } from "../../text-width.ts";
import { clean, durationText, grouped } from "./figures.ts";

/** How far a scan is, as its engine sees it. */
interface ScanProgress {
  /** 0..100, an estimate; undefined where the engine cannot say. */
  readonly percent: number | undefined;
  /** Rows read so far; undefined as above. */
  readonly rows: number | undefined;
}

export interface ProgressOptions {
  readonly output: { write(text: string): void; readonly isTerminal: boolean };
  readonly isQuiet: boolean;
  /** Milliseconds of any clock. */
  readonly now: () => number;
  /** Asked each time a line is drawn. */
  readonly read: () => ScanProgress | undefined;
  /** Ends the progress as `stop` does. */
  readonly signal: AbortSignal;
  /** Cells of a terminal's line; default 80. */
  readonly width?: number;
  /** Between two lines; default 200 ms on a terminal, 30 s elsewhere. */
  readonly intervalMs?: number;
  /** Calls `tick` again and again, and returns what ends that; default `setInterval`. */
  readonly every?: (intervalMs: number, tick: () => void) => () => void;
}

export interface Progress {
  /** What is done now: phase `number` of `total`. */
  phase(title: string, number: number, total: number): void;
  /** Takes the line away, so that something else can be written; it comes back with the next tick. */
  clear(): void;
  /** Ends the progress and leaves nothing behind on the line. May be called twice. */
  stop(): void;
}

const terminalMs = 200;
const logMs = 30_000;

/**
 * Says how far a scan is: on a terminal one line that is drawn again and again and is gone at the end, elsewhere (a job log)
 * one plain line each interval, none for runs shorter than that. Nothing with `isQuiet`. It never keeps the process alive.
 */
export function startProgress(options: ProgressOptions): Progress {
  const { output, now, signal } = options;
  const intervalMs = options.intervalMs ?? (output.isTerminal ? terminalMs : logMs);
  const startedAt = now();
  let phase = "";
  let isDrawn = false;
  let isEnded = options.isQuiet || signal.aborted;
  const clear = () => {
    if (isDrawn) output.write("\r\x1b[2K");
    isDrawn = false;
  };
  const tick = () => {
    if (isEnded) return;
    const line = lineOf(phase, options.read(), now() - startedAt);
    if (!output.isTerminal) return output.write(`${line}\n`);
    // One cell is left free: a full line would wrap on some terminals, and the next one could not take it back.
    output.write(`\r\x1b[2K${cutEnd(line, (options.width ?? 80) - 1)}`);
    isDrawn = true;
  };
  const end = isEnded ? () => {} : (options.every ?? everyInterval)(intervalMs, tick);
  const stop = () => {
    if (isEnded) return;
    isEnded = true;
    signal.removeEventListener("abort", stop);
    end();
    clear();
  };
  if (!isEnded) signal.addEventListener("abort", stop, { once: true });
  return {
    phase(title, number, total) {
      phase = total > 1 ? `${clean(title)} (${number} of ${total})` : clean(title);
    },
    clear,
    stop,
  };
}

function lineOf(phase: string, scan: ScanProgress | undefined, elapsedMs: number): string {
  const parts = [phase === "" ? "working" : phase];
  // An engine's estimate of 100 is a scan that still runs.
  if (scan?.percent !== undefined) parts.push(`${Math.min(99, Math.max(0, Math.floor(scan.percent)))}%`);
  if (scan?.rows !== undefined) parts.push(`${grouped(scan.rows)} rows`);
  return [...parts, durationText(elapsedMs)].join(" · ");
}

function everyInterval(intervalMs: number, tick: () => void): () => void {
  const timer = setInterval(tick, intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

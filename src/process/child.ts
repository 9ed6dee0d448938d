import { MlopsError } from "../errors.ts";

export interface ChildRequest {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment of the child. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted: the signal that we got (SIGINT or SIGTERM) goes to the child's process group, SIGKILL after `graceMs`. */
  readonly signal: AbortSignal;
  /** Default 4000: with clean-up we stay below the 5 s that design.md allows. */
  readonly graceMs?: number;
  /** Decoded text as it comes; lines are not completed. */
  readonly onStdout: (text: string) => void;
  readonly onStderr: (text: string) => void;
}

export type ChildOutcome =
  | { readonly kind: "exited"; readonly code: number }
  | { readonly kind: "signalled"; readonly signal: NodeJS.Signals }
  | { readonly kind: "not-started"; readonly systemCode: string; readonly message: string };

export interface ChildReport {
  readonly outcome: ChildOutcome;
  readonly durationMs: number;
  /** The last lines of stderr, for error messages. */
  readonly lastStderrLines: readonly string[];
}

/** Runs a program in its own process group to its end; never throws for what the program did. */
export async function runChild(_request: ChildRequest): Promise<ChildReport> {
  throw new MlopsError({ kind: "usage", code: "NOT_YET", message: "Child processes are not there yet." });
}

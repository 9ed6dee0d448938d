/** Exit codes are an API: GitLab's `allow_failure:exit_codes` and `retry:exit_codes` act on them. */
export const exitCodes = {
  positive: 0,
  bug: 1,
  usage: 2,
  negative: 3,
  noVerdict: 4,
  blocked: 5,
  notPermitted: 6,
  unavailable: 7,
  childFailed: 8,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Whose fault an error is; decides the exit code. A negative verdict is a result, never an error. */
export type ErrorKind =
  | "usage"
  | "not-evaluable"
  | "blocked"
  | "not-permitted"
  | "unavailable"
  | "child-failed"
  | "interrupted"
  | "terminated"
  | "bug";

const exitCodeOfKind: Record<ErrorKind, ExitCode> = {
  usage: exitCodes.usage,
  "not-evaluable": exitCodes.noVerdict,
  blocked: exitCodes.blocked,
  "not-permitted": exitCodes.notPermitted,
  unavailable: exitCodes.unavailable,
  "child-failed": exitCodes.childFailed,
  interrupted: exitCodes.interrupted,
  terminated: exitCodes.terminated,
  bug: exitCodes.bug,
};

export interface ErrorDetails {
  readonly kind: ErrorKind;
  /** Stable, upper snake case, greppable: `DATA_FILE_MISSING`. */
  readonly code: string;
  /** What happened, with the file, line, flag or URL and the observed value. */
  readonly message: string;
  /** The next step for the reader. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** The one error class. Everything else that is thrown is a bug of ours and exits with 1. */
export class MlopsError extends Error {
  override readonly name = "MlopsError";
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;

  constructor(details: ErrorDetails) {
    super(details.message, { cause: details.cause });
    this.kind = details.kind;
    this.code = details.code;
    this.hint = details.hint;
  }

  get exitCode(): ExitCode {
    return exitCodeOfKind[this.kind];
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The system error code (`ENOENT`, `ECONNREFUSED`, …) of anything that was thrown, if it has one. */
export function systemCodeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

import type { ErrorResult, ResultCore, ResultInput, Verdict } from "./core.ts";

export interface CoreParts {
  readonly version: string;
  readonly command: string;
  readonly verdict: Verdict;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly inputs: readonly ResultInput[];
}

/** The first fields of a result file, in the order in which a reader wants them. */
export function resultHead(parts: CoreParts): ResultCore {
  return {
    schemaVersion: 1,
    tool: { name: "mlops", version: parts.version },
    command: parts.command,
    verdict: parts.verdict,
    startedAt: parts.startedAt.toISOString(),
    finishedAt: parts.finishedAt.toISOString(),
    inputs: [...parts.inputs],
  };
}

/** What `--json` prints where a command ended in an error. */
export function errorDocument(parts: {
  readonly version: string;
  readonly exitCode: number;
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}): ErrorResult {
  return {
    schemaVersion: 1,
    tool: { name: "mlops", version: parts.version },
    verdict: "error",
    exitCode: parts.exitCode,
    error: { code: parts.code, message: parts.message, hint: parts.hint ?? null },
  };
}

/** When a request is sent again, and how long to wait before. Pure: no clock, no randomness of its own. */
export interface RetrySettings {
  /** Attempts after the first one. */
  readonly maxRetries: number;
  /** Seconds; the wait before retry n is 0 for the first and `factor * 2^(n-1)` then, as MLflow's client counts. */
  readonly backoffFactor: number;
  /** No retry is begun later than this after the first attempt. */
  readonly deadlineMs: number;
  /** A longer Retry-After is not waited for: the request fails at once and says so. */
  readonly maxRetryAfterMs: number;
  readonly respectRetryAfter: boolean;
}

/** About 15 s of waiting against a server that refuses connections. */
export const defaultRetry: RetrySettings = {
  maxRetries: 5,
  backoffFactor: 0.5,
  deadlineMs: 60_000,
  maxRetryAfterMs: 30_000,
  respectRetryAfter: true,
};

const longestBackoffMs = 60_000;

/**
 * - `idempotent`: sending it twice does what sending it once does; retried after anything that may pass.
 * - `unsent`: only retried where the server surely did not act on it (no connection, 429). Creates.
 * - `never`: one attempt.
 */
export type RetryMode = "idempotent" | "unsent" | "never";

/** What became of one attempt. `unsent`: no connection came about, so the server has seen nothing. */
export type Attempt =
  | { readonly kind: "answered"; readonly status: number; readonly retryAfterMs: number | undefined }
  | { readonly kind: "unsent" }
  | { readonly kind: "broken" };

const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether the outcome may pass by itself. 501 and every other status is an answer. */
function mayPass(attempt: Attempt): boolean {
  return attempt.kind !== "answered" || passingStatuses.has(attempt.status);
}

/** Whether an attempt that failed like this may be made again. */
function isRetryable(mode: RetryMode, attempt: Attempt): boolean {
  if (mode === "never" || !mayPass(attempt)) return false;
  if (mode === "idempotent") return true;
  return attempt.kind === "unsent" || (attempt.kind === "answered" && attempt.status === 429);
}

/**
 * Milliseconds to wait before the next attempt, or undefined where there is to be none.
 * `retries` = retries already made, `random` in 0..1 spreads clients that failed together.
 */
export function nextDelayMs(
  settings: RetrySettings,
  state: {
    readonly mode: RetryMode;
    readonly attempt: Attempt;
    readonly retries: number;
    readonly elapsedMs: number;
    readonly random: number;
  },
): number | undefined {
  const { mode, attempt, retries, elapsedMs, random } = state;
  if (!isRetryable(mode, attempt) || retries >= settings.maxRetries) return undefined;
  const asked = attempt.kind === "answered" && settings.respectRetryAfter ? attempt.retryAfterMs : undefined;
  if (asked !== undefined && asked > settings.maxRetryAfterMs) return undefined;
  const backoff = retries === 0 ? 0 : settings.backoffFactor * 1000 * 2 ** retries;
  const delay = asked ?? Math.min(backoff, longestBackoffMs) * (1 + 0.25 * random);
  return elapsedMs + delay > settings.deadlineMs ? undefined : Math.round(delay);
}

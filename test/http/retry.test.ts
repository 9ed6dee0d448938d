import { describe, expect, it } from "vitest";
import { type Attempt, defaultRetry, nextDelayMs, type RetryMode } from "../../src/http/retry.ts";
import { retryAfterMs } from "../../src/http/retry-after.ts";

function delay(mode: RetryMode, attempt: Attempt, state: { retries?: number; elapsedMs?: number } = {}) {
  return nextDelayMs(defaultRetry, { mode, attempt, retries: 0, elapsedMs: 0, random: 0, ...state });
}

const answered = (status: number, wait?: number): Attempt => ({
  kind: "answered",
  status,
  retryAfterMs: wait,
});

describe("the retry policy", () => {
  it.each([408, 425, 429, 500, 502, 503, 504])("repeats an idempotent request after %i", (status) => {
    expect(delay("idempotent", answered(status))).toBe(0);
  });

  it.each([200, 301, 400, 401, 403, 404, 409, 501])("does not repeat after %i", (status) => {
    expect(delay("idempotent", answered(status))).toBeUndefined();
  });

  it("repeats a create only where the server has surely not acted on it", () => {
    expect(delay("unsent", { kind: "unsent" })).toBe(0);
    expect(delay("unsent", answered(429))).toBe(0);
    expect(delay("unsent", { kind: "broken" })).toBeUndefined();
    for (const status of [408, 500, 502, 503, 504]) expect(delay("unsent", answered(status))).toBeUndefined();
  });

  it("never repeats what must not be repeated", () => {
    expect(delay("never", { kind: "unsent" })).toBeUndefined();
  });

  it("waits 0, 1, 2, 4, 8 s, up to a quarter longer, then gives up", () => {
    const waits = [0, 1, 2, 3, 4, 5].map((retries) => delay("idempotent", { kind: "broken" }, { retries }));
    expect(waits).toEqual([0, 1000, 2000, 4000, 8000, undefined]);
    const state = { mode: "idempotent", attempt: { kind: "broken" }, retries: 2, elapsedMs: 0 } as const;
    expect(nextDelayMs(defaultRetry, { ...state, random: 1 })).toBe(2500);
  });

  it("begins nothing after the deadline", () => {
    expect(delay("idempotent", { kind: "broken" }, { retries: 3, elapsedMs: 56_000 })).toBe(4000);
    expect(delay("idempotent", { kind: "broken" }, { retries: 3, elapsedMs: 56_001 })).toBeUndefined();
  });

  it("waits as long as the server asks, unless that is too long", () => {
    expect(delay("idempotent", answered(429, 7000))).toBe(7000);
    expect(delay("idempotent", answered(503, 30_001))).toBeUndefined();
    const deaf = { ...defaultRetry, respectRetryAfter: false };
    const state = { mode: "idempotent", retries: 0, elapsedMs: 0, random: 0 } as const;
    expect(nextDelayMs(deaf, { ...state, attempt: answered(503, 60_000) })).toBe(0);
  });
});

describe("Retry-After", () => {
  const now = Date.parse("2026-11-22T03:00:00Z");

  it.each([
    ["120", 120_000],
    ["0", 0],
    ["Sun, 22 Nov 2026 03:00:30 GMT", 30_000],
    ["Sun, 22 Nov 2026 02:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
    [undefined, undefined],
  ])("%j is %j ms", (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

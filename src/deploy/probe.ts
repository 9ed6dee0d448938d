import { request } from "node:http";
import { createServer } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { messageOf, systemCodeOf } from "../errors.ts";
import type { SmokeOutcome } from "../results/deploy.ts";
import { releaseHeader } from "./relay.ts";

export interface Question {
  readonly port: number;
  readonly path: string;
  /** A JSON text makes it a POST. */
  readonly body?: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** The release that the relay handed the request to; undefined where no relay stands between. */
  readonly release: number | undefined;
  readonly body: string;
}

const loopback = "127.0.0.1";
const maximumAnswerBytes = 1 << 20;
const shownCharacters = 500;
const silence = "no answer within";

/** A port of loopback that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  return await new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, loopback, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}

/**
 * Asks a server on loopback. Straight `node:http`, not the program's HTTP client: no proxy, no TLS, no retry must stand
 * between a probe and what it probes. Throws what the socket throws, and an Error on timeout.
 */
export async function ask(question: Question): Promise<Answer> {
  const { port, path, body, timeoutMs, signal } = question;
  return await new Promise((resolve, reject) => {
    const sent = request({
      host: loopback,
      port,
      path,
      method: body === undefined ? "GET" : "POST",
      agent: false,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      headers: body === undefined ? {} : { "content-type": "application/json", accept: "application/json" },
    });
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      let sizeBytes = 0;
      response.on("error", reject);
      response.on("data", (chunk: Buffer) => {
        sizeBytes += chunk.length;
        if (sizeBytes <= maximumAnswerBytes) chunks.push(chunk);
        else response.destroy(new Error(`the answer is larger than ${maximumAnswerBytes} bytes`));
      });
      response.on("end", () => {
        const release = response.headers[releaseHeader];
        resolve({
          status: response.statusCode ?? 0,
          release: typeof release === "string" ? Number(release) : undefined,
          body: Buffer.concat(chunks).toString("utf8"),
        });
      });
    });
    sent.end(body);
  });
}

/** What went wrong with a probe, in words. */
function troubleOf(error: unknown, timeoutMs: number): string {
  if (systemCodeOf(error) === "ECONNREFUSED") return "nobody listens on the port";
  if (error instanceof Error && ["TimeoutError", "AbortError"].includes(error.name)) {
    return `${silence} ${timeoutMs / 1000} s`;
  }
  return messageOf(error);
}

/**
 * One look at a health URL: undefined where it answers 2xx (from `release`, if that is given), else what is wrong.
 * Throws only when aborted.
 */
export async function healthProblem(question: Question, release?: number): Promise<string | undefined> {
  try {
    const answer = await ask(question);
    if (answer.status < 200 || answer.status > 299) return `HTTP ${answer.status}`;
    if (release === undefined || answer.release === release) return undefined;
    return `release ${answer.release ?? "?"} answered instead of release ${release}`;
  } catch (error) {
    question.signal.throwIfAborted();
    return troubleOf(error, question.timeoutMs);
  }
}

export interface HealthWait {
  readonly port: number;
  readonly path: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Resolves when the process ends. */
  readonly ended: Promise<string>;
}

export type HealthOutcome =
  | { readonly kind: "healthy"; readonly waitedMs: number }
  | { readonly kind: "ended"; readonly how: string; readonly waitedMs: number }
  | { readonly kind: "timeout"; readonly lastProblem: string };

/** Asks the health path until it answers 2xx, the process ends, or the time is over. Throws when aborted. */
export async function waitUntilHealthy(wait: HealthWait): Promise<HealthOutcome> {
  const begin = performance.now();
  const waitedMs = () => Math.round(performance.now() - begin);
  let how: string | undefined;
  const ended = wait.ended.then((words) => {
    how = words;
  });
  let pauseMs = 50;
  let lastProblem = "it was never asked";
  for (;;) {
    const leftMs = Math.max(1, wait.timeoutMs - waitedMs());
    const problem = await healthProblem({ ...wait, timeoutMs: Math.min(2000, leftMs) });
    if (how !== undefined) return { kind: "ended", how, waitedMs: waitedMs() };
    if (problem === undefined) return { kind: "healthy", waitedMs: waitedMs() };
    // That a question had no time left says nothing of the server; what it said before does.
    if (leftMs >= 500 || !problem.startsWith(silence)) lastProblem = problem;
    if (waitedMs() >= wait.timeoutMs) return { kind: "timeout", lastProblem };
    const pause = delay(Math.min(pauseMs, leftMs), undefined, { signal: wait.signal }).catch(rethrow);
    await Promise.race([ended, pause]);
    wait.signal.throwIfAborted();
    pauseMs = Math.min(200, pauseMs * 1.5);
  }
}

/** Only an abort ends a delay early; the caller throws its reason. */
function rethrow(error: unknown): void {
  if (!(error instanceof Error && error.name === "AbortError")) throw error;
}

export interface SmokeTest {
  readonly path: string;
  /** JSON text. */
  readonly body: string;
  /** Keys that the answer must have, `predictions.0` for nested ones; null does not count. */
  readonly expect: readonly string[];
  readonly timeoutMs: number;
}

/** Sends one real request: passed is a 2xx answer with a JSON body that has the expected keys. Throws when aborted. */
export async function runSmokeTest(
  port: number,
  test: SmokeTest,
  signal: AbortSignal,
): Promise<{ readonly outcome: SmokeOutcome; readonly problem: string | undefined }> {
  const begin = performance.now();
  const outcomeOf = (status: number | null, body: string): SmokeOutcome => ({
    path: test.path,
    status,
    durationMs: Math.round(performance.now() - begin),
    response: body.trim().slice(0, shownCharacters),
  });
  try {
    const { status, body } = await ask({
      port,
      path: test.path,
      body: test.body,
      timeoutMs: test.timeoutMs,
      signal,
    });
    return { outcome: outcomeOf(status, body), problem: smokeProblem({ status, body }, test.expect) };
  } catch (error) {
    signal.throwIfAborted();
    return { outcome: outcomeOf(null, ""), problem: troubleOf(error, test.timeoutMs) };
  }
}

function smokeProblem(
  { status, body }: Pick<Answer, "status" | "body">,
  expected: readonly string[],
): string | undefined {
  const shown = body.trim().slice(0, shownCharacters) || "an empty body";
  if (status < 200 || status > 299) return `HTTP ${status}: ${shown}`;
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    // Python's json module writes NaN and Infinity, which are not JSON and which no client should get.
    return `the answer is not JSON (${messageOf(error)}): ${shown}`;
  }
  const missing = expected.filter((key) => (valueAt(parsed, key) ?? undefined) === undefined);
  if (missing.length === 0) return undefined;
  return `the answer has no value at ${missing.map((key) => JSON.stringify(key)).join(", ")}: ${shown}`;
}

function valueAt(value: unknown, key: string): unknown {
  let found = value;
  for (const part of key.split(".")) {
    if (typeof found !== "object" || found === null) return undefined;
    found = Object.entries(found).find(([name]) => name === part)?.[1];
  }
  return found;
}

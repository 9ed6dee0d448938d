import { setTimeout as sleep } from "node:timers/promises";
import type { Dispatcher } from "undici";
import type { ZodType } from "zod";
import { expectJson, type HttpAnswer, type ServerName } from "./answer.ts";
import { type AttemptInput, attemptOnce } from "./attempt.ts";
import { openDispatcher } from "./connection.ts";
import { transportError } from "./failure.ts";
import type { HttpClientOptions, HttpRequest } from "./request.ts";
import { type Attempt, nextDelayMs } from "./retry.ts";
import { retryAfterMs } from "./retry-after.ts";

/** One server's HTTP client: base URL, TLS, proxy, authorization, timeout, retries. Close it. */
export class HttpClient {
  readonly #options: HttpClientOptions;
  readonly #dispatcher: Dispatcher;

  constructor(options: HttpClientOptions, dispatcher: Dispatcher) {
    this.#options = options;
    this.#dispatcher = dispatcher;
  }

  get server(): ServerName {
    return this.#options.server;
  }

  /**
   * Sends a request and reads the answer, whatever its status. Throws `unavailable` where no answer came
   * (code SERVER_UNREACHABLE: the server has seen nothing; CONNECTION_BROKEN: it may have acted), and the reason of
   * the signal when that aborts.
   */
  async send(request: HttpRequest): Promise<HttpAnswer> {
    return await this.#withRetries(request, (input) => attemptOnce(input));
  }

  /** `send`, then the body by schema; throws for every status but 2xx. */
  async json<T>(request: HttpRequest, schema: ZodType<T>): Promise<T> {
    return expectJson(await this.send(request), schema, this.#options.server);
  }

  /**
   * GET whose body goes to `consume`, which may be called again after a broken transfer and must then begin anew.
   * The answer's `text` is empty for 2xx and the error body otherwise.
   */
  async download(
    request: Omit<HttpRequest, "method" | "json" | "upload">,
    consume: (body: AsyncIterable<Uint8Array>, headers: Readonly<Record<string, string>>) => Promise<void>,
  ): Promise<HttpAnswer> {
    return await this.#withRetries({ ...request, method: "GET" }, (input) => attemptOnce(input, consume));
  }

  async close(): Promise<void> {
    // destroy, not close: a connection that hangs must not keep the command alive.
    await this.#dispatcher.destroy();
  }

  async #withRetries(
    request: HttpRequest,
    attempt: (input: AttemptInput) => Promise<HttpAnswer>,
  ): Promise<HttpAnswer> {
    const { retry, signal, log } = this.#options;
    const isClosing = signal.aborted && request.afterAbortMs !== undefined;
    if (!isClosing) signal.throwIfAborted();
    const startedMs = performance.now();
    for (let retries = 0; ; retries++) {
      const outcome = await this.#attempt(request, attempt, retries + 1);
      const state: Attempt = outcome.state;
      const isFinal = "answer" in outcome && (this.#options.isPermanent?.(outcome.answer) ?? false);
      const delayMs =
        isFinal || isClosing
          ? undefined
          : nextDelayMs(retry, {
              mode: request.retry,
              attempt: state,
              retries,
              elapsedMs: performance.now() - startedMs,
              random: Math.random(),
            });
      if (delayMs === undefined) {
        if ("answer" in outcome) return outcome.answer;
        throw outcome.error;
      }
      const reason = "answer" in outcome ? `status ${outcome.answer.status}.` : outcome.error.message;
      // Short waits are nobody's business; a long one without a word looks like a hang.
      log?.(
        delayMs < 1000 ? "debug" : "info",
        `${request.method} ${request.path}: ${reason} Again in ${delayMs} ms.`,
      );
      await pause(delayMs, signal);
    }
  }

  async #attempt(
    request: HttpRequest,
    attempt: (input: AttemptInput) => Promise<HttpAnswer>,
    attempts: number,
  ): Promise<
    | { readonly state: Attempt; readonly answer: HttpAnswer }
    | { readonly state: Attempt; readonly error: Error }
  > {
    const { options, dispatcher } = { options: this.#options, dispatcher: this.#dispatcher };
    const isClosing = options.signal.aborted && request.afterAbortMs !== undefined;
    const timeoutMs = isClosing ? request.afterAbortMs : (request.timeoutMs ?? options.timeoutMs);
    const input: AttemptInput = {
      request,
      options,
      dispatcher,
      attempts,
      timeoutMs: timeoutMs ?? options.timeoutMs,
      signal: isClosing ? undefined : options.signal,
    };
    try {
      const answer = await attempt(input);
      const waitMs = retryAfterMs(answer.headers["retry-after"], Date.now());
      return { state: { kind: "answered", status: answer.status, retryAfterMs: waitMs }, answer };
    } catch (error) {
      if (!isClosing) options.signal.throwIfAborted();
      return transportError(error, input);
    }
  }
}

/** Waits, or ends at once with the signal's reason. */
async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(delayMs, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}

/** Opens a client for a server. Nothing is sent yet. Throws `usage` for unreadable certificates. */
export async function openHttpClient(options: HttpClientOptions): Promise<HttpClient> {
  const dispatcher = await openDispatcher(options.address.url, options.env, options.tls ?? {});
  return new HttpClient(options, dispatcher);
}

import { setTimeout as sleep } from "node:timers/promises";
import type { ZodType } from "zod";
import { MlopsError } from "../errors.ts";
import { answerError, expectJson, type HttpAnswer, readErrorBody } from "../http/answer.ts";
import type { HttpClient } from "../http/client.ts";
import type { HttpRequest } from "../http/request.ts";

type Query = NonNullable<HttpRequest["query"]>;

/** The routes of `/api/2.0/mlflow`, one HTTP client behind them. */
export class MlflowCalls {
  readonly http: HttpClient;
  readonly warn: (line: string) => void;

  constructor(http: HttpClient, warn: (line: string) => void) {
    this.http = http;
    this.warn = warn;
  }

  async get<T>(route: string, query: Query, schema: ZodType<T>): Promise<T> {
    return await this.http.json({ method: "GET", path: apiPath(route), query, retry: "idempotent" }, schema);
  }

  /** A GET whose subject may be missing: undefined then. Some servers say so with 400. */
  async find<T>(route: string, query: Query, schema: ZodType<T>): Promise<T | undefined> {
    const answer = await this.http.send({ method: "GET", path: apiPath(route), query, retry: "idempotent" });
    if (isMissing(answer)) return undefined;
    return expectJson(answer, schema, this.http.server);
  }

  /** A write that may be sent twice. */
  async put<T>(
    method: "POST" | "PATCH" | "DELETE",
    route: string,
    input: { readonly json: unknown; readonly schema: ZodType<T>; readonly afterAbortMs?: number },
  ): Promise<T> {
    const { json, schema, afterAbortMs } = input;
    const closing = afterAbortMs === undefined ? {} : { afterAbortMs };
    return await this.http.json(
      { method, path: apiPath(route), json, retry: "idempotent", ...closing },
      schema,
    );
  }

  /**
   * A create. It is never repeated blindly: where it is not known whether the server acted (timeout, broken
   * connection, 5xx), `find` looks for what it may have made before it is sent again.
   */
  async create<T>(
    route: string,
    input: {
      readonly json: unknown;
      readonly schema: ZodType<T>;
      readonly find: () => Promise<T | undefined>;
    },
  ): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#tryCreate(route, input);
      if ("value" in outcome) return outcome.value;
      await sleep(waitBeforeLookMs * attempt);
      const found = await input.find();
      if (found !== undefined) {
        this.warn(`${outcome.error.message} It had created it nevertheless; nothing was created twice.`);
        return found;
      }
      if (attempt >= mostCreateAttempts) throw outcome.error;
    }
  }

  async #tryCreate<T>(
    route: string,
    { json, schema }: { readonly json: unknown; readonly schema: ZodType<T> },
  ): Promise<{ readonly value: T } | { readonly error: MlopsError }> {
    let answer: HttpAnswer;
    try {
      answer = await this.http.send({ method: "POST", path: apiPath(route), json, retry: "unsent" });
    } catch (error) {
      if (error instanceof MlopsError && error.code === "CONNECTION_BROKEN") return { error };
      throw error;
    }
    const isUncertain = answer.status >= 500 && answer.status !== 501 && !isPermanentFailure(answer);
    if (isUncertain) return { error: answerError(answer, this.http.server) };
    return { value: expectJson(answer, schema, this.http.server) };
  }
}

const mostCreateAttempts = 3;
/** A server that did not answer in time may still be at it. */
const waitBeforeLookMs = 250;

function apiPath(route: string): string {
  return `/api/2.0/mlflow/${route}`;
}

/**
 * MLflow's 404 for a thing that is not there, or its 400 for an alias that is not. Any other 404 (of a proxy, of a
 * GitLab project that hides itself) means that the address, the route or the rights are wrong.
 */
export function isMissing(answer: HttpAnswer): boolean {
  const { code, message } = readErrorBody(answer);
  if (code === "RESOURCE_DOES_NOT_EXIST") return answer.status === 404 || answer.status === 400;
  return answer.status === 400 && /\balias .* not found/i.test(message ?? "");
}

/** A 404 for the route itself: an older server, or one that has only a part of the API. */
export function isUnknownRoute(answer: HttpAnswer): boolean {
  if (answer.status !== 404 && answer.status !== 405) return false;
  const { code, htmlTitle } = readErrorBody(answer);
  return (
    htmlTitle !== undefined || code === undefined || code === "ENDPOINT_NOT_FOUND" || code === "NOT_FOUND"
  );
}

/** Server errors that no waiting repairs (facts: MLflow maps every code that it does not know to 500). */
export function isPermanentFailure(answer: HttpAnswer): boolean {
  if (answer.status < 500) return false;
  if (answer.status === 501) return true;
  const { code, message } = readErrorBody(answer);
  if (answer.status === 503) return /\bdisabled\b/i.test(message ?? "");
  return code === "FEATURE_DISABLED" || code === "INVALID_STATE" || code === "DATA_LOSS";
}

import type { ZodType } from "zod";
import { type ErrorKind, MlopsError } from "../errors.ts";

/** What a server answered, whatever the status. */
export interface HttpAnswer {
  readonly method: string;
  /** Printable: without credentials and query. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly attempts: number;
}

/** What is said of a server in error messages. */
export interface ServerName {
  /** Begins a sentence: `The tracking server`. */
  readonly title: string;
  /** The next step after 401 and 403. */
  readonly authHint: string;
  /** The next step where the answer is not what this kind of server sends. */
  readonly addressHint: string;
}

/** What an error body says of itself; every field is undefined where the body does not have it. */
export interface ErrorBody {
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly htmlTitle: string | undefined;
}

const longestMessage = 400;

/** Reads an error body of MLflow, GitLab, FastAPI, a proxy or anything else. Never throws. */
export function readErrorBody(answer: Pick<HttpAnswer, "text" | "headers">): ErrorBody {
  const text = answer.text.trim();
  if (isHtml(answer)) return { code: undefined, message: undefined, htmlTitle: htmlTitleOf(text) };
  const json = parseJson(text);
  if (json === undefined) return { code: undefined, message: oneLine(text), htmlTitle: undefined };
  const record = isRecord(json) ? json : {};
  const code = typeof record["error_code"] === "string" ? record["error_code"] : undefined;
  const parts = ["message", "error_description", "detail", "error"].map((key) => record[key]);
  const said = parts.find((part) => part !== undefined && part !== null && part !== "");
  return { code, message: said === undefined ? undefined : oneLine(textOf(said)), htmlTitle: undefined };
}

/** The error that an answer with a bad status stands for. */
export function answerError(answer: HttpAnswer, server: ServerName): MlopsError {
  const { kind, code, hint } = meaningOf(answer, server);
  const tries = answer.attempts > 1 ? ` (${answer.attempts} attempts)` : "";
  return new MlopsError({
    kind,
    code,
    message: `${server.title} answered ${answer.method} ${answer.url} with ${statusLine(answer)}${tries}.`,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** The body as JSON by schema. Throws `answerError` for a bad status, `usage` for a page that is no such JSON. */
export function expectJson<T>(answer: HttpAnswer, schema: ZodType<T>, server: ServerName): T {
  if (answer.status < 200 || answer.status > 299) throw answerError(answer, server);
  const json = isHtml(answer) ? undefined : parseJson(answer.text.trim());
  if (json === undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "ANSWER_NOT_JSON",
      message: `${server.title} answered ${answer.method} ${answer.url} with ${statusLine(answer)}, expected JSON.`,
      hint: server.addressHint,
    });
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 3).map((issue) => {
    const place = issue.path.length === 0 ? "the body" : issue.path.join(".");
    return `${place}: ${issue.message}`;
  });
  throw new MlopsError({
    kind: "not-evaluable",
    code: "ANSWER_UNEXPECTED",
    message: `${server.title} answered ${answer.method} ${answer.url} with JSON of another shape: ${issues.join("; ")}.`,
    hint: server.addressHint,
  });
}

function meaningOf(
  answer: HttpAnswer,
  server: ServerName,
): { readonly kind: ErrorKind; readonly code: string; readonly hint?: string } {
  const { status } = answer;
  if (status >= 300 && status < 400)
    return { kind: "usage", code: "HTTP_REDIRECT", hint: redirectHint(answer, server) };
  if (status === 401) return { kind: "not-permitted", code: "NOT_AUTHENTICATED", hint: server.authHint };
  if (status === 403) return { kind: "not-permitted", code: "NOT_PERMITTED", hint: server.authHint };
  if (status === 501)
    return {
      kind: "not-evaluable",
      code: "NOT_SUPPORTED",
      hint: "The server cannot do this; see its version.",
    };
  if (status === 503 && /\bdisabled\b/i.test(readErrorBody(answer).message ?? ""))
    return {
      kind: "usage",
      code: "SERVICE_DISABLED",
      hint: "Whoever runs the server has switched this off.",
    };
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    const hint = "The server is there but cannot answer now; the job can be started again.";
    return { kind: "unavailable", code: status === 429 ? "RATE_LIMITED" : "SERVER_FAILED", hint };
  }
  if (status === 404) {
    const isOfServer = readErrorBody(answer).code !== undefined;
    return { kind: "usage", code: "NOT_FOUND", ...(isOfServer ? {} : { hint: server.addressHint }) };
  }
  return { kind: "usage", code: "REQUEST_REFUSED" };
}

function redirectHint(answer: HttpAnswer, server: ServerName): string {
  const location = answer.headers["location"];
  if (location === undefined) return server.addressHint;
  return `It points to ${location.replace(/[?#].*$/, "").replace(/\/\/[^/@]*@/, "//")}: use the final address.`;
}

function statusLine(answer: HttpAnswer): string {
  const { code, message, htmlTitle } = readErrorBody(answer);
  if (htmlTitle !== undefined) return `${answer.status} and an HTML page ${htmlTitle}`;
  const isPlain = answer.status >= 200 && answer.status < 300;
  if (isPlain)
    return `${answer.status} and ${message === undefined ? "an empty body" : JSON.stringify(message)}`;
  const words = [code, message].filter((part) => part !== undefined && part !== "");
  return words.length === 0
    ? String(answer.status)
    : `${answer.status}: ${words.join(": ").replace(/\.$/, "")}`;
}

function isHtml({ text, headers }: Pick<HttpAnswer, "text" | "headers">): boolean {
  return (
    /^\s*<(!doctype html|html|head|body)/i.test(text) || (headers["content-type"] ?? "").includes("text/html")
  );
}

function htmlTitleOf(text: string): string {
  const title = /<title[^>]*>([^<]*)</i.exec(text)?.[1]?.trim();
  return title === undefined || title === "" ? "without a title" : `titled ${JSON.stringify(oneLine(title))}`;
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("; ");
  return JSON.stringify(value);
}

function oneLine(text: string): string | undefined {
  const line = text.replace(/\s+/g, " ").trim();
  if (line === "") return undefined;
  return line.length <= longestMessage ? line : `${line.slice(0, longestMessage)}…`;
}

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value ?? undefined;
  } catch {
    // Not JSON; the caller says so with the text that was there.
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

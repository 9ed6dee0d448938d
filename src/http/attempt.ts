import type { Readable } from "node:stream";
import { type Dispatcher, request as send } from "undici";
import type { HttpAnswer } from "./answer.ts";
import type { HttpClientOptions, HttpRequest, Upload } from "./request.ts";

export interface AttemptInput {
  readonly request: HttpRequest;
  readonly options: HttpClientOptions;
  readonly dispatcher: Dispatcher;
  readonly attempts: number;
  readonly timeoutMs: number;
  /** Undefined for a closing call, which outlives the command's signal. */
  readonly signal: AbortSignal | undefined;
  /** Set on the way: the origin that the server sent us to, where that is another one. */
  redirectedTo?: string;
}

type Consume = (body: AsyncIterable<Uint8Array>, headers: Readonly<Record<string, string>>) => Promise<void>;

const mostRedirects = 4;
const largestTextBytes = 64 << 20;

/** One attempt, redirects included. Throws what the transport throws. */
export async function attemptOnce(input: AttemptInput, consume?: Consume): Promise<HttpAnswer> {
  const { request, options } = input;
  const isTransfer = consume !== undefined || request.upload !== undefined;
  const limits = isTransfer ? [] : [AbortSignal.timeout(input.timeoutMs)];
  const signals = input.signal === undefined ? limits : [...limits, input.signal];
  const signal = AbortSignal.any(signals);
  let url = new URL(`${options.address.url}${request.path}${queryText(request.query)}`);
  for (let redirects = 0; ; redirects++) {
    const response = await sendOnce(input, url, signal);
    const headers = headersOf(response.headers);
    const next = redirectTarget(request, response.statusCode, headers, url);
    if (next === undefined || options.followRedirects === false || redirects >= mostRedirects) {
      const isGood = response.statusCode >= 200 && response.statusCode < 300;
      let text = "";
      if (consume !== undefined && isGood) await consume(response.body, headers);
      else text = await readText(response.body);
      return {
        method: request.method,
        url: `${url.origin}${url.pathname}`,
        status: response.statusCode,
        headers,
        text,
        attempts: input.attempts,
      };
    }
    await response.body.dump();
    url = next;
    if (url.origin !== options.address.origin) input.redirectedTo = url.origin;
  }
}

async function sendOnce(
  input: AttemptInput,
  url: URL,
  signal: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  const { request, options, dispatcher, timeoutMs } = input;
  const { json, upload } = request;
  const headers: Record<string, string> = {
    accept: "application/json, */*;q=0.5",
    "user-agent": "mlops",
    ...options.headers,
    ...request.headers,
  };
  // Credentials belong to the origin that they were given for.
  if (url.origin === options.address.origin) {
    const authorization = options.authorization ?? options.address.authorization;
    if (authorization !== undefined) headers["authorization"] = authorization;
  }
  if (json !== undefined) headers["content-type"] = "application/json";
  if (upload !== undefined) {
    headers["content-type"] = upload.contentType;
    headers["content-length"] = String(upload.sizeBytes);
  }
  return await send(url, {
    dispatcher,
    method: request.method,
    headers,
    body: bodyOf(json, upload),
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
}

function bodyOf(json: unknown, upload: Upload | undefined): string | Readable | null {
  if (upload !== undefined) return upload.sizeBytes === 0 ? "" : upload.open();
  return json === undefined ? null : JSON.stringify(json);
}

/** Only reads are followed: a write that was sent elsewhere must not be repeated there unasked. */
function redirectTarget(
  request: HttpRequest,
  status: number,
  headers: Readonly<Record<string, string>>,
  from: URL,
): URL | undefined {
  const location = headers["location"];
  if (request.method !== "GET" || location === undefined || ![301, 302, 303, 307, 308].includes(status))
    return undefined;
  if (!URL.canParse(location, from.href)) return undefined;
  const target = new URL(location, from);
  const isDowngrade = from.protocol === "https:" && target.protocol !== "https:";
  return isDowngrade || !/^https?:$/.test(target.protocol) ? undefined : target;
}

function queryText(query: HttpRequest["query"]): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query ?? {})) {
    if (value !== undefined) search.append(key, String(value));
  }
  return search.size === 0 ? "" : `?${search}`;
}

function headersOf(headers: Dispatcher.ResponseData["headers"]): Record<string, string> {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [[name.toLowerCase(), Array.isArray(value) ? value.join(", ") : value] as const],
  );
  return Object.fromEntries(entries);
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > largestTextBytes) throw new Error(`the answer is longer than ${largestTextBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

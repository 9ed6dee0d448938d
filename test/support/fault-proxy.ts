import http, { type IncomingMessage, type ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

/** What happens to one request instead of, or on top of, being passed on. */
export interface Fault {
  /** Answered by the proxy itself. */
  readonly answer?: {
    readonly status: number;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  };
  /** The answer's connection is cut after so many bytes of its body. */
  readonly cutAfterBytes?: number;
  /** The byte at this offset of the body is changed. */
  readonly damageByte?: number;
  /** Read and never answered. */
  readonly hang?: boolean;
  /** Asked of the server instead of the path that came. */
  readonly path?: string;
  /** Awaited before the request goes on to the server. */
  readonly before?: () => Promise<void>;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  /** Of all requests, from 1. */
  readonly number: number;
}

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** GET requests so far. */
  reads(): number;
}

/**
 * An HTTP proxy on loopback before a real server. `faultOf` is asked for every request; undefined passes it on as it is (with its Host
 * header, which the signature covers).
 */
export async function startFaultProxy(
  target: string,
  faultOf: (request: SeenRequest) => Fault | undefined = () => undefined,
  tls?: { readonly key: Buffer; readonly cert: Buffer },
): Promise<FaultProxy> {
  const seen: SeenRequest[] = [];
  const agent = new http.Agent({ keepAlive: true });
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      number: seen.length + 1,
    };
    seen.push(one);
    void handle({ request, response, fault: faultOf(one) ?? {}, target, agent });
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    seen,
    reads: () => seen.filter(({ method }) => method === "GET").length,
    async [Symbol.asyncDispose]() {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Handling {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly fault: Fault;
  readonly target: string;
  readonly agent: http.Agent;
}

async function handle({ request, response, fault, target, agent }: Handling): Promise<void> {
  response.on("error", () => undefined);
  if (fault.hang === true) return;
  await fault.before?.();
  if (fault.answer !== undefined) {
    const { status, body = "", headers = {} } = fault.answer;
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
    return;
  }
  const upstream = http.request(
    `${target}${fault.path ?? request.url}`,
    { method: request.method, headers: request.headers, agent, setHost: false },
    (answer) => passOn(answer, response, fault),
  );
  upstream.on("error", () => response.destroy());
  response.on("close", () => upstream.destroy());
  request.pipe(upstream);
}

function passOn(answer: IncomingMessage, response: ServerResponse, fault: Fault): void {
  response.writeHead(answer.statusCode ?? 502, answer.headers);
  response.flushHeaders();
  let offset = 0;
  answer.on("data", (chunk: Buffer) => {
    const { cutAfterBytes, damageByte } = fault;
    if (damageByte !== undefined && damageByte >= offset && damageByte < offset + chunk.length)
      chunk[damageByte - offset] = 255 - (chunk[damageByte - offset] ?? 0);
    offset += chunk.length;
    if (cutAfterBytes !== undefined && offset >= cutAfterBytes) {
      const kept = chunk.length - (offset - cutAfterBytes);
      answer.removeAllListeners();
      answer.on("error", () => undefined);
      response.write(chunk.subarray(0, kept), () => response.destroy());
      return;
    }
    if (!response.write(chunk)) {
      answer.pause();
      response.once("drain", () => answer.resume());
    }
  });
  answer.on("end", () => response.end());
  answer.on("error", () => response.destroy());
}

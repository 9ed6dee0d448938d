import { Agent, type IncomingMessage, request } from "node:http";
import { buffer } from "node:stream/consumers";

/** A server that the table is run against. */
export interface Peer {
  readonly kind: "mlflow" | "embedded";
  readonly url: string;
  readonly token: string | undefined;
}

export interface RawRequest {
  readonly method: string;
  /** Path and query, sent byte by byte: `fetch` would tidy `..` and set headers of its own. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly chunked?: boolean;
}

export interface RawResponse {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

// A connection for each request: MLflow closes one after it answered 500, which would fail the request that follows.
const agent = new Agent({ keepAlive: false });

/** Sends one request and reads the whole answer. */
export async function send(peer: Peer, options: RawRequest): Promise<RawResponse> {
  const { hostname, port } = new URL(peer.url);
  const answered = Promise.withResolvers<IncomingMessage>();
  const outgoing = request({ agent, hostname, port, method: options.method, path: options.target });
  outgoing.on("response", answered.resolve);
  outgoing.on("error", answered.reject);
  for (const [name, value] of Object.entries(options.headers)) outgoing.setHeader(name, value);
  if (options.body === undefined) {
    if (options.method !== "GET") outgoing.setHeader("content-length", "0");
  } else if (options.chunked === true) {
    outgoing.setHeader("transfer-encoding", "chunked");
  } else {
    outgoing.setHeader("content-length", String(Buffer.byteLength(options.body)));
  }
  outgoing.end(options.body);
  const response = await answered.promise;
  const text = (await buffer(response)).toString("utf8");
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

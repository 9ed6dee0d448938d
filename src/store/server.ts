import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { MlopsError, messageOf, systemCodeOf } from "../errors.ts";
import { removeAbandonedUploads } from "./artifact-transfer.ts";
import { transferArtifact } from "./artifacts-api.ts";
import { StoreRefusal } from "./refusal.ts";
import { readFields } from "./request-body.ts";
import { guard } from "./request-guard.ts";
import { makeRouteFinder, type RouteFinder } from "./routes.ts";
import { Store } from "./store.ts";

export interface StoreOptions {
  /** Absolute path of the store, usually `<project>/.mlops/store`; created if missing. */
  readonly directory: string;
  now(): Date;
  randomHex(byteCount: number): string;
  /** 0 or undefined: a free port. */
  readonly port?: number;
  /** What an operator wants to know: requests (debug), conflicts found on opening (warn). */
  readonly log?: (level: "debug" | "warn", line: string) => void;
}

export interface StoreServer {
  /** `http://127.0.0.1:<port>`, what MLFLOW_TRACKING_URI wants. */
  readonly url: string;
  /** The bearer token of this start, what MLFLOW_TRACKING_TOKEN wants. */
  readonly token: string;
  close(): Promise<void>;
}

/** The MLflow release whose API this is; what `/version` answers. */
const apiVersion = "3.17.2";

/** Opens the store and serves MLflow's REST API over it on loopback until closed. */
export async function startStore(options: StoreOptions): Promise<StoreServer> {
  const log = options.log ?? (() => undefined);
  const store = await openStore(options, log);
  const token = options.randomHex(32);
  const service: Service = { store, token, log, findRoute: makeRouteFinder() };
  const server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 }, (request, response) => {
    void answer(service, request, response);
  });
  try {
    const port = await listen(server, options.port ?? 0);
    await removeAbandonedUploads(store);
    return {
      url: `http://127.0.0.1:${port}`,
      token,
      async close() {
        await closeServer(server);
        store.close();
      },
    };
  } catch (error) {
    store.close();
    throw error;
  }
}

interface Service {
  readonly store: Store;
  readonly token: string;
  readonly log: NonNullable<StoreOptions["log"]>;
  readonly findRoute: RouteFinder;
}

async function openStore(options: StoreOptions, log: Service["log"]): Promise<Store> {
  try {
    return await Store.open({
      directory: options.directory,
      now: () => options.now(),
      randomHex: (byteCount) => options.randomHex(byteCount),
      log,
    });
  } catch (error) {
    if (error instanceof MlopsError) throw error;
    throw new MlopsError({
      kind: "usage",
      code: "STORE_NOT_OPENED",
      message: `The store in ${options.directory} cannot be opened: ${messageOf(error)}.`,
      hint: "Check that it is a folder and may be read and written, or name another one with --store-dir.",
      cause: error,
    });
  }
}

async function answer(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url ?? "/";
  try {
    await route(service, request, response);
  } catch (error) {
    refuse(service, { request, response, error });
  }
  service.log("debug", `${request.method} ${url.split("?")[0]} ${response.statusCode}`);
}

async function route(service: Service, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const [rawPath = "/", query = ""] = splitOnce(request.url ?? "/", "?");
  if (rawPath === "/health" || rawPath === "/version") {
    response.writeHead(200, { "Content-Type": "text/plain" }).end(rawPath === "/health" ? "OK" : apiVersion);
    return;
  }
  guard(request, service.token);
  const { store } = service;
  store.catchUp();
  const artifact = /^\/(?:ajax-)?api\/2\.0\/mlflow-artifacts\/artifacts\/(.*)$/s.exec(rawPath)?.[1];
  if (artifact !== undefined) {
    await transferArtifact(store, artifact, { request, response });
    return;
  }
  const found = service.findRoute(request.method ?? "", rawPath);
  if (found === undefined) {
    throw new StoreRefusal(
      "ENDPOINT_NOT_FOUND",
      `${request.method} ${rawPath} is not part of the embedded store's API.`,
    );
  }
  const fields = await readFields(request, new URLSearchParams(query));
  const view = await found.handle({ store, fields, params: found.params });
  const body = Buffer.from(JSON.stringify(view));
  response.writeHead(200, { "Content-Type": "application/json", "Content-Length": body.length }).end(body);
}

function refuse(
  service: Service,
  failure: {
    readonly request: IncomingMessage;
    readonly response: ServerResponse;
    readonly error: unknown;
  },
): void {
  const { request, response, error } = failure;
  if (systemCodeOf(error) === "ERR_STREAM_PREMATURE_CLOSE" || response.headersSent) {
    // The client went away, or a file changed while it was sent: nobody is left to read an answer.
    response.destroy();
    return;
  }
  const refusal = error instanceof StoreRefusal ? error : unexpected(service, request, error);
  if (refusal.status === 401) response.setHeader("WWW-Authenticate", 'Bearer realm="mlops store"');
  for (const name of ["Content-Length", "Content-Range", "ETag", "Last-Modified"])
    response.removeHeader(name);
  // The rest of a body that nobody will read: the connection cannot be used again.
  if (!request.complete) response.setHeader("Connection", "close");
  const body = Buffer.from(JSON.stringify(refusal.body));
  response
    .writeHead(refusal.status, { "Content-Type": "application/json", "Content-Length": body.length })
    .end(body);
}

function unexpected(service: Service, request: IncomingMessage, error: unknown): StoreRefusal {
  service.log("warn", `${request.method} ${request.url?.split("?")[0]} failed: ${messageOf(error)}`);
  // A full disk, missing rights: the same request may succeed later, so this is a real 500.
  return new StoreRefusal("INTERNAL_ERROR", `The store could not do this: ${messageOf(error)}`);
}

async function listen(server: Server, port: number): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once("error", reject);
  server.listen(port, "127.0.0.1", resolve);
  try {
    await promise;
  } catch (error) {
    throw new MlopsError({
      kind: "usage",
      code: "STORE_PORT_TAKEN",
      message: `The store cannot listen on 127.0.0.1:${port}: ${messageOf(error)}.`,
      hint: "Choose another port, or none for a free one.",
      cause: error,
    });
  }
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

/** Lets requests that are being answered finish; idle connections are closed at once. */
async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  const last = setTimeout(() => server.closeAllConnections(), 2_000);
  await promise;
  clearTimeout(last);
}

function splitOnce(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

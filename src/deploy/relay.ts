import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import { messageOf } from "../errors.ts";

/** The relay answers this path itself: who serves now, and how many requests are under way. */
export const relayPath = "/-/mlops/relay";

/** What the command that starts a relay sends to it once the relay's record is written. */
export const keepRunning = "keep running";

/** On every answer: which release gave it. */
export const releaseHeader = "x-mlops-release";

interface RelayStatus {
  readonly release: number | null;
  /** Unfinished requests by port of the release that they went to. */
  readonly inFlight: Readonly<Record<string, number>>;
}

interface Target {
  readonly release: number;
  readonly version: string;
  readonly port: number;
}

/** RFC 9110 7.6.1: these belong to one connection; `expect` has been answered by the relay already. */
const hopByHop = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "expect",
]);

/**
 * An HTTP server that hands every request to the release named in `pointerFile`, which it reads anew each time:
 * the address stays the same while releases come and go, and a request that has begun ends where it began.
 */
export function createRelay(pointerFile: string): Server {
  const inFlight = new Map<number, number>();
  const server = createServer((incoming, outgoing) => {
    // Reading and counting happen in one go: who sees an old port here is counted before the next question.
    const target = readTarget(pointerFile);
    if (incoming.url === relayPath) {
      const status: RelayStatus = {
        release: target?.release ?? null,
        inFlight: Object.fromEntries(inFlight),
      };
      answer(outgoing, 200, status);
    } else if (target === undefined) {
      answer(outgoing, 503, { error: "no release is live in this environment" });
    } else {
      inFlight.set(target.port, (inFlight.get(target.port) ?? 0) + 1);
      outgoing.once("close", () => {
        const left = (inFlight.get(target.port) ?? 1) - 1;
        if (left === 0) inFlight.delete(target.port);
        else inFlight.set(target.port, left);
      });
      relay(incoming, outgoing, target);
    }
  });
  // A slow model is the user's business: only the reading of a request has a limit, not the answer.
  server.requestTimeout = 300_000;
  return server;
}

function relay(incoming: IncomingMessage, outgoing: ServerResponse, target: Target): void {
  const upstream = request({
    host: "127.0.0.1",
    port: target.port,
    method: incoming.method,
    path: incoming.url,
    headers: withoutHopByHop(incoming.headers),
    // A connection kept for later would die with the release.
    agent: false,
  });
  upstream.on("response", (response) => {
    outgoing.writeHead(response.statusCode ?? 502, response.statusMessage, {
      ...withoutHopByHop(response.headers),
      [releaseHeader]: String(target.release),
      "x-mlops-model-version": encodeURIComponent(target.version),
    });
    response.on("error", () => outgoing.destroy());
    response.pipe(outgoing);
  });
  upstream.on("error", (error) => {
    if (outgoing.headersSent) outgoing.destroy();
    else answer(outgoing, 502, { error: `release ${target.release} does not answer: ${messageOf(error)}` });
  });
  outgoing.on("close", () => upstream.destroy());
  incoming.pipe(upstream);
}

function withoutHopByHop(headers: IncomingMessage["headers"]): Record<string, string | string[]> {
  const named = (headers.connection ?? "").split(",").map((name) => name.trim().toLowerCase());
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !hopByHop.has(name) && !named.includes(name)) kept[name] = value;
  }
  return kept;
}

function answer(outgoing: ServerResponse, status: number, body: unknown): void {
  outgoing.writeHead(status, { "content-type": "application/json" });
  outgoing.end(`${JSON.stringify(body)}\n`);
}

/** Undefined where there is no pointer. The file is a few bytes and replaced by renaming: never half-written. */
function readTarget(pointerFile: string): Target | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(readFileSync(pointerFile, "utf8"));
  } catch {
    // No release is live (or the folder was removed by hand); the caller answers 503.
    return undefined;
  }
  if (typeof parsed !== "object" || parsed === null) return undefined;
  const { release, version, port } = { release: 0, version: "", port: 0, ...parsed };
  return { release: Number(release), version: String(version), port: Number(port) };
}

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text, or something that is sent as JSON. */
  readonly body?: unknown;
  /** Cuts the connection: before the headers, or after the body's first bytes. */
  readonly cut?: "before" | "within";
  /** Reads the request and never answers. */
  readonly hang?: boolean;
}

/** What is expected next: the method and path (without query) and what is answered. */
export interface ScriptedCall extends ScriptedAnswer {
  readonly on: string;
}

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  /** Throws where a call came that was not expected, or one that was expected did not come. */
  verify(): void;
}

/** A server that answers exactly these calls in this order; anything else is a 418 and fails `verify`. */
export async function startScriptedServer(calls: readonly ScriptedCall[]): Promise<ScriptedServer> {
  const left = [...calls];
  const seen: SeenRequest[] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("error", (error) => problems.push(`request broken: ${error.message}`));
    request.on("end", () => {
      const path = request.url ?? "";
      const body = Buffer.concat(chunks).toString("utf8");
      seen.push({ method: request.method ?? "", path, headers: request.headers, body });
      const name = `${request.method} ${path.replace(/\?.*$/, "")}`;
      const next = left.shift();
      if (next === undefined || next.on !== name) {
        problems.push(`got ${name}, expected ${next?.on ?? "nothing more"}`);
        response.writeHead(418).end(JSON.stringify({ message: `unexpected ${name}` }));
        return;
      }
      answer(response, next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    verify() {
      const missing = left.map((call) => `${call.on} did not come`);
      const all = [...problems, ...missing];
      if (all.length > 0) throw new Error(all.join("; "));
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(response: ServerResponse, call: ScriptedAnswer): void {
  if (call.hang === true) return;
  if (call.cut === "before") {
    response.socket?.destroy();
    return;
  }
  const isText = typeof call.body === "string";
  const text = isText ? String(call.body) : JSON.stringify(call.body ?? {});
  const length = Buffer.byteLength(text);
  response.writeHead(call.status ?? 200, {
    "content-type": isText ? "text/plain" : "application/json",
    "content-length": String(length),
    ...call.headers,
  });
  if (call.cut === "within") {
    response.write(text.slice(0, Math.max(1, Math.floor(length / 2))), () => response.socket?.destroy());
    return;
  }
  response.end(text);
}

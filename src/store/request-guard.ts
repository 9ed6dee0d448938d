import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { StoreRefusal } from "./refusal.ts";

const loopbackNames = new Set(["127.0.0.1", "localhost", "[::1]"]);

/**
 * Keeps everything out that is not a client with this start's token. Host and Origin are checked first, so that a
 * page in a browser learns nothing, not even by a name that it made resolve to 127.0.0.1 (DNS rebinding).
 */
export function guard(request: IncomingMessage, token: string): void {
  if (!isLoopback(request.headers.host)) {
    throw new StoreRefusal(
      "PERMISSION_DENIED",
      "Invalid Host header - possible DNS rebinding attack detected",
    );
  }
  const origin = request.headers.origin;
  if (origin !== undefined && !isLoopbackOrigin(origin)) {
    throw new StoreRefusal("PERMISSION_DENIED", "Cross-origin request blocked");
  }
  if (!isAuthorized(request.headers.authorization, token)) {
    throw new StoreRefusal(
      "UNAUTHENTICATED",
      "This store wants the bearer token of its start: set MLFLOW_TRACKING_TOKEN (`mlops store serve` prints it).",
    );
  }
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && loopbackNames.has(host.replace(/:\d+$/, "").toLowerCase());
}

function isLoopbackOrigin(origin: string): boolean {
  return isLoopback(/^https?:\/\/([^/]+)$/i.exec(origin)?.[1]);
}

/** The token as a bearer, or as the password of any user: the Python client prefers a user that it finds anywhere. */
function isAuthorized(header: string | undefined, token: string): boolean {
  const [, scheme = "", value = ""] = /^(Bearer|Basic)\s+(.+)$/i.exec(header ?? "") ?? [];
  const isBasic = scheme.toLowerCase() === "basic";
  const sent = isBasic
    ? Buffer.from(value, "base64")
        .toString("utf8")
        .replace(/^[^:]*:/, "")
    : value;
  return timingSafeEqual(digest(sent), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

import { randomBytes } from "node:crypto";
import { openTracking, type SessionRequest } from "../../src/tracking/session.ts";
import type { TrackingSession } from "../../src/tracking/types.ts";

export interface ObservedSession extends AsyncDisposable {
  readonly session: TrackingSession;
  readonly lines: string[];
  readonly secrets: string[];
}

/** A session as the commands open it, with no waiting between retries and what it says kept. */
export async function openTestSession(
  request: Partial<SessionRequest> & Pick<SessionRequest, "trackingUri">,
): Promise<ObservedSession> {
  const lines: string[] = [];
  const secrets: string[] = [];
  const session = await openTracking({
    cwd: "/",
    storeDir: "/nowhere",
    signal: new AbortController().signal,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    log: (level, line) => lines.push(`${level}: ${line}`),
    addSecret: (secret) => secrets.push(secret),
    ...request,
    env: { MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR: "0", MLFLOW_HTTP_REQUEST_MAX_RETRIES: "2", ...request.env },
  });
  return {
    session,
    lines,
    secrets,
    [Symbol.asyncDispose]: () => session.close(),
  };
}

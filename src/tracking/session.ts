import { MlopsError } from "../errors.ts";
import type { TrackingSession } from "./types.ts";

export interface SessionRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Undefined or `embedded`: the embedded store in `storeDir`. */
  readonly trackingUri: string | undefined;
  readonly storeDir: string;
  readonly signal: AbortSignal;
  now(): Date;
  randomHex(byteCount: number): string;
  readonly log: (level: "debug" | "info" | "warn", line: string) => void;
  /** Takes credentials that must never be printed. */
  readonly addSecret: (secret: string) => void;
}

/** Connects to the tracking server, or starts the embedded store for the time of the command. */
export async function openTracking(_request: SessionRequest): Promise<TrackingSession> {
  throw new MlopsError({ kind: "usage", code: "NOT_YET", message: "Tracking is not there yet." });
}

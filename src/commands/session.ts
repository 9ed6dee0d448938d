import path from "node:path";
import type { Context } from "../context.ts";
import type { StoreServer } from "../store/server.ts";
import type { TrackingSession } from "../tracking/types.ts";

/**
 * Opens the tracking server that `trackingFlags` and the environment name. Close it in `finally`.
 * With `mustExist` an embedded store that is not there is a `usage` error and is not made.
 */
export async function openSession(
  options: { readonly trackingUri: string | undefined; readonly storeDir: string; readonly dryRun?: boolean },
  context: Context,
  store: { readonly mustExist: boolean } = { mustExist: false },
): Promise<TrackingSession> {
  const { openTracking } = await import("../tracking/session.ts");
  return await openTracking({
    env: context.env,
    cwd: context.cwd,
    trackingUri: options.trackingUri,
    storeDir: options.storeDir,
    isDryRun: options.dryRun,
    storeMustExist: store.mustExist,
    signal: context.signal,
    now: context.now,
    randomHex: context.randomHex,
    log: (level, line) => context.report[level](line),
    addSecret: (secret) => context.redactor.add(secret),
  });
}

/** Serves the embedded store for a command that needs the server itself; its token is never printed. Close it in `finally`. */
export async function openStore(
  options: { readonly storeDir: string; readonly port?: number | undefined },
  context: Context,
): Promise<StoreServer> {
  const { startStore } = await import("../store/server.ts");
  const server = await startStore({
    directory: path.resolve(context.cwd, options.storeDir),
    now: context.now,
    randomHex: context.randomHex,
    log: (level, line) => context.report[level](line),
    ...(options.port !== undefined && { port: options.port }),
  });
  context.redactor.add(server.token);
  return server;
}

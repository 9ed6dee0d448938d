import { existsSync } from "node:fs";
import path from "node:path";
import { MlopsError } from "../errors.ts";
import { makeTemporaryFolder, removeFolder } from "../files.ts";
import { type Address, parseAddress } from "../http/address.ts";
import type { ServerName } from "../http/answer.ts";
import { openHttpClient } from "../http/client.ts";
import { isPermanentFailure } from "./calls.ts";
import { openTrackingClient } from "./client.ts";
import { type Credentials, readCredentials, transportSettings } from "./environment.ts";
import type { TrackingClient, TrackingSession } from "./types.ts";

export interface SessionRequest {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Undefined or `embedded`: the embedded store in `storeDir`. */
  readonly trackingUri: string | undefined;
  readonly storeDir: string;
  /** Changes nothing: where there is no embedded store yet, an empty one stands in for it and goes away. */
  readonly isDryRun?: boolean | undefined;
  /** True: a store that is not there is an error. Default: it is made. */
  readonly storeMustExist?: boolean;
  readonly signal: AbortSignal;
  now(): Date;
  randomHex(byteCount: number): string;
  readonly log: (level: "debug" | "info" | "warn", line: string) => void;
  /** Takes credentials that must never be printed. */
  readonly addSecret: (secret: string) => void;
}

/** Connects to the tracking server, or starts the embedded store for the time of the command. */
export async function openTracking(request: SessionRequest): Promise<TrackingSession> {
  const uri = request.trackingUri?.trim();
  refuseUnsupported(request.env, uri);
  if (uri === undefined || uri === "" || uri === "embedded") return await openEmbedded(request);
  const address = parseTrackingUri(uri);
  return await openRemote(request, address);
}

async function openRemote(request: SessionRequest, address: Address): Promise<TrackingSession> {
  const { env } = request;
  const credentials = await readCredentials(env);
  for (const secret of credentials.secrets) request.addSecret(secret);
  if (address.secret !== undefined) request.addSecret(address.secret);
  const { client, close } = await connect(request, {
    address,
    server: remoteServer(address),
    authorization: credentials.authorization ?? address.authorization,
  });
  return {
    kind: "remote",
    client,
    trackingUri: address.url,
    description: address.url,
    childEnvironment: { MLFLOW_TRACKING_URI: address.url, ...childCredentials(credentials, address) },
    close,
  };
}

async function openEmbedded(request: SessionRequest): Promise<TrackingSession> {
  const { startStore } = await import("../store/server.ts");
  const { clientEnvironment } = await import("../store/client-environment.ts");
  const directory = path.resolve(request.cwd, request.storeDir);
  if (request.storeMustExist === true && !existsSync(directory)) throw storeMissing(request.storeDir);
  const { remove, directory: opened } = await placeOf(directory, request.isDryRun === true);
  const store = await startStore({
    directory: opened,
    now: request.now,
    randomHex: request.randomHex,
    log: request.log,
  });
  request.addSecret(store.token);
  try {
    const { client, close } = await connect(request, {
      address: parseAddress(store.url, "the embedded store"),
      server: embeddedServer,
      authorization: `Bearer ${store.token}`,
    });
    return {
      kind: "embedded",
      client,
      trackingUri: store.url,
      description: `the store in ${path.relative(request.cwd, directory) || "."}`,
      childEnvironment: clientEnvironment(request.env, store),
      async close() {
        try {
          await close();
        } finally {
          await store.close();
          await remove();
        }
      },
    };
  } catch (error) {
    await store.close();
    await remove();
    throw error;
  }
}

/** Where the store is opened: a dry run makes none, so an empty one stands in where there is none yet. */
async function placeOf(directory: string, isDryRun: boolean): Promise<StorePlace> {
  if (!isDryRun || existsSync(directory)) return { directory, remove: async () => undefined };
  const empty = await makeTemporaryFolder("mlops-dry-run-");
  return { directory: empty, remove: () => removeFolder(empty) };
}

interface StorePlace {
  readonly directory: string;
  /** Removes a stand-in. */
  readonly remove: () => Promise<void>;
}

function storeMissing(storeDir: string): MlopsError {
  return new MlopsError({
    kind: "usage",
    code: "STORE_MISSING",
    message: `There is no store in ${storeDir}, and no tracking server is set.`,
    hint:
      "`mlops train` makes the store: in CI, keep that folder as an artifact of the training job. " +
      "Another store is named by --store-dir, a server by MLFLOW_TRACKING_URI.",
  });
}

async function connect(
  request: SessionRequest,
  peer: {
    readonly address: Address;
    readonly server: ServerName;
    readonly authorization: string | undefined;
  },
): Promise<{ readonly client: TrackingClient; readonly close: () => Promise<void> }> {
  const { env, signal, log } = request;
  const transport = transportSettings(env);
  const http = await openHttpClient({
    address: peer.address,
    server: peer.server,
    env,
    signal,
    log,
    ...transport,
    ...(peer.authorization === undefined ? {} : { authorization: peer.authorization }),
    isPermanent: isPermanentFailure,
  });
  const client = openTrackingClient(http, {
    trackingUrl: peer.address.url,
    randomHex: request.randomHex,
    warn: (line) => log("warn", line),
  });
  return { client, close: () => http.close() };
}

/** Reads a tracking URI; throws `usage` for the kinds that need MLflow's Python packages. */
function parseTrackingUri(uri: string): Address {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(uri)?.[1]?.toLowerCase();
  if (scheme === "http" || scheme === "https") return parseAddress(uri, "The tracking URI");
  const shown = uri.replace(/\/\/[^/@]*@/, "//…@");
  throw new MlopsError({
    kind: "usage",
    code: "TRACKING_URI_UNSUPPORTED",
    message: `The tracking URI is ${JSON.stringify(shown)}; mlops speaks to MLflow servers over http(s) and to its own embedded store.`,
    hint: "Start `mlflow server` over that store and give its http address, or say `embedded` to use the store in .mlops/store.",
  });
}

/** Settings of MLflow that change where things are written: ignoring them would write to the wrong place. */
function refuseUnsupported(env: SessionRequest["env"], trackingUri: string | undefined): void {
  const registry = env["MLFLOW_REGISTRY_URI"]?.trim() ?? "";
  const trimmed = (uri: string | undefined) => uri?.replace(/\/+$/, "");
  if (registry !== "" && trimmed(registry) !== trimmed(trackingUri)) {
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: "MLFLOW_REGISTRY_URI names another server than the tracking URI; mlops cannot use two yet.",
      hint: "Unset MLFLOW_REGISTRY_URI or set it to the tracking URI.",
    });
  }
  const workspace = env["MLFLOW_WORKSPACE"]?.trim() ?? "";
  if (workspace === "" || workspace === "default") return;
  throw new MlopsError({
    kind: "usage",
    code: "NOT_YET",
    message: `MLFLOW_WORKSPACE is ${JSON.stringify(workspace)}; mlops cannot choose a workspace yet.`,
    hint: "Unset MLFLOW_WORKSPACE to work in the default workspace.",
  });
}

/** The user's own credentials, as variables: those of the URL are taken out of it. */
function childCredentials(credentials: Credentials, address: Address): Readonly<Record<string, string>> {
  if (credentials.authorization !== undefined) return credentials.variables;
  if (address.user === undefined) return {};
  return { MLFLOW_TRACKING_USERNAME: address.user, MLFLOW_TRACKING_PASSWORD: address.secret ?? "" };
}

function remoteServer(address: Address): ServerName {
  return {
    title: "The tracking server",
    authHint:
      "Check MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, and what they may do; " +
      'an "Invalid Host header" is the server\'s --allowed-hosts.',
    addressHint: `Is ${address.url} an MLflow tracking server? Check MLFLOW_TRACKING_URI and its path prefix.`,
  };
}

const embeddedServer: ServerName = {
  title: "The embedded store",
  authHint: "This is a bug of mlops: the store refuses its own token.",
  addressHint: "This is a bug of mlops: please report it with the command that was run.",
};

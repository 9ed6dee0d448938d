import { MlopsError } from "../errors.ts";

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

/** Opens the store and serves MLflow's REST API over it on loopback until closed. */
export async function startStore(_options: StoreOptions): Promise<StoreServer> {
  throw new MlopsError({ kind: "usage", code: "NOT_YET", message: "The embedded store is not there yet." });
}

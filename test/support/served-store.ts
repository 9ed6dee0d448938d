import { onTestFinished } from "vitest";
import { startCli } from "./cli.ts";

export interface ServedStore {
  readonly url: string;
  readonly token: string;
  /** POSTs (with a body) or GETs JSON of MLflow's REST API; fails on every status but 200. */
  call(path: string, body?: unknown): Promise<unknown>;
  close(): Promise<void>;
}

/** `mlops store serve` of the built program over a store folder, until the test ends. */
export async function serveStore(cwd: string, args: readonly string[] = []): Promise<ServedStore> {
  const cli = startCli(["store", "serve", ...args], { cwd });
  let out = "";
  cli.process.stdout?.on("data", (text: string) => {
    out += text;
  });
  await cli.printed(/export MLFLOW_TRACKING_TOKEN=\S+/);
  const url = /export MLFLOW_TRACKING_URI=['"]?([^'"\s]+)/.exec(out)?.[1] ?? "";
  const token = /export MLFLOW_TRACKING_TOKEN=['"]?([^'"\s]+)/.exec(out)?.[1] ?? "";
  const close = async () => {
    cli.process.kill("SIGTERM");
    await cli.finished;
  };
  onTestFinished(close);
  return {
    url,
    token,
    close,
    async call(path, body) {
      const response = await fetch(`${url}${path}`, {
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${text}`);
      return JSON.parse(text);
    },
  };
}

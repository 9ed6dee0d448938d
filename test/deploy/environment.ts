import { randomBytes } from "node:crypto";
import { EventEmitter, on } from "node:events";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import {
  type Deployment,
  type DeploymentRequest,
  type Desk,
  deployVersion,
} from "../../src/deploy/deployment.ts";
import { digestOfFolder } from "../../src/deploy/model-files.ts";
import { EnvironmentFolder } from "../../src/deploy/records.ts";
import { stopEnvironment } from "../../src/deploy/stop.ts";
import type { ReleaseRecord } from "../../src/results/deploy.ts";
import { temporaryFolder } from "../support/folder.ts";

const server = path.resolve(import.meta.dirname, "servers", "serve.mjs");

/** What the model of a version makes the test server do; see servers/serve.mjs. */
type Behaviour = Readonly<Record<string, string | number | boolean>>;

export interface TestEnvironment {
  readonly desk: Desk;
  readonly folder: EnvironmentFolder;
  readonly log: string[];
  /** Resolves as soon as a line with these words is logged. */
  logged(words: string): Promise<void>;
  /** A request to deploy `version`, whose model behaves like `behaviour`. */
  request(version: string, behaviour?: Behaviour): DeploymentRequest;
  deploy(
    version: string,
    behaviour?: Behaviour,
    changes?: Partial<DeploymentRequest> & { readonly signal?: AbortSignal },
  ): Promise<Deployment>;
}

/** A deployment folder of its own; whatever is started in it is stopped when the test ends. */
export function testEnvironment(name = "local"): TestEnvironment {
  const root = temporaryFolder("mlops-deploy");
  const folder = new EnvironmentFolder(path.join(root, "deployments"), name);
  const log: string[] = [];
  const lines = new EventEmitter();
  const desk: Desk = {
    folder,
    signal: new AbortController().signal,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    log: (_level, line) => {
      log.push(line);
      lines.emit("line", line);
    },
  };
  onTestFinished(async () => {
    await stopEnvironment(desk);
    expect(await processesOf(folder.directory), "processes left running").toEqual([]);
  });
  const request = (version: string, behaviour: Behaviour = {}): DeploymentRequest => ({
    port: undefined,
    command: ["node", server],
    workingDirectory: root,
    env: { PATH: process.env["PATH"] ?? "" },
    healthPath: "/health",
    healthTimeoutMs: 20_000,
    smoke: { path: "/predict", body: '{"age": 54}', expect: ["risk"], timeoutMs: 5000 },
    origin: { commit: null, branch: null, pipelineUrl: null, jobUrl: null, user: "ann" },
    fetchModel: async (directory) => {
      await mkdir(directory, { recursive: true });
      await writeFile(path.join(directory, "behaviour.json"), JSON.stringify(behaviour));
      const facts = await digestOfFolder(directory);
      return {
        name: "mortality",
        version,
        alias: null,
        runId: null,
        source: "mlflow-artifacts:/1/r",
        ...facts,
      };
    },
  });
  return {
    desk,
    folder,
    log,
    logged: async (words) => {
      for await (const [line] of on(lines, "line")) if (String(line).includes(words)) return;
    },
    request,
    deploy: async (version, behaviour, { signal, ...changes } = {}) =>
      await deployVersion(signal === undefined ? desk : { ...desk, signal }, {
        ...request(version, behaviour),
        ...changes,
      }),
  };
}

/** The states of the releases, in their order. */
export function states(records: readonly ReleaseRecord[]): ReleaseRecord["state"][] {
  return records.map(({ state }) => state);
}

/** Asks the endpoint for a prediction, as a client would. */
export async function predict(deployment: Pick<Deployment, "serving">): Promise<unknown> {
  return await askJson(`${deployment.serving?.endpointUrl}/predict`);
}

export async function askJson(url: string): Promise<unknown> {
  return await (await fetch(url)).json();
}

/** Process ids, found by looking: everything whose environment or command line names the folder. */
export async function processesOf(directory: string): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    const text = await Promise.all([
      readOrEmpty(`/proc/${name}/environ`),
      readOrEmpty(`/proc/${name}/cmdline`),
    ]);
    if (text.join("\0").includes(directory)) found.push(Number(name));
  }
  return found;
}

async function readOrEmpty(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch {
    // Ended meanwhile, or not ours to read.
    return "";
  }
}

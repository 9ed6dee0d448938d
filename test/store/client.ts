import { randomBytes } from "node:crypto";
import { onTestFinished } from "vitest";
import { type StoreServer, startStore } from "../../src/store/server.ts";
import { type Answer, callStore } from "./client-call.ts";

export interface TestStore {
  readonly server: StoreServer;
  readonly warnings: readonly string[];
  call(method: string, path: string, body?: unknown): Promise<Answer>;
  /** POST that must succeed. */
  post(path: string, body: unknown): Promise<Answer["body"]>;
  get(path: string): Promise<Answer["body"]>;
  createRun(experiment?: string): Promise<string>;
  close(): Promise<void>;
}

/** The store's server in this process, over a folder, until closed or until the test ends. */
export async function openTestStore(directory: string): Promise<TestStore> {
  const warnings: string[] = [];
  const server = await startStore({
    directory,
    now: () => new Date(),
    randomHex: (byteCount) => randomBytes(byteCount).toString("hex"),
    log: (level, line) => {
      if (level === "warn") warnings.push(line);
    },
  });
  let isOpen = true;
  const close = async () => {
    if (isOpen) await server.close();
    isOpen = false;
  };
  onTestFinished(close);
  const call = (method: string, path: string, body?: unknown) => callStore(server, { method, path, body });
  const succeed = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    if (answer.status !== 200) {
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  };
  return {
    server,
    warnings,
    call,
    post: (path, body) => succeed("POST", path, body),
    get: (path) => succeed("GET", path),
    async createRun(experiment = "0") {
      const created = await succeed("POST", "runs/create", { experiment_id: experiment, start_time: 1 });
      return created.run.info.run_id;
    },
    close,
  };
}

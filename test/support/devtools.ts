import { spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";

type Fields = Readonly<Record<string, unknown>>;

/** A browser that was started, spoken to by Chromium's DevTools protocol over two pipes: no port is opened. */
export interface Devtools {
  /** Sends a command and answers its result; rejects with what the browser says of it. */
  send(method: string, params?: Fields, sessionId?: string): Promise<Fields>;
  /** Everything that the browser tells of the session. */
  listen(sessionId: string, hear: (method: string, params: Fields) => void): void;
  close(): Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly sessionId?: string;
  readonly method?: string;
  readonly params?: Fields;
  readonly result?: Fields;
  readonly error?: { readonly message: string };
}

export function startDevtools(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Devtools {
  const child = spawn(command, [...args, "--remote-debugging-pipe"], {
    env,
    stdio: ["ignore", "ignore", "pipe", "pipe", "pipe"],
  });
  let complaints = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    complaints += text;
  });
  const input = child.stdio[3] as Writable;
  const output = child.stdio[4] as Readable;
  const waiting = new Map<number, { resolve(result: Fields): void; reject(error: Error): void }>();
  const hearers = new Map<string, (method: string, params: Fields) => void>();
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  void ended.then(() => {
    for (const { reject } of waiting.values()) reject(new Error(`the browser has ended:\n${complaints}`));
  });
  input.on("error", () => undefined);
  let rest = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    const parts = (rest + text).split("\0");
    rest = parts.pop() ?? "";
    for (const part of parts) take(JSON.parse(part) as Message);
  });
  const take = ({ id, sessionId, method, params = {}, result = {}, error }: Message) => {
    if (method !== undefined) hearers.get(sessionId ?? "")?.(method, params);
    if (id === undefined) return;
    const one = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) one?.resolve(result);
    else one?.reject(new Error(error.message));
  };
  let last = 0;
  return {
    send(method, params = {}, sessionId = undefined) {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
      });
    },
    listen: (sessionId, hear) => hearers.set(sessionId, hear),
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

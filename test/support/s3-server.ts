import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import net from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";
import { type ChecksumAlgorithm, CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { pythonEnvironment, pythonOfTests } from "./python.ts";

/** `moto` is in the Python of the tests; `versitygw` is built by `npm run test:full` and `npm run bench` where there is Go. */
export type S3ServerKind = "moto" | "versitygw";

export interface S3Server {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly pid: number;
  /** What a program needs to use the server. */
  readonly env: Readonly<Record<string, string>>;
  readonly client: S3Client;
  put(
    key: string,
    body: Buffer | string,
    more?: { readonly ChecksumAlgorithm?: ChecksumAlgorithm },
  ): Promise<void>;
  close(): Promise<void>;
}

export const bucket = "data-bucket";
const accessKeyId = "AKIATESTTESTTESTTEST";
const secretAccessKey = "a-secret-key-of-the-tests";
const startLimitMs = 60_000;
const gateway = path.resolve(import.meta.dirname, "../../.cache/s3/versitygw");

/** The servers that can be started here. */
export function availableS3Servers(): readonly S3ServerKind[] {
  return existsSync(gateway) ? ["moto", "versitygw"] : ["moto"];
}

/** A real S3 server on loopback with an empty bucket; `directory` holds what it keeps on disk. */
export async function startS3Server(kind: S3ServerKind, directory: string): Promise<S3Server> {
  await mkdir(directory, { recursive: true });
  const { child, url } = kind === "moto" ? await startMoto(directory) : await startGateway(directory);
  const env = {
    AWS_ENDPOINT_URL_S3: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const client = new S3Client({
    endpoint: url,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  const close = async () => {
    client.destroy();
    await stop(child);
  };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    url,
    pid: child.pid ?? 0,
    env,
    client,
    put: async (key, body, more = {}) => {
      await client.send(
        new PutObjectCommand({
          Bucket: bucket,
          Key: key,
          Body: body,
          ContentLength: Buffer.byteLength(body),
          ...more,
        }),
      );
    },
    close,
  };
}

interface Started {
  readonly child: ChildProcess;
  readonly url: string;
}

async function startMoto(directory: string): Promise<Started> {
  const program = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])";
  const child = spawn(await pythonOfTests(), ["-c", program], {
    cwd: directory,
    env: pythonEnvironment({}),
    stdio: ["ignore", "pipe", "pipe"],
  });
  endWithUs(child);
  const lines: string[] = [];
  const found = Promise.withResolvers<string>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      const address = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1];
      if (address !== undefined) found.resolve(address);
    });
  }
  child.once("error", found.reject);
  child.once("exit", (code) => found.reject(new Error(`moto ended with ${code}:\n${lines.join("\n")}`)));
  return { child, url: await within(found.promise, child) };
}

async function startGateway(directory: string): Promise<Started> {
  const port = await freePort();
  const data = path.join(directory, "data");
  await mkdir(data, { recursive: true });
  const child = spawn(gateway, ["--port", `127.0.0.1:${port}`, "--quiet", "--keep-alive", "posix", data], {
    cwd: directory,
    env: { ROOT_ACCESS_KEY_ID: accessKeyId, ROOT_SECRET_ACCESS_KEY: secretAccessKey },
    stdio: "ignore",
  });
  endWithUs(child);
  const ended = once(child, "exit").then(([code]) => {
    throw new Error(`versitygw ended with ${code}`);
  });
  await within(Promise.race([listening(port), ended]), child);
  return { child, url: `http://127.0.0.1:${port}` };
}

function endWithUs(child: ChildProcess): void {
  const kill = () => void child.kill("SIGKILL");
  process.once("exit", kill);
  child.once("exit", () => process.removeListener("exit", kill));
}

async function within<T>(started: Promise<T>, child: ChildProcess): Promise<T> {
  const limit = new AbortController();
  const late = delay(startLimitMs, undefined, { signal: limit.signal }).then(() => {
    child.kill("SIGKILL");
    throw new Error(`no S3 server within ${startLimitMs} ms`);
  });
  try {
    return await Promise.race([started, late]);
  } finally {
    limit.abort();
    await late.catch(() => undefined);
  }
}

/** A port that was free a moment ago: this server cannot be told to choose one. */
async function freePort(): Promise<number> {
  const server = net.createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

/** The server says nothing when it listens, so it is asked. */
async function listening(port: number): Promise<void> {
  for (;;) {
    const socket = net.connect(port, "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch {
      await delay(20);
    } finally {
      socket.destroy();
    }
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

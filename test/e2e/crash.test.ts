import { cpSync, readFileSync } from "node:fs";
import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { type CliResult, runCli, startCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { times } from "../support/full.ts";
import { serveStore } from "../support/served-store.ts";

const trainModel = [
  "train",
  "--output-dir",
  "outputs",
  "--",
  "sh",
  "-c",
  'echo weights > "$MLOPS_OUTPUT_DIR/model.bin"',
];
const register = ["register", "--model-name", "m", "--artifact-path", "model.bin", "--alias", "champion"];

async function succeed(
  args: readonly string[],
  cwd: string,
  env: Record<string, string> = {},
): Promise<CliResult> {
  const result = await runCli(args, { cwd, env });
  expect(result.stderr + result.stdout).not.toMatch(/^error:/m);
  expect(result.code).toBe(0);
  return result;
}

interface Versions {
  readonly model_versions?: readonly { readonly version: string; readonly run_id: string }[];
}

async function versionsIn(cwd: string): Promise<NonNullable<Versions["model_versions"]>> {
  const store = await serveStore(cwd);
  const answer = (await store.call("/api/2.0/mlflow/model-versions/search?max_results=100")) as Versions;
  await store.close();
  return answer.model_versions ?? [];
}

/** Passes everything on; ends `victim` at the moment when the server has made the version and before anyone hears of it. */
async function killerProxy(target: string, victim: () => number | undefined): Promise<string> {
  const proxy = createServer((request, response) => {
    const onward = httpRequest(
      `${target}${request.url}`,
      { method: request.method, headers: { ...request.headers, host: new URL(target).host } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () => {
          const pid = victim();
          if (request.url?.includes("model-versions/create") && pid !== undefined) {
            process.kill(pid, "SIGKILL");
            response.destroy();
            return;
          }
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          response.end(Buffer.concat(chunks));
        });
      },
    );
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    proxy.closeAllConnections();
    proxy.close();
  });
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

describe("kill -9 in the middle of register, then the same command again", () => {
  it("makes one version where the server had answered and nobody had heard it", async () => {
    const cwd = temporaryFolder();
    await succeed(trainModel, cwd);
    const store = await serveStore(cwd);
    let pid: number | undefined;
    const proxy = await killerProxy(store.url, () => pid);
    const env = { MLFLOW_TRACKING_URI: proxy, MLFLOW_TRACKING_TOKEN: store.token };
    const killed = startCli(register, { cwd, env });
    pid = killed.process.pid;
    expect((await killed.finished).signal).toBe("SIGKILL");
    pid = undefined;
    await succeed(register, cwd, env);
    await store.close();
    expect(await versionsIn(cwd)).toMatchObject([{ version: "1" }]);
  });

  it("makes one version wherever it is killed on the embedded store", {
    timeout: times(60_000, 300_000),
  }, async () => {
    const cwd = temporaryFolder();
    await succeed(trainModel, cwd);
    const kills = times(7, 80);
    for (let kill = 0; kill < kills; kill++) {
      const delayMs = 60 + (240 * kill) / (kills - 1);
      const cli = startCli(register, { cwd });
      const timer = setTimeout(() => cli.process.kill("SIGKILL"), delayMs);
      await cli.finished;
      clearTimeout(timer);
    }
    await succeed(register, cwd);
    expect(await versionsIn(cwd)).toMatchObject([{ version: "1" }]);
  });
});

describe("the stores of two parallel jobs laid over each other", () => {
  it("hold both runs, and name the version number that both made", async () => {
    const [first, second, both] = [temporaryFolder(), temporaryFolder(), temporaryFolder()];
    for (const job of [first, second]) {
      await succeed(trainModel, job);
      await succeed(register, job);
    }
    for (const job of [first, second])
      cpSync(path.join(job, ".mlops"), path.join(both, ".mlops"), { recursive: true });
    const runIds = [first, second].map((job) =>
      readFileSync(path.join(job, "outputs", "mlflow_run_id.txt"), "utf8").trim(),
    );
    const store = await serveStore(both);
    for (const runId of runIds) {
      expect(await store.call(`/api/2.0/mlflow/runs/get?run_id=${runId}`)).toMatchObject({
        run: { info: { run_id: runId, status: "FINISHED" } },
      });
    }
    await expect(store.call("/api/2.0/mlflow/model-versions/get?name=m&version=1")).rejects.toThrow(
      /400.*1/s,
    );
    await store.close();
    const deploy = await runCli(
      ["promote", "--model-name", "m", "--model-version", "1", "--alias", "production"],
      { cwd: both },
    );
    expect(deploy.code).not.toBe(0);
    for (const runId of runIds) expect(deploy.stderr).toContain(runId);
  });
});

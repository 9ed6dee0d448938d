import path from "node:path";
import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { run } from "../../src/main.ts";
import { runCli } from "../support/cli.ts";
import { type TestContext, testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { callStore } from "./client-call.ts";

const node = process.execPath;

async function exec(context: TestContext, ...args: string[]): Promise<number> {
  return await run(["store", "exec", "--", ...args], context);
}

function context(env: Readonly<Record<string, string>> = {}): TestContext {
  return testContext({ cwd: temporaryFolder(), env: { PATH: process.env["PATH"] ?? "", ...env } });
}

describe("store exec", () => {
  it("gives the command an address and a token that work, and prints neither token nor password", async () => {
    const ready = context({ MLFLOW_TRACKING_USERNAME: "me", MLFLOW_TRACKING_PASSWORD: "hunter2-hunter2" });
    const script = `
      const { MLFLOW_TRACKING_URI: uri, MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_PASSWORD: password } = process.env;
      const answer = await fetch(uri + "/api/2.0/mlflow/experiments/get?experiment_id=0",
        { headers: { Authorization: "Bearer " + token } });
      console.log((await answer.json()).experiment.name, token, password);`;
    expect(await exec(ready, node, "--input-type=module", "-e", script)).toBe(0);
    expect(ready.printed().stdout).toBe("Default [REDACTED] [REDACTED]\n");
  });

  it("passes the exit code on as it is, and both streams", async () => {
    const ready = context();
    const script = "console.log('out'); console.error('err'); process.exitCode = 57";
    expect(await exec(ready, node, "-e", script)).toBe(57);
    expect(ready.printed()).toEqual({ stdout: "out\n", stderr: "err\n" });
  });

  it("lets the command read what is piped in (built program)", async () => {
    const input = "console.log(6 * 7)";
    const result = await runCli(["store", "exec", "--", node, "-"], { cwd: temporaryFolder(), input });
    expect(result).toMatchObject({ code: 0, stdout: "42\n" });
  });

  it("finds its token in the command's output also where it comes in two pieces", async () => {
    const ready = context();
    const script = `
      const token = process.env.MLFLOW_TRACKING_TOKEN;
      process.stdout.write("<" + token.slice(0, 20));
      setTimeout(() => process.stdout.write(token.slice(20) + ">"), 50);`;
    expect(await exec(ready, node, "-e", script)).toBe(0);
    expect(ready.printed().stdout).toBe("<[REDACTED]>");
  });

  it("answers 128 plus the signal that ended the command", async () => {
    const ready = context();
    expect(await exec(ready, node, "-e", "process.kill(process.pid, 'SIGKILL')")).toBe(137);
    expect(ready.printed().stderr).toContain("SIGKILL");
  });

  it("answers 2 to a command that is not there, and to none at all", async () => {
    const ready = context();
    expect(await exec(ready, "no-such-program")).toBe(2);
    expect(ready.printed().stderr).toContain("no-such-program");
    expect(await exec(ready)).toBe(2);
  });
});

describe("store serve", () => {
  it("prints the two export lines, serves until interrupted, and ends with 0", async () => {
    const ready = context();
    const written = Promise.withResolvers<string>();
    const plainStdout = { ...ready.plainStdout, write: (text: string) => written.resolve(text) };
    const ended = run(["store", "serve", "--store-dir", "a store"], { ...ready, plainStdout });
    const text = await written.promise;
    const [, url = "", token = ""] =
      /^export MLFLOW_TRACKING_URI=(http:\/\/127\.0\.0\.1:\d+)\nexport MLFLOW_TRACKING_TOKEN=([0-9a-f]{64})\n$/.exec(
        text,
      ) ?? [];
    const answer = await callStore(
      { url, token },
      { method: "GET", path: "experiments/get?experiment_id=0" },
    );
    expect(answer.body.experiment.name).toBe("Default");
    ready.abort(new MlopsError({ kind: "interrupted", code: "SIGINT", message: "Interrupted." }));
    expect(await ended).toBe(0);
    await expect(fetch(`${url}/health`)).rejects.toThrow();
    expect(ready.printed().stdout).toBe("");
    expect(ready.printed().stderr).toContain(path.join("a store"));
    expect(ready.printed().stderr).not.toContain(token);
  });

  it("refuses --json and a port that is taken", async () => {
    const ready = context();
    expect(await run(["store", "serve", "--json"], ready)).toBe(2);
    const { createServer } = await import("node:net");
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    expect(await run(["store", "serve", "--port", String(port)], ready)).toBe(2);
    expect(ready.printed().stderr).toContain(`127.0.0.1:${port}`);
    server.close();
  });
});

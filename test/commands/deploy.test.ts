import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { run } from "../../src/main.ts";
import { deploymentResult } from "../../src/results/deploy.ts";
import { processesOf } from "../deploy/environment.ts";
import { startCli } from "../support/cli.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { openTestSession } from "../support/tracking-session.ts";

const server = path.resolve(import.meta.dirname, "..", "deploy", "servers", "serve.mjs");
const serve = ["--", "node", server];
const smoke = ["--smoke-request", '{"age": 54}', "--smoke-expect", "risk"];

/**
 * A project whose embedded store holds versions of the model `mortality`; `behaviours` of the test server by version.
 * `source` is what a version is made of: the folder, or the file in it.
 */
async function project(
  behaviours: readonly Readonly<Record<string, unknown>>[],
  source = "model",
): Promise<string> {
  const cwd = temporaryFolder("mlops-deploy-command");
  await using opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
  const { client } = opened.session;
  const experimentId = await client.ensureExperiment("e");
  await client.ensureRegisteredModel("mortality");
  for (const [index, behaviour] of behaviours.entries()) {
    const created = { experimentId, startTimeMs: index + 1, tags: {}, idempotencyKey: `k${index}` };
    const { runId, artifactUri } = await client.createRun(created);
    const file = path.join(cwd, "behaviour.json");
    await writeFile(file, JSON.stringify(behaviour));
    await client.artifacts.uploadFile(artifactUri, "model/behaviour.json", file);
    await client.createModelVersion({
      name: "mortality",
      source: `${artifactUri}/${source}`,
      runId,
      tags: {},
    });
  }
  await client.setAlias("mortality", "champion", "1");
  onTestFinished(async () => {
    await mlops(cwd, ["deploy", "--stop"]);
    expect(await processesOf(cwd), "processes left running").toEqual([]);
  });
  return cwd;
}

async function mlops(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "", ...env } });
  const code = await run(args, context);
  return { code, ...context.printed() };
}

const deploy = (cwd: string, version: string, ...more: readonly string[]) =>
  mlops(cwd, [
    "deploy",
    "--model-name",
    "mortality",
    "--model-version",
    version,
    ...smoke,
    ...more,
    ...serve,
  ]);

const resultOf = (cwd: string) =>
  deploymentResult.parse(JSON.parse(readFileSync(path.join(cwd, "deployment.json"), "utf8")));

describe("mlops deploy", () => {
  it("serves a version, writes the result and the values for later jobs, then stops", async () => {
    const cwd = await project([{}]);
    const done = await deploy(cwd, "1", "--dotenv", "deploy.env");
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const result = resultOf(cwd);
    expect(result).toMatchObject({ verdict: "pass", action: "deploy", previous: null, failure: null });
    expect(result.inputs[0]).toMatchObject({
      uri: "models:/mortality/1",
      sha256: result.release?.model.sha256,
    });
    const url = result.serving?.endpointUrl ?? "";
    expect(readFileSync(path.join(cwd, "deploy.env"), "utf8")).toBe(
      `ENDPOINT_URL=${url}\nDEPLOYED_VERSION=1\n`,
    );
    expect(done.stdout).toContain(`deployed: ${url}`);
    expect(await (await fetch(`${url}/predict`)).json()).toMatchObject({ version: "1" });

    const status = await mlops(cwd, ["deploy", "--status"]);
    expect(status).toMatchObject({ code: 0, stdout: expect.stringMatching(/healthy\n$/) });
    const stopped = await mlops(cwd, ["deploy", "--stop"]);
    expect(stopped.stdout).toContain("mortality version 1 (release 1) and the relay were stopped");
    expect(await processesOf(cwd)).toEqual([]);
    expect(await mlops(cwd, ["deploy", "--status"])).toMatchObject({ code: 4 });
    expect(await mlops(cwd, ["deploy", "--stop"])).toMatchObject({ code: 0 });
  });

  it("serves a version that is made of a single file", async () => {
    const cwd = await project([{ crash: false }], "model/behaviour.json");
    const done = await deploy(cwd, "1");
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(resultOf(cwd).release?.model.files).toBe(1);
  });

  it("exits with 3 where the smoke test fails, and the old version keeps serving", async () => {
    const cwd = await project([{}, { predictStatus: 500 }]);
    await deploy(cwd, "1");
    const bad = await deploy(cwd, "2", "--dotenv", "deploy.env");
    expect(bad).toMatchObject({ code: 3 });
    expect(bad.stdout).toMatch(/failed at +smoke/);
    expect(bad.stdout).toContain("serving version 2");
    expect(bad.stdout).toMatch(/not deployed: mortality version 1 \(release 1\) keeps serving at http/);
    const result = resultOf(cwd);
    expect(result).toMatchObject({ verdict: "fail", failure: { stage: "smoke" }, serving: { version: "1" } });
    expect(await (await fetch(`${result.serving?.endpointUrl}/predict`)).json()).toMatchObject({
      version: "1",
    });
    expect(readFileSync(path.join(cwd, "deploy.env"), "utf8")).toContain("DEPLOYED_VERSION=1\n");
  });

  it("exits with 3 where the server crashes at the start, and nothing is left", async () => {
    const cwd = await project([{ crash: true }]);
    const bad = await deploy(cwd, "1");
    expect(bad).toMatchObject({ code: 3 });
    expect(bad.stdout).toContain("| Traceback: the model cannot be unpickled");
    expect(bad.stdout).toContain("not deployed: nothing serves environment local");
    expect(await processesOf(cwd)).toEqual([]);
    expect(await mlops(cwd, ["deploy", "--status"])).toMatchObject({ code: 4 });
  });

  it("takes everything from mlops.yaml, the version from an alias, and the request from a file beside it", async () => {
    const cwd = await project([{}]);
    await mkdir(path.join(cwd, "ci"));
    await writeFile(path.join(cwd, "ci", "request.json"), '{"age": 60}');
    await writeFile(
      path.join(cwd, "ci", "mlops.yaml"),
      [
        "model_name: mortality",
        "deploy:",
        "  alias: champion",
        "  environment: review/feature-1",
        `  serve_command: [node, ${JSON.stringify(server)}]`,
        "  smoke_request: request.json",
        "  health_timeout: 20s",
      ].join("\n"),
    );
    const done = await mlops(cwd, ["deploy", "--config", "ci/mlops.yaml"]);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    expect(resultOf(cwd)).toMatchObject({
      environment: "review/feature-1",
      release: { model: { version: "1", alias: "champion" }, workingDirectory: path.join(cwd, "ci") },
    });
    expect(resultOf(cwd).release?.smoke?.response).toContain('"got":{"age":60}');
    await mlops(cwd, ["deploy", "--stop", "--environment", "review/feature-1"]);
  });

  it("gives the server no secret of the job, unless it is asked to", async () => {
    const cwd = await project([{}]);
    const env = {
      CI_JOB_TOKEN: "job-token-1234",
      DB_PASSWORD: "db-password-1234",
      DATABASE: "postgres://ann:pg-password-1234@db/x",
      THREADS: "4",
    };
    const args = [
      "deploy",
      "--model-name",
      "mortality",
      "--alias",
      "champion",
      "--pass-env",
      "DB_PASSWORD",
      ...serve,
    ];
    const done = await mlops(cwd, args, env);
    expect(done, done.stderr).toMatchObject({ code: 0 });
    const seen = await (await fetch(`${resultOf(cwd).serving?.endpointUrl}/environment`)).json();
    expect(seen).toMatchObject({
      DB_PASSWORD: "db-password-1234",
      THREADS: "4",
      MLOPS_MODEL_VERSION: "1",
      HOST: "127.0.0.1",
    });
    for (const name of ["CI_JOB_TOKEN", "DATABASE", "MLFLOW_TRACKING_TOKEN"])
      expect(seen).not.toHaveProperty(name);
    const records = readFileSync(path.join(cwd, ".mlops/deployments/local/release-1.json"), "utf8");
    expect(records).not.toContain("password-1234");
  });

  it("records the job that deployed", async () => {
    const cwd = await project([{}]);
    const env = {
      CI_COMMIT_SHA: "abc",
      CI_COMMIT_REF_NAME: "main",
      GITLAB_USER_LOGIN: "ann",
      CI_JOB_URL: "https://g/j/1",
    };
    await mlops(cwd, ["deploy", ...smoke, ...serve], { ...env, MODEL_NAME: "mortality", MODEL_VERSION: "1" });
    expect(resultOf(cwd).release?.origin).toEqual({
      commit: "abc",
      branch: "main",
      pipelineUrl: null,
      jobUrl: "https://g/j/1",
      user: "ann",
    });
  });

  it("says what it would do with --dry-run, and starts nothing", async () => {
    const cwd = await project([{}]);
    const dry = await deploy(cwd, "1", "--dry-run");
    expect(dry).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("would deploy mortality version 1"),
    });
    expect(existsSync(path.join(cwd, ".mlops/deployments"))).toBe(false);
    expect(existsSync(path.join(cwd, "deployment.json"))).toBe(false);
  });

  it("is blocked by a deploy freeze, unless told to ignore it", async () => {
    const cwd = await project([{}]);
    const args = ["deploy", "--model-name", "mortality", "--model-version", "1", ...smoke];
    const frozen = await mlops(cwd, [...args, ...serve], { CI_DEPLOY_FREEZE: "true" });
    expect(frozen).toMatchObject({ code: 5, stderr: expect.stringContaining("freeze window") });
    const forced = await mlops(cwd, [...args, "--ignore-freeze", ...serve], { CI_DEPLOY_FREEZE: "true" });
    expect(forced).toMatchObject({ code: 0 });
  });

  it("refuses what it cannot do, and says what to do instead", async () => {
    const cwd = await project([{}]);
    const both = ["deploy", "--model-name", "mortality", "--model-version", "1"];
    const cases: [readonly string[], number, RegExp][] = [
      [[...both, "--target", "kserve", ...serve], 2, /--target is kserve; .*process only/],
      [
        [...both, "--namespace", "ml", "--k8s-context", "c", ...serve],
        2,
        /--namespace and --k8s-context would only make sense/,
      ],
      [both, 2, /no serve command/],
      [["deploy", ...serve], 2, /Which model\?/],
      [["deploy", "--model-name", "mortality", ...serve], 2, /Which version of mortality\?/],
      [
        [...both, "--alias", "champion", ...serve],
        2,
        /--model-version says version 1, --alias says alias champion/,
      ],
      [
        ["deploy", "--model-name", "mortality", "--alias", "gold", ...serve],
        4,
        /no version with the alias "gold"/,
      ],
      [[...both, "--smoke-request", "{age}", ...serve], 2, /smoke request \(--smoke-request\) is not JSON/],
      [[...both, "--smoke-request", "nowhere.json", ...serve], 2, /nowhere\.json .*cannot be read/],
      [[...both, "--smoke-expect", "risk", ...serve], 2, /no --smoke-request/],
      [
        [...both, "--health-path", "health", "--port", "70000", ...serve],
        2,
        /--health-path is "health"[\s\S]*--port is 70000/,
      ],
      [[...both, "--status", "--stop", ...serve], 2, /exclude each other/],
      [[...both, "--", "no-such-program"], 2, /"no-such-program" is not found/],
    ];
    for (const [args, code, message] of cases) {
      const refused = await mlops(cwd, args);
      expect(refused.stderr).toMatch(message);
      expect(refused.code, args.join(" ")).toBe(code);
    }
    expect(await processesOf(cwd)).toEqual([]);
  });

  it("refuses a version whose files are gone, before anything is started", async () => {
    const cwd = await project([{}]);
    {
      await using opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
      const { client } = opened.session;
      const [run] = await client.searchRuns({ experimentIds: [await client.ensureExperiment("e")] });
      const source = `${run?.artifactUri}/nowhere`;
      await client.createModelVersion({ name: "mortality", source, runId: run?.runId ?? "", tags: {} });
    }
    const refused = await deploy(cwd, "2");
    expect(refused).toMatchObject({
      code: 4,
      stderr: expect.stringContaining("Version 2 of mortality has no files"),
    });
    expect(await processesOf(cwd)).toEqual([]);
  });

  it("lets --alias win over a MODEL_VERSION that an earlier job left", async () => {
    const cwd = await project([{}, {}]);
    const args = ["deploy", "--model-name", "mortality", "--alias", "champion", "--dry-run", ...serve];
    const dry = await mlops(cwd, args, { MODEL_VERSION: "2" });
    expect(dry.stdout).toContain("version 1");
  });

  it("stops the new server and keeps the old one when SIGTERM comes in the middle (built program)", async () => {
    const cwd = await project([{}, { neverHealthy: true }]);
    await deploy(cwd, "1");
    const url = resultOf(cwd).serving?.endpointUrl;
    const cli = startCli(
      ["deploy", "--model-name", "mortality", "--model-version", "2", ...smoke, ...serve],
      { cwd },
    );
    await cli.printed(/release 2: started/);
    const begin = performance.now();
    cli.process.kill("SIGTERM");
    expect(await cli.finished).toMatchObject({ code: 143 });
    expect(performance.now() - begin).toBeLessThan(5000);
    expect(await (await fetch(`${url}/predict`)).json()).toMatchObject({ version: "1" });
    expect((await mlops(cwd, ["deploy", "--status", "--json"])).stdout).toContain('"verdict": "pass"');
  });

  it("clears up after a command that was killed with kill -9 (built program)", async () => {
    const cwd = await project([{}, { neverHealthy: true }]);
    await deploy(cwd, "1");
    const url = resultOf(cwd).serving?.endpointUrl;
    const args = ["deploy", "--model-name", "mortality", "--model-version", "2", ...smoke, ...serve];
    const cli = startCli(args, { cwd });
    await cli.printed(/release 2: started/);
    cli.process.kill("SIGKILL");
    await cli.finished;
    expect(await (await fetch(`${url}/predict`)).json()).toMatchObject({ version: "1" });
    const again = await deploy(cwd, "1");
    expect(again, again.stderr).toMatchObject({ code: 0 });
    expect(again.stderr).toContain("Release 2 was left behind by a command that was killed");
    expect(resultOf(cwd)).toMatchObject({ release: { release: 3 }, serving: { endpointUrl: url } });
    // The relay and release 3, nothing else.
    expect(await processesOf(cwd)).toHaveLength(2);
  });

  it("leaves a server that outlives the command (built program), which is stopped later", async () => {
    const cwd = await project([{}]);
    const args = ["deploy", "--model-name", "mortality", "--model-version", "1", ...smoke, ...serve];
    expect(await startCli(args, { cwd }).finished).toMatchObject({ code: 0 });
    expect((await fetch(`${resultOf(cwd).serving?.endpointUrl}/health`)).status).toBe(200);
    expect(await startCli(["deploy", "--stop"], { cwd }).finished).toMatchObject({ code: 0 });
    expect(await processesOf(cwd)).toEqual([]);
  });
});

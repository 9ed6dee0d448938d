import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { deploy, mlops, project, resultOf, serve, server, smoke } from "./deploy-case.ts";

describe("mlops deploy", () => {
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

  it("lets --alias win over a MODEL_VERSION that an earlier job left", async () => {
    const cwd = await project([{}, {}]);
    const args = ["deploy", "--model-name", "mortality", "--alias", "champion", "--dry-run", ...serve];
    const dry = await mlops(cwd, args, { MODEL_VERSION: "2" });
    expect(dry.stdout).toContain("version 1");
  });
});

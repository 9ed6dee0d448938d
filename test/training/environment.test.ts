import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { trainingEnvironment } from "../../src/training/environment.ts";
import { contextTags, runTags } from "../../src/training/tags.ts";
import { temporaryFolder } from "../support/folder.ts";

function environmentOf(env: Readonly<Record<string, string>>): Readonly<Record<string, string | undefined>> {
  return trainingEnvironment({
    env,
    session: { kind: "embedded", childEnvironment: { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" } },
    run: { runId: "r1", experimentId: "7", experimentName: "mortality" },
    contextTags: { "mlops.job_id": "5" },
    outputDirectory: "/project/outputs",
    dataPath: undefined,
  });
}

describe("trainingEnvironment", () => {
  it("names the run and the folder, over what the user has set", () => {
    expect(environmentOf({ MLFLOW_RUN_ID: "old", HOME: "/home/me" })).toMatchObject({
      HOME: "/home/me",
      MLFLOW_TRACKING_URI: "http://127.0.0.1:9",
      MLFLOW_RUN_ID: "r1",
      MLFLOW_EXPERIMENT_ID: "7",
      MLFLOW_EXPERIMENT_NAME: "mortality",
      MLOPS_OUTPUT_DIR: "/project/outputs",
    });
    expect(environmentOf({})).not.toHaveProperty("MLOPS_DATA_PATH");
  });

  it("tags further runs of the program as children, and keeps the user's own context", () => {
    const context = (own: string) =>
      JSON.parse(environmentOf({ MLFLOW_RUN_CONTEXT: own })["MLFLOW_RUN_CONTEXT"] ?? "");
    const added = { "mlops.job_id": "5", "mlflow.parentRunId": "r1" };
    expect(context('{"team":"risk"}')).toEqual({ team: "risk", ...added });
    expect(context("no json")).toEqual(added);
  });

  it("has Python's output come as it is written, unless the user says otherwise", () => {
    expect(environmentOf({})["PYTHONUNBUFFERED"]).toBe("1");
    expect(environmentOf({ PYTHONUNBUFFERED: "" })["PYTHONUNBUFFERED"]).toBe("");
  });
});

describe("runTags", () => {
  it("takes GitLab's variables, with the tag that links a run to its job", async () => {
    const env = {
      PATH: process.env["PATH"],
      GITLAB_CI: "true",
      CI_COMMIT_SHA: "c0ffee",
      CI_COMMIT_REF_NAME: "main",
      CI_PIPELINE_ID: "11",
      CI_PIPELINE_URL: "https://gitlab.corp/p/11",
      CI_JOB_ID: "22",
      CI_JOB_URL: "https://gitlab.corp/j/22",
      GITLAB_USER_LOGIN: "ada",
    };
    const tags = await runTags({
      env,
      cwd: temporaryFolder(),
      source: "train.py",
      command: "python train.py",
    });
    expect(tags).toEqual({
      "mlflow.source.name": "train.py",
      "mlflow.source.type": "JOB",
      "mlflow.source.git.commit": "c0ffee",
      "mlflow.source.git.branch": "main",
      "mlflow.user": "ada",
      "mlops.command": "python train.py",
      "mlops.branch": "main",
      "mlops.pipeline_id": "11",
      "mlops.pipeline_url": "https://gitlab.corp/p/11",
      "mlops.job_id": "22",
      "mlops.job_url": "https://gitlab.corp/j/22",
      "gitlab.CI_JOB_ID": "22",
    });
    expect(Object.keys(contextTags(tags))).not.toContain("mlflow.user");
  });

  it("asks git on a laptop, and does without where there is no repository", async () => {
    const cwd = temporaryFolder();
    const env = { PATH: process.env["PATH"], USER: "ada", GIT_CEILING_DIRECTORIES: cwd };
    const bare = await runTags({ env, cwd, source: "a.py", command: "python a.py" });
    expect(bare).toEqual({
      "mlflow.source.name": "a.py",
      "mlflow.source.type": "LOCAL",
      "mlflow.user": "ada",
      "mlops.command": "python a.py",
    });
    const git = (...args: string[]) =>
      execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b.c", ...args], {
        cwd,
        encoding: "utf8",
      }).trim();
    git("init", "-q", "-b", "trunk");
    git("commit", "-q", "--allow-empty", "-m", "first");
    expect(await runTags({ env, cwd, source: "a.py", command: "python a.py" })).toMatchObject({
      "mlflow.source.git.commit": git("rev-parse", "HEAD"),
      "mlflow.source.git.branch": "trunk",
    });
  });
});

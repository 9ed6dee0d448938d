import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { processesOf } from "../deploy/environment.ts";
import { deploy, mlops, project, resultOf, serve } from "./deploy-case.ts";

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
});

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { registerResult } from "../../src/results/register.ts";
import { runWithFile } from "../support/tracking-place.ts";
import { registerPlaces, versionsOf } from "./register-places.ts";

const { weights, newPlace } = registerPlaces();

const job = {
  CI_JOB_ID: "77",
  CI_JOB_NAME: "register",
  CI_PIPELINE_ID: "5",
  CI_PIPELINE_URL: "https://gitlab.example.com/p/5",
  CI_COMMIT_SHA: "c0ffee",
};

it("makes one version where one job runs twice at the same time on an embedded store", async () => {
  const { place, name } = newPlace("embedded");
  const runId = await runWithFile(place, weights);
  const args = ["register", "--model-name", name, "--run-id", runId, "--artifact-path", "model.joblib"];
  const ended = await Promise.all([1, 2, 3].map((n) => place.mlops([...args, "--output-path", `${n}.json`])));
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  expect((await versionsOf(place, name)).map(({ version }) => version)).toEqual(["1"]);
});

describe.each(["mlflow server", "embedded"])("mlops register, %s", (kind) => {
  it("registers a file of a run, with tags of the job, and passes the version on", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    const ended = await place.mlops(
      ["register", "--model-name", name, "--run-id", runId, "--artifact-path", "model.joblib"].concat(
        [
          "--alias",
          "challenger",
          "--stage",
          "Staging",
          "--description",
          "first try",
          "--tag",
          "team=risk=low",
        ],
        ["--dotenv", "register.env"],
      ),
      job,
    );
    expect(ended).toMatchObject({ code: 0 });
    expect(readFileSync(path.join(place.cwd, "register.env"), "utf8").split("\n")).toEqual([
      `MODEL_NAME=${name}`,
      "MODEL_VERSION=1",
      `MODEL_URI=models:/${name}/1`,
      "MODEL_ALIAS=challenger",
      "",
    ]);
    const result = registerResult.parse(
      JSON.parse(readFileSync(path.join(place.cwd, "registration.json"), "utf8")),
    );
    expect(result).toMatchObject({
      verdict: "pass",
      created: true,
      runId,
      model: { version: "1", sourceKind: "file" },
    });
    const [version] = await versionsOf(place, name);
    expect(version).toMatchObject({ version: "1", runId, description: "first try" });
    expect(version?.source).toMatch(/^mlflow-artifacts:\/.*\/model\.joblib$/);
    expect(Object.fromEntries(version?.tags ?? [])).toMatchObject({
      team: "risk=low",
      "mlops.git_commit": "c0ffee",
      "mlops.pipeline_id": "5",
      "mlops.pipeline_url": "https://gitlab.example.com/p/5",
      "mlops.job_id": "77",
    });
    for (const alias of ["challenger", "staging"])
      expect((await place.use((client) => client.getAlias(name, alias)))?.version).toBe("1");
    expect(ended.stderr).toContain("--stage Staging is taken as --alias staging");
  });

  it("creates nothing new on a second start, a retried job with a new id included, and says so", async () => {
    const { place, name } = newPlace(kind);
    mkdirSync(path.join(place.cwd, "outputs"));
    const runId = await runWithFile(place, weights);
    writeFileSync(path.join(place.cwd, "outputs", "mlflow_run_id.txt"), `${runId}\n`);
    const args = ["register", "--model-name", name, "--artifact-path", "model.joblib"];
    expect((await place.mlops(args, job)).stdout).toContain(`${name} version 1 registered.`);
    const again = await place.mlops([...args, "--json", "--alias", "champion"], { ...job, CI_JOB_ID: "78" });
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ created: false, model: { version: "1" } });
    expect(await versionsOf(place, name)).toHaveLength(1);
    // What a start that was cut off left undone is done.
    expect((await place.use((client) => client.getAlias(name, "champion")))?.version).toBe("1");
  });

  it("makes another version for another run, and leaves the alias with it when the first job is retried", async () => {
    const { place, name } = newPlace(kind);
    const args = ["register", "--model-name", name, "--artifact-path", "model.joblib", "--alias", "champion"];
    const first = await runWithFile(place, weights);
    const second = await runWithFile(place, weights);
    expect((await place.mlops([...args, "--run-id", first], job)).code).toBe(0);
    expect((await place.mlops([...args, "--run-id", second], job)).code).toBe(0);
    const retried = await place.mlops([...args, "--run-id", first], job);
    expect(retried.code).toBe(0);
    expect(retried.stderr).toContain("belongs to the later version 2");
    expect(await versionsOf(place, name)).toHaveLength(2);
    expect((await place.use((client) => client.getAlias(name, "champion")))?.version).toBe("2");
  });

  it("writes metrics and the verdict as tags, and refuses a gate that did not pass unless told to", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    const write = (file: string, content: unknown) =>
      writeFileSync(path.join(place.cwd, file), JSON.stringify(content));
    write("evaluation_results.json", { schemaVersion: 1, metrics: { auc: 0.81, log_loss: 0.4, f1: null } });
    write("gate.json", { verdict: "fail", checks: [] });
    const args = [
      "register",
      "--model-name",
      name,
      "--run-id",
      runId,
      "--artifact-path",
      "model.joblib",
    ].concat(["--evaluation", "evaluation_results.json", "--gate", "gate.json"]);
    const refused = await place.mlops(args);
    expect(refused.code).toBe(5);
    expect(refused.stderr).toContain("--allow-failed-gate");
    expect(await versionsOf(place, name)).toEqual([]);
    const ended = await place.mlops([...args, "--allow-failed-gate"]);
    expect(ended.code).toBe(0);
    const [version] = await versionsOf(place, name);
    const tags = Object.fromEntries(version?.tags ?? []);
    expect(tags).toMatchObject({
      "metric.auc": "0.81",
      "metric.log_loss": "0.4",
      "mlops.gate_verdict": "fail",
    });
    expect(tags).not.toHaveProperty("metric.f1");
  });

  it("changes nothing in a dry run", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    const ended = await place.mlops([
      "register",
      "--dry-run",
      "--model-name",
      name,
      "--run-id",
      runId,
      "--artifact-path",
      "model.joblib",
    ]);
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.stdout).toContain("would be registered");
    expect(await versionsOf(place, name)).toEqual([]);
  });
});

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { registerResult } from "../../src/results/register.ts";
import { type MlflowServer, startMlflowServer } from "../support/mlflow-server.ts";
import {
  logModel,
  rawCall,
  runWithFile,
  type TrackingPlace,
  trackingPlace,
} from "../support/tracking-place.ts";

const folder = mkdtempSync(path.join(tmpdir(), "mlops-register-"));
const weights = path.join(folder, "weights.bin");
let server: MlflowServer;

beforeAll(async () => {
  writeFileSync(weights, "weights");
  server = await startMlflowServer({ directory: path.join(folder, "server") });
});

afterAll(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const job = {
  CI_JOB_ID: "77",
  CI_JOB_NAME: "register",
  CI_PIPELINE_ID: "5",
  CI_PIPELINE_URL: "https://gitlab.example.com/p/5",
  CI_COMMIT_SHA: "c0ffee",
};

let count = 0;
/** A fresh folder and a model name of its own, so that tests can share the server. */
function newPlace(kind: string): { readonly place: TrackingPlace; readonly name: string } {
  count++;
  const cwd = path.join(folder, `cwd-${count}`);
  mkdirSync(cwd);
  return { place: trackingPlace(cwd, kind === "embedded" ? "embedded" : server.url), name: `model-${count}` };
}

function versionsOf(place: TrackingPlace, name: string) {
  return place.use((client) => client.searchModelVersions(`name = '${name}'`));
}

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

  it("registers the run's only logged model by its id, and its files can be found", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    const modelId = await logModel(place, runId, { name: "model", localFile: weights });
    const ended = await place.mlops(["register", "--json", "--model-name", name, "--run-id", runId]);
    expect(ended).toMatchObject({ code: 0 });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      model: { source: `models:/${modelId}`, sourceKind: "logged model", modelId },
    });
    const uri = await place.use((client) => client.downloadUriOf(name, "1"));
    const files = await place.use((client) => client.artifacts.listFiles(uri));
    expect(files.map((file) => file.path)).toEqual(["MLmodel"]);
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

  it("refuses a logged model that is not READY", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    await logModel(place, runId, { name: "model", localFile: weights, status: "PENDING" });
    const ended = await place.mlops(["register", "--model-name", name, "--run-id", runId]);
    expect(ended.code).toBe(4);
    expect(ended.stderr).toContain("is PENDING, not READY");
    expect(await versionsOf(place, name)).toEqual([]);
  });

  it("lists the models where there are several, and takes the one that is named", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    await logModel(place, runId, { name: "coarse", localFile: weights });
    const fine = await logModel(place, runId, { name: "fine", localFile: weights });
    const ended = await place.mlops(["register", "--model-name", name, "--run-id", runId]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/logged 2 models: .*coarse.*READY/);
    const chosen = await place.mlops([
      "register",
      "--json",
      "--model-name",
      name,
      "--run-id",
      runId,
      "--artifact-path",
      "fine",
    ]);
    expect(JSON.parse(chosen.stdout)).toMatchObject({ model: { modelId: fine } });
  });

  it("finds an MLmodel folder in the run's artifacts, as MLflow 2 clients leave it", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    await place.use(async (client) => {
      const { artifactUri } = await client.getRun(runId);
      await client.artifacts.uploadFile(artifactUri, "clf/MLmodel", weights);
      await client.artifacts.uploadFile(artifactUri, "clf/model.pkl", weights);
    });
    const ended = await place.mlops(["register", "--json", "--model-name", name, "--run-id", runId]);
    expect(JSON.parse(ended.stdout)).toMatchObject({ model: { sourceKind: "model folder" } });
    expect((await versionsOf(place, name))[0]?.source).toMatch(/\/artifacts\/clf$/);
  });

  it("says what the run holds where there is no model or not the named one", async () => {
    const { place, name } = newPlace(kind);
    const runId = await runWithFile(place, weights);
    const none = await place.mlops(["register", "--model-name", name, "--run-id", runId]);
    expect(none.code).toBe(2);
    expect(none.stderr).toMatch(/no logged model and no MLmodel.*model\.joblib/);
    const other = await place.mlops([
      "register",
      "--model-name",
      name,
      "--run-id",
      runId,
      "--artifact-path",
      "model.onnx",
    ]);
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/has no "model\.onnx".*Its artifacts: model\.joblib/);
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

describe("mlops register, mlflow server", () => {
  it("refuses a deleted run, with the way to restore it", async () => {
    const { place, name } = newPlace("mlflow server");
    const runId = await runWithFile(place, weights);
    await place.use((_client, session) =>
      rawCall(session, { method: "POST", route: "runs/delete", json: { run_id: runId } }),
    );
    const ended = await place.mlops(["register", "--model-name", name, "--run-id", runId]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/is deleted[\s\S]*mlflow runs restore --run-id/);
  });
});

describe("mlops register, before any server is asked", () => {
  const nowhere = { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };

  it.each([
    [["--run-id", "a1"], /name of the registered model is missing/],
    [["--model-name", "m"], /no --run-id, no MLFLOW_RUN_ID, and no outputs\/mlflow_run_id\.txt/],
    [["--model-name", "m", "--run-id-file", "none.txt"], /none\.txt \(--run-id-file\) does not exist/],
    [["--model-name", "m", "--run-id", "../x"], /is no run id/],
    [["--model-name", "m", "--run-id", "a1", "--tag", "nonsense"], /--tag "nonsense" is not KEY=VALUE/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "none.json"], /none\.json \(--gate\) cannot be read/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "bad.json"], /bad\.json \(--gate\) is not JSON/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "odd.json"], /odd\.json is not what.*verdict/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "other.json"], /other\.json is about run b2/],
    [["--model-name", "a/b", "--run-id", "a1", "--alias", "v3"], /may not hold "\/".*\n.*reserved/],
  ])("names what is wrong with %j", async (args, message) => {
    const { place } = newPlace("embedded");
    writeFileSync(path.join(place.cwd, "bad.json"), "{");
    writeFileSync(path.join(place.cwd, "odd.json"), "{}");
    writeFileSync(path.join(place.cwd, "other.json"), '{"verdict":"pass","runId":"b2"}');
    const ended = await place.mlops(["register", ...args], nowhere);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(message);
  });
});

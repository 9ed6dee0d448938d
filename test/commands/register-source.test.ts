import { describe, expect, it } from "vitest";
import { logModel, rawCall, runWithFile } from "../support/tracking-place.ts";
import { registerPlaces, versionsOf } from "./register-places.ts";

const { weights, newPlace } = registerPlaces();

describe.each(["mlflow server", "embedded"])("mlops register, %s", (kind) => {
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

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { downloadModel, openLocalModel } from "../../src/scoring/model-location.ts";
import { temporaryFolder } from "../support/folder.ts";
import { logModel, runWithFile, trackingPlace } from "../support/tracking-place.ts";

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  return folder;
}

const signature = `signature:
  inputs: '[{"type": "long", "name": "age", "required": true}, {"type": "double", "name": "weight", "required": false}]'
`;

describe("a model on this machine", () => {
  it.each([
    ["model.joblib", "x", "pickle", true],
    ["model.skops", "x", "skops", false],
    ["model.onnx", "x", "onnx", false],
    ["model.ubj", "x", "xgboost", false],
    ["model.json", '{"learner":{"attributes":{}}}', "xgboost", false],
    ["model.txt", "tree\nversion=v4\n", "lightgbm", false],
    ["model.model", "tree\nversion=v4\n", "lightgbm", false],
    ["model.PT", "x", "torch", true],
    ["model", "ccopy_reg\n_reconstructor\n", "pickle", true],
    ["model.sav", "x\x01c", "pickle", true],
  ])("%s holding %j is known as %s", async (name, text, kind, runsCode) => {
    const cwd = folderWith({ [name]: text });
    const model = await openLocalModel(name, cwd);
    expect(model.format).toMatchObject({ kind, runsCode, file: path.join(cwd, name) });
    expect(model.sizeBytes).toBe(text.length);
  });

  it.each([
    [{ "m/a.json": "{}", "m/model.joblib": "x" }, "pickle", "m/model.joblib"],
    [{ "m/saved_model.pb": "x", "m/variables/v": "y" }, "saved-model", "m"],
    [
      { "m/MLmodel": "flavors:\n  python_function: {loader_module: own}\n", "m/model.pkl": "x" },
      "pyfunc",
      "m",
    ],
    [
      {
        "m/MLmodel": "flavors:\n  sklearn: {pickled_model: model.pkl}\n  python_function: {}\n",
        "m/model.pkl": "x",
      },
      "pickle",
      "m/model.pkl",
    ],
    [
      { "m/MLmodel": "flavors:\n  onnx: {data: model.onnx}\n  python_function: {}\n", "m/model.onnx": "x" },
      "onnx",
      "m/model.onnx",
    ],
    [
      { "m/MLmodel": "flavors:\n  lightgbm: {data: model.pkl, model_class: a.B}\n", "m/model.pkl": "x" },
      "pickle",
      "m/model.pkl",
    ],
  ])("a folder with %j is %s", async (files, kind, file) => {
    const cwd = folderWith(files);
    expect((await openLocalModel("m", cwd)).format).toMatchObject({ kind, file: path.join(cwd, file) });
  });

  it("the signature and the code of an MLmodel go along", async () => {
    const text = `flavors:\n  python_function: {loader_module: own, code: code}\n${signature}`;
    const cwd = folderWith({ "m/MLmodel": text, "m/code/own.py": "" });
    expect((await openLocalModel("m", cwd)).format).toMatchObject({
      codeFolders: [path.join(cwd, "m", "code")],
      signature: [
        { name: "age", type: "long", isRequired: true },
        { name: "weight", type: "double", isRequired: false },
      ],
    });
  });

  it("the digest of a folder changes with a name, a byte, and nothing else", async () => {
    const MLmodel = "flavors:\n  python_function: {loader_module: own}\n";
    const digest = async (files: Readonly<Record<string, string>>) =>
      (await openLocalModel("m", folderWith(files))).sha256;
    const first = await digest({ "m/MLmodel": MLmodel, "m/a/b": "1", "m/c": "2" });
    expect(await digest({ "m/c": "2", "m/a/b": "1", "m/MLmodel": MLmodel })).toBe(first);
    expect(await digest({ "m/MLmodel": MLmodel, "m/a/b": "2", "m/c": "2" })).not.toBe(first);
    expect(await digest({ "m/MLmodel": MLmodel, "m/a/d": "1", "m/c": "2" })).not.toBe(first);
  });

  it.each([
    [{ "m/a.joblib": "x", "m/b.onnx": "x" }, "holds 2 model files: a.joblib, b.onnx"],
    [{ "m/metrics.json": "{}" }, "holds no MLmodel and no model file"],
    [{ "m/MLmodel": "flavors: [" }, "The MLmodel of m cannot be read"],
    [{ "m/MLmodel": "flavors: {mleap: {}}" }, "of the flavors mleap, none of which runs in Python"],
    [{ "m/MLmodel": "flavors: {onnx: {data: ../x.onnx}}", "x.onnx": "x" }, "is outside its folder"],
    [{ "m/MLmodel": "flavors: {onnx: {data: x.onnx}}" }, 'names "x.onnx", which is not there'],
    [
      { "m/MLmodel": "flavors: {python_function: {}}\nsignature: {inputs: '{'}" },
      "The signature in the MLmodel of m",
    ],
  ])("%j is no model, and why is said", async (files, message) => {
    const refused = await openLocalModel("m", folderWith(files)).catch((error: unknown) => error);
    expect(refused).toMatchObject({ kind: "not-evaluable", message: expect.stringContaining(message) });
  });

  it("a JSON or text file that no library wrote is no model", async () => {
    const refused = await openLocalModel("a.json", folderWith({ "a.json": "{}" })).catch(
      (error: unknown) => error,
    );
    expect(refused).toMatchObject({
      code: "MODEL_MISSING",
      message: expect.stringContaining("no model that this program"),
    });
  });

  it("knows the run that mlops train named beside it", async () => {
    const cwd = folderWith({ "out/model.joblib": "x", "out/mlflow_run_id.txt": "abc\n" });
    expect(await openLocalModel("out", cwd)).toMatchObject({ runId: null, runIdBeside: "abc" });
  });
});

describe("a model of a tracking server", () => {
  it("is the logged model of that name, by its id, its run, and before an artifact of the same name", async () => {
    const folder = folderWith({
      MLmodel: "flavors:\n  python_function: {loader_module: own}\n",
      "model.joblib": "x",
    });
    const place = trackingPlace(folder, "embedded");
    const runId = await runWithFile(place, path.join(folder, "model.joblib"));
    const modelId = await logModel(place, runId, { name: "ours", localFile: path.join(folder, "MLmodel") });
    await place.use(async (client) => {
      for (const [index, uri] of [`runs:/${runId}/ours`, `models:/${modelId}`].entries()) {
        const model = await downloadModel(client, uri, path.join(folder, `fetched-${index}`));
        expect(model).toMatchObject({ uri, runId, format: { kind: "pyfunc" } });
      }
      const artifact = await downloadModel(
        client,
        `runs:/${runId}/model.joblib`,
        path.join(folder, "fetched"),
      );
      expect(artifact).toMatchObject({ runId, format: { kind: "pickle" } });
    });
  });
});

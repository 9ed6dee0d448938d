import { cpSync, existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { scoringIn } from "./models.ts";

const python = path.resolve(import.meta.dirname, "../../.cache/venv-torch/bin/python");

describe.skipIf(!existsSync(python))("networks of PyTorch (it is installed by test:full)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-torch-"));
  const { score, expected } = scoringIn(folder, () => Promise.resolve(python));
  beforeAll(async () => {
    for (const name of ["make_torch.py", "torch_net.py"])
      cpSync(path.join(import.meta.dirname, name), path.join(folder, name));
    await execa(python, ["make_torch.py"], { cwd: folder });
    return () => rm(folder, { recursive: true, force: true });
  }, 300_000);
  /** The class of a network that was pickled whole must be there to be imported. */
  const env = { PATH: process.env["PATH"], PYTHONPATH: folder, MLFLOW_DISABLE_TELEMETRY: "true" };

  it.each([
    ["whole.pt", "binary", "score", "torch_net.Net"],
    ["script.pt", "binary", "score", "torch.jit._script.RecursiveScriptModule"],
    ["trace.pth", "binary", "score", "torch.jit._script.RecursiveScriptModule"],
    ["exported.pt2", "binary", "score", "torch.export.ExportedProgram"],
    ["flavor", "binary", "score", "mlflow.pytorch"],
    ["flavor2", "binary", "score", "mlflow.pytorch"],
    ["three.pt", "three", "probabilities", "torch.jit._script.RecursiveScriptModule"],
    ["double.pt", "double", "score", "torch.jit._script.RecursiveScriptModule"],
    ["half.pt", "half", "score", "torch.jit._script.RecursiveScriptModule"],
  ])("%s gives what PyTorch gives, to the last bit", async (uri, name, kind, modelType) => {
    const scores = await score(uri, "table.parquet", { env });
    expect(scores).toMatchObject({ kind, modelType, features: ["a", "b", "c"] });
    expect(scores.dtype).toBe(name === "double" ? "float64" : "float32");
    expect(scores.values).toEqual(await expected(name));
    expect(scores.versions["torch"]).toMatch(/^2\./);
    expect(scores.warnings).toHaveLength(1);
  });

  it.each([
    ["weights.pt", 'holds weights ("layers.0.weight", "layers.0.bias"'],
    ["old.pth", "weights alone are no model"],
    ["checkpoint.pt", 'holds weights ("epoch", "model") and no module'],
    ["list.pt", "holds a list and no module"],
    ["fixed.pt2", "was exported for batches of exactly 5 rows"],
    ["logits.pt", "3 columns with values outside 0 to 1"],
  ])("%s is refused with the reason", async (uri, message) => {
    await expect(score(uri, "table.parquet", { env })).rejects.toMatchObject({
      kind: "child-failed",
      message: expect.stringContaining(message),
    });
  });

  it("says that the class of a pickled network must be there", async () => {
    const message = expect.stringContaining("the model needs the package 'torch_net'");
    const bare = { PATH: process.env["PATH"] };
    await expect(score("whole.pt", "table.parquet", { env: bare })).rejects.toMatchObject({ message });
  });

  it("refuses another count of columns where the program recorded it", async () => {
    await expect(score("exported.pt2", "narrow.parquet")).rejects.toMatchObject({
      kind: "not-evaluable",
      message: expect.stringContaining(
        "the model was trained on 3 columns without names, and the table has 2",
      ),
    });
  });
});

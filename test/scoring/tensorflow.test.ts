import { cpSync, existsSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { scoringIn } from "./models.ts";

const python = path.resolve(import.meta.dirname, "../../.cache/venv-tensorflow/bin/python");

describe.skipIf(!existsSync(python))("networks of TensorFlow (it is installed by test:full)", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-tensorflow-"));
  const { score, expected } = scoringIn(folder, () => Promise.resolve(python));
  beforeAll(async () => {
    cpSync(path.join(import.meta.dirname, "make_tensorflow.py"), path.join(folder, "make.py"));
    await execa(python, ["make.py"], { cwd: folder });
    return () => rm(folder, { recursive: true, force: true });
  }, 300_000);

  it.each([
    ["binary.keras", "binary", "score"],
    ["binary.h5", "binary", "score"],
    ["binary", "binary", "score"],
    ["three.keras", "three", "probabilities"],
    ["named", "named", "prediction"],
  ])("%s gives what TensorFlow gives, to the last bit", async (uri, name, kind) => {
    const scores = await score(uri, "table.parquet");
    expect(scores).toMatchObject({
      kind,
      dtype: "float32",
      features: name === "named" ? ["a", "c"] : ["a", "b", "c"],
    });
    expect(scores.values).toEqual(await expected(name));
    expect(scores.warnings).toHaveLength(1);
  });
});

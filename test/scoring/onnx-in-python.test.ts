import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { pythonOfTests, runPython } from "../support/python.ts";

const root = path.resolve(import.meta.dirname, "../..");

/** The built program as it is installed where npm could not install the optional package. */
function programWithoutOnnx(folder: string): string {
  for (const name of ["bin", "dist", "python", "package.json"])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  mkdirSync(path.join(folder, "node_modules"));
  for (const name of readdirSync(path.join(root, "node_modules"))) {
    if (name !== "onnxruntime-node")
      symlinkSync(path.join(root, "node_modules", name), path.join(folder, "node_modules", name));
  }
  return path.join(folder, "bin", "mlops.js");
}

describe("an ONNX model where onnxruntime-node is not installed", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "mlops-onnx-"));
  let bare = "";
  beforeAll(async () => {
    bare = programWithoutOnnx(mkdtempSync(path.join(folder, "program-")));
    cpSync(path.join(import.meta.dirname, "make_onnx.py"), path.join(folder, "make_onnx.py"));
    const made = await runPython({ args: ["make_onnx.py"], cwd: folder });
    expect(made.exitCode, made.stderr).toBe(0);
    return () => rm(folder, { recursive: true, force: true });
  }, 200_000);

  async function evaluate(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    const cwd = mkdtempSync(path.join(folder, "job-"));
    const files = args.map((arg) => (/\.(onnx|parquet|csv)$/.test(arg) ? path.join(folder, arg) : arg));
    const given = { PATH: process.env["PATH"] ?? "", ...env };
    const options = { cwd, env: given, extendEnv: false, reject: false } as const;
    const done = await execa(process.execPath, [program, "evaluate", ...files], options);
    return { ...done, cwd };
  }

  it.each([
    ["binary.onnx", "table.parquet", ["--label", "death"]],
    ["binary.onnx", "turned.parquet", ["--label", "death", "--positive-class", "0"]],
    ["three.onnx", "table.parquet", ["--label", "species"]],
    ["regressor.onnx", "numbers.csv", ["--label", "cost", "--task", "regression"]],
    ["alone.onnx", "table.parquet", ["--label", "cost", "--task", "regression"]],
    ["labels.onnx", "labels.csv", ["--task", "multilabel", "--subgroup", "event"]],
    ["alone.onnx", "labels.csv", ["--duration", "weight", "--event", "event"]],
  ])("%s on %s is scored in Python with the same scores to the last bit", async (model, table, flags) => {
    const args = ["--model-path", model, "--eval-data-path", table, ...flags];
    const python = ["--python", await pythonOfTests()];
    const native = await evaluate(path.join(root, "bin", "mlops.js"), args);
    const fallback = await evaluate(bare, [...args, ...python]);
    expect([native.exitCode, fallback.exitCode], fallback.stderr).toEqual([0, 0]);
    expect(native.stderr).toContain("in onnxruntime-node");
    expect(fallback.stderr).toContain(
      "the package onnxruntime-node is not installed: scored with onnxruntime in Python instead",
    );
    const result = ({ cwd }: { readonly cwd: string }) =>
      JSON.parse(readFileSync(path.join(cwd, "evaluation_results.json"), "utf8"));
    const [one, other] = [result(native), result(fallback)];
    for (const part of ["metrics", "scores", "counts", "classes"]) expect(other[part]).toEqual(one[part]);
    expect(other.model).toEqual(one.model);
  });

  it.each([
    ["wrong.parquet", 4, 'the column "weight" holds'],
    ["less.parquet", 4, 'does not have: "sex"'],
  ])("%s is no table for it: exit %i", async (table, code, message) => {
    const python = ["--python", await pythonOfTests()];
    const flags = ["--model-path", "binary.onnx", "--eval-data-path", table, "--label", "death"];
    const done = await evaluate(bare, [...flags, ...python]);
    expect([done.exitCode, done.stdout]).toEqual([code, ""]);
    expect(done.stderr).toContain(message);
  });

  it("says of a file that is cut off that it is", async () => {
    const flags = ["--model-path", "cut.onnx", "--eval-data-path", "table.parquet", "--label", "death"];
    const done = await evaluate(bare, [...flags, "--python", await pythonOfTests()]);
    expect([done.exitCode, done.stdout]).toEqual([8, ""]);
    expect(done.stderr).toContain("cut.onnx cannot be loaded as");
  });

  it("exits with 2 and one sentence where Python has none either, or where there is no Python", async () => {
    const flags = ["--model-path", "binary.onnx", "--eval-data-path", "table.parquet", "--label", "death"];
    const modules = mkdtempSync(path.join(folder, "modules-"));
    writeFileSync(path.join(modules, "onnxruntime.py"), 'raise ImportError("there is none")\n');
    const python = ["--python", await pythonOfTests()];
    for (const done of [
      await evaluate(bare, [...flags, ...python], { PYTHONPATH: modules }),
      await evaluate(bare, flags, { PATH: folder }),
    ]) {
      expect([done.exitCode, done.stdout]).toEqual([2, ""]);
      expect(done.stderr).toMatch(
        /binary\.onnx is an ONNX model; the package onnxruntime-node is not installed, and Python cannot run it either: .*(cannot import onnxruntime|No Python was found)/,
      );
      expect(done.stderr).toContain("npm install onnxruntime-node");
      expect(readdirSync(done.cwd)).toEqual([]);
    }
  });
});

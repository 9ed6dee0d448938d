import { describe, expect, it } from "vitest";
import type { FlagTable } from "../../src/command.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { resolveOptions } from "../../src/config/resolve.ts";

const flags = {
  modelName: { kind: "string", summary: "", shared: true },
  minAuc: { kind: "number", summary: "" },
  subgroup: { kind: "list", summary: "" },
  modelVersion: { kind: "string", summary: "", env: ["MODEL_VERSION"] },
  outputPath: { kind: "path", summary: "", default: "gate.json" },
  strict: { kind: "boolean", summary: "" },
  higherIsBetter: { kind: "boolean", summary: "", takesBoolean: true },
} as const satisfies FlagTable;

interface Given {
  readonly typed?: Record<string, string | boolean | readonly string[]>;
  readonly env?: Record<string, string>;
  readonly yaml?: string;
}

function resolve({ typed = {}, env = {}, yaml }: Given) {
  const file = yaml === undefined ? undefined : parseConfig(yaml, "conf/mlops.yaml", "/project/conf");
  return resolveOptions(flags, { typed, env, file, section: "gate", cwd: "/project" });
}

describe("resolveOptions", () => {
  it("prefers flag over MLOPS_* over file over default, and remembers where each value came from", () => {
    const yaml = "model_name: from-file\ngate:\n  min_auc: 0.7\n";
    const all = resolve({
      typed: { minAuc: "0.9" },
      env: { MLOPS_MIN_AUC: "0.8", MLOPS_MODEL_NAME: "from-env" },
      yaml,
    });
    expect(all.options).toMatchObject({ minAuc: 0.9, modelName: "from-env", outputPath: "gate.json" });
    expect(all.origins).toMatchObject({
      minAuc: { source: "flag", where: "--min-auc" },
      modelName: { source: "env", where: "MLOPS_MODEL_NAME" },
      outputPath: { source: "default" },
    });
    expect(resolve({ yaml }).origins["minAuc"]).toEqual({ source: "file", where: "conf/mlops.yaml:3" });
    expect(resolve({ yaml }).options["modelName"]).toBe("from-file");
  });

  it("takes a shared key from the command's section before the top level", () => {
    expect(resolve({ yaml: "model_name: top\ngate: {model_name: section}" }).options["modelName"]).toBe(
      "section",
    );
  });

  it("does not take a key that is not shared from the top level", () => {
    expect(resolve({ yaml: "min_auc: 0.7" }).options["minAuc"]).toBeUndefined();
  });

  it("asks the values of earlier jobs after MLOPS_*, and counts an empty variable as not set", () => {
    expect(resolve({ env: { MLOPS_MODEL_VERSION: "", MODEL_VERSION: "7" } }).options["modelVersion"]).toBe(
      "7",
    );
    expect(resolve({ env: { MLOPS_MODEL_VERSION: "8", MODEL_VERSION: "7" } }).options["modelVersion"]).toBe(
      "8",
    );
  });

  it("reads a repeatable flag from a list, one value, or a comma-separated variable", () => {
    expect(resolve({ yaml: "gate: {subgroup: [sex, race]}" }).options["subgroup"]).toEqual(["sex", "race"]);
    expect(resolve({ yaml: "gate: {subgroup: sex}" }).options["subgroup"]).toEqual(["sex"]);
    expect(resolve({ env: { MLOPS_SUBGROUP: "sex,race" } }).options["subgroup"]).toEqual(["sex", "race"]);
    expect(resolve({}).options["subgroup"]).toEqual([]);
  });

  it("keeps a version number of the file as it is written", () => {
    expect(resolve({ yaml: "gate: {model_version: 3}" }).options["modelVersion"]).toBe("3");
  });

  it("takes a path in the file as relative to the file, one on the command line as relative to the working folder", () => {
    expect(resolve({ yaml: "gate: {output_path: out/gate.json}" }).options["outputPath"]).toBe(
      "conf/out/gate.json",
    );
    expect(resolve({ yaml: "gate: {output_path: /abs/g.json}" }).options["outputPath"]).toBe("/abs/g.json");
    expect(resolve({ yaml: 'gate: {output_path: "s3://b/g.json"}' }).options["outputPath"]).toBe(
      "s3://b/g.json",
    );
    expect(resolve({ typed: { outputPath: "out/gate.json" } }).options["outputPath"]).toBe("out/gate.json");
  });

  it("tells a boolean that was not given from one that is false", () => {
    expect(resolve({}).options).toMatchObject({ strict: false, higherIsBetter: undefined });
    expect(resolve({ typed: { higherIsBetter: "false" } }).options["higherIsBetter"]).toBe(false);
    expect(resolve({ typed: { higherIsBetter: true } }).options["higherIsBetter"]).toBe(true);
  });

  it("refuses an empty value of a repeatable flag", () => {
    expect(() => resolve({ typed: { subgroup: ["sex", ""] } })).toThrow("--subgroup is empty.");
  });

  it("collects every problem with its place", () => {
    const act = () =>
      resolve({
        typed: { minAuc: "high" },
        env: { MLOPS_STRICT: "perhaps" },
        yaml: "gate:\n  subgroup: {a: 1}",
      });
    expect(act).toThrow(
      /--min-auc is "high".*\n?.*conf\/mlops\.yaml:2 gate\.subgroup is .*expected a list.*\n?.*MLOPS_STRICT is "perhaps"/s,
    );
  });
});

import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCommand } from "../../src/command.ts";
import { checkConfig } from "../../src/config/check.ts";
import { parseConfig } from "../../src/config/parse.ts";

const result = { exitCode: 0, json: {}, text: "" } as const;
const columnRule = z.strictObject({
  name: z.string(),
  min: z.number().optional(),
  nulls: z.union([z.literal("never"), z.strictObject({ max_ratio: z.number() })]).optional(),
});
const validate = defineCommand({
  name: "validate",
  summary: "",
  examples: [],
  flags: { dataPath: { kind: "path", summary: "", shared: true } },
  extras: async () => z.strictObject({ columns: z.array(columnRule).optional() }),
  run: async () => result,
});
const gate = defineCommand({
  name: "gate",
  summary: "",
  examples: [],
  flags: { minAuc: { kind: "number", summary: "" } },
  run: async () => result,
});

const check = (yaml: string) =>
  checkConfig(parseConfig(yaml, "mlops.yaml", "/p"), validate, [validate, gate]);

describe("checkConfig", () => {
  it("gives the structured part of the command's own section", async () => {
    expect(
      await check("data_path: d.csv\nvalidate:\n  columns: [{name: age, min: 0}]\ngate: {min_auc: 0.7}"),
    ).toEqual({
      columns: [{ name: "age", min: 0 }],
    });
  });

  it.each([
    ["validat: {}", 'mlops.yaml:1: unknown key "validat"; did you mean "validate"'],
    ["version: 1\ngate:\n  min_acu: 0.7", 'mlops.yaml:3: unknown key "gate.min_acu"; did you mean "min_auc"'],
    [
      "validate:\n  columns:\n    - name: a\n      mim: 3",
      'mlops.yaml:4: unknown key "validate.columns.0.mim"; did you mean "min"',
    ],
    [
      "validate:\n  columns:\n    - name: a\n      nulls: {max_ration: 1}",
      'mlops.yaml:4: unknown key "validate.columns.0.nulls.max_ration"; did you mean "max_ratio"',
    ],
    ["version: 2", "mlops.yaml:1: version is 2, this program knows version 1"],
    ["gate: [1]", "mlops.yaml:1: gate is [1], expected settings below it"],
    ["validate:\n  columns:\n    - min: 3", "mlops.yaml:3: validate.columns.0.name: "],
  ])("refuses %j with its line", async (yaml, message) => {
    await expect(check(yaml)).rejects.toThrow(message);
  });

  it("lists all problems at once", async () => {
    await expect(check("modle: 1\ngate:\n  min_acu: 1")).rejects.toThrow(
      /mlops\.yaml:1: unknown key "modle".*\n.*mlops\.yaml:3/,
    );
  });
});

describe("parseConfig", () => {
  it.each([
    ["a: 1\na: 2", /mlops\.yaml:2:1: Map keys must be unique/],
    ["a: [1", /mlops\.yaml:1:\d+: /],
    ["- a", /mlops\.yaml:1: expected settings such as .* got a list/],
    ["name,iban\nAda,DE89\n", /got a text of 18 characters\.$/],
  ])("refuses %j with its line", (yaml, message) => {
    expect(() => parseConfig(yaml, "mlops.yaml", "/p")).toThrow(message);
  });

  it("takes an empty file as no settings", () => {
    expect(parseConfig("# nothing yet\n", "mlops.yaml", "/p").values).toEqual({});
  });
});

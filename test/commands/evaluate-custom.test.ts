import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

function folder(metrics: unknown): string {
  const cwd = temporaryFolder();
  tableIn(cwd, "label,score,g\n0,0.1,a\n1,0.9,b\n");
  writeFileSync(path.join(cwd, "own.json"), JSON.stringify(metrics));
  return cwd;
}
const fromFile = ["--predictions", "p.csv", "--custom-metrics", "own.json"];

describe("custom metrics", () => {
  it("of a file and of a program stand among the others, with their direction", async () => {
    const cwd = folder([
      { name: "profit", value: 12.5, higherIsBetter: true, n: 2 },
      { name: "delay", value: null, direction: "lower" },
    ]);
    const script = `const e = process.env; console.log(JSON.stringify([{ name: "seen", higherIsBetter: true, value: Number(e.MLOPS_EVALUATION_ROWS) +
      (JSON.parse(e.MLOPS_EVALUATION_COLUMNS).score === "score" && JSON.parse(e.MLOPS_EVALUATION_FILES)[0].endsWith("p.csv") && e.SECRET === undefined ? 0.5 : 0) }]))`;
    writeFileSync(path.join(cwd, "own.mjs"), script);
    const program = ["--metrics-program", `${process.execPath} own.mjs`];
    const { code, stdout, stderr } = await evaluate(cwd, ...fromFile, ...program);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("profit ");
    const result = resultIn(cwd);
    expect(result.metrics).toMatchObject({ profit: 12.5, delay: null, seen: 2.5, roc_auc: 1 });
    expect(result.undefined["delay"]).toBe("own.json gives no value");
    expect(result.customMetrics?.slice(0, 2)).toEqual([
      { name: "profit", higherIsBetter: true, count: 2, source: "own.json" },
      { name: "delay", higherIsBetter: false, count: null, source: "own.json" },
    ]);
  });

  it.each([
    ["no direction", [{ name: "profit", value: 1 }], 2, '"profit" does not say whether higher is better'],
    [
      "two directions",
      [{ name: "profit", value: 1, higherIsBetter: true, direction: "lower" }],
      2,
      "that differ",
    ],
    [
      "a built-in name",
      [{ name: "AUC", value: 1, higherIsBetter: true }],
      2,
      '"AUC" is a built-in metric\'s name',
    ],
    [
      "a name twice",
      [
        { name: "p", value: 1, higherIsBetter: true },
        { name: "p", value: 2, higherIsBetter: true },
      ],
      2,
      "stands there twice",
    ],
    ["a text as value", [{ name: "p", value: "1", higherIsBetter: true }], 4, "[0.value]"],
    ["another key", [{ name: "p", value: 1, higherIsBetter: true, unit: "EUR" }], 4, "unit"],
    ["no list", { p: 1 }, 4, "expected array"],
  ])("with %s are refused", async (_title, metrics, expected, message) => {
    const cwd = folder(metrics);
    const { code, stderr } = await evaluate(cwd, ...fromFile);
    expect([code, stderr]).toEqual([expected, expect.stringContaining(message)]);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });

  it.each([
    [
      "that fails",
      "process.stderr.write('no data\\n'); process.exit(3)",
      "ended with exit code 3\n         no data",
    ],
    ["that prints no JSON", "console.log('hello')", "gives no JSON"],
    ["that takes too long", "setTimeout(() => {}, 60000)", "after its time limit of 0.3 s"],
  ])("of a program %s are exit 8", async (_title, script, message) => {
    const cwd = folder([]);
    writeFileSync(path.join(cwd, "own.mjs"), script);
    const program = ["--metrics-program", `${process.execPath} own.mjs`, "--metrics-timeout", "300ms"];
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...program);
    expect([code, stderr]).toEqual([8, expect.stringContaining(message)]);
  });
});

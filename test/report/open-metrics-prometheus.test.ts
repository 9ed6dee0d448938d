import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openMetrics } from "../../src/report/open-metrics.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runPython } from "../support/python.ts";
import { binaryCase } from "./binary-case.ts";
import { hostileNames } from "./hostile-names.ts";
import { readOpenMetrics } from "./open-metrics-reader.ts";
import { resultCase } from "./result-case.ts";
import { multiclassCase, quantileCase, rankingCase, regressionCase } from "./task-cases.ts";

type Family = ReturnType<typeof readOpenMetrics>[number] & { readonly type: string };

const script = path.join(import.meta.dirname, "read_open_metrics.py");

/** What prometheus_client reads in each text, or its complaint. */
async function prometheusReading(
  texts: readonly string[],
): Promise<readonly (readonly Family[] | { readonly error: string })[]> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, "texts.json"), JSON.stringify(texts));
  const { exitCode, stdout, stderr } = await runPython({ args: [script, "texts.json"], cwd });
  expect(stderr).toBe("");
  expect(exitCode).toBe(0);
  return JSON.parse(stdout);
}

describe("openMetrics, read by prometheus_client", () => {
  it("is the same to it as to us, for every task", async () => {
    const group = { count: 5, positives: null, negatives: null, metrics: { roc_auc: 0.5 }, undefined: {} };
    const groups = Object.fromEntries(hostileNames.map((name) => [name, group]));
    const cases = {
      binary: binaryCase(),
      multiclass: await multiclassCase(["cat", ...hostileNames]),
      regression: regressionCase(),
      quantile: quantileCase(),
      ranking: rankingCase(),
      "names that make trouble": resultCase({
        metrics: Object.fromEntries(hostileNames.map((name, place) => [`my ${name}`, place])),
        subgroups: { 'co#l\n"x': groups },
      }),
      "nothing at all": resultCase({ count: 0 }),
      "values at the edge": resultCase({
        metrics: { mse: 1e300, bias: -1e-300, mae: 5e-324, max_error: 1.5e20 },
      }),
    };
    const texts = Object.values(cases).map(openMetrics);
    const readings = await prometheusReading(texts);
    for (const [place, name] of Object.keys(cases).entries()) {
      const ours = readOpenMetrics(texts[place] ?? "").map((family) => ({
        name: family.name,
        type: "gauge",
        samples: family.samples.map((sample) => ({ ...sample, name: family.name })),
      }));
      expect(ours.length, name).toBeGreaterThan(0);
      expect(readings[place], name).toEqual(ours);
    }
  });

  it("would hear of a text that is none", async () => {
    const [missing, unquoted] = await prometheusReading([
      "# TYPE a gauge\na 1\n",
      "# TYPE a gauge\na{b=1} 1\n# EOF\n",
    ]);
    expect(missing).toEqual({ error: "Missing # EOF at end" });
    expect(unquoted).toHaveProperty("error");
  });
});

import { describe, expect, it } from "vitest";
import { regressionMetrics } from "../../src/metrics/regression/regression.ts";
import { chartSvg } from "../../src/report/chart-svg.ts";
import { chartsOf } from "../../src/report/charts/charts.ts";
import { evaluationReport } from "../../src/report/evaluation-html.ts";
import { openMetrics } from "../../src/report/open-metrics.ts";
import { renderPng } from "../../src/report/render-png.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { readPage } from "./html-tree.ts";
import { readOpenMetrics } from "./open-metrics-reader.ts";
import { resultCase } from "./result-case.ts";

function regression(truths: readonly number[], predictions: readonly number[]): EvaluationResults {
  const { overall } = regressionMetrics({
    truths: Float64Array.from(truths),
    predictions: Float64Array.from(predictions),
  });
  return resultCase({ task: "regression", ...JSON.parse(JSON.stringify(overall)) });
}

const point = { x: [0, 1], y: [0, 1], thresholds: [null, 0.5] };
const group = { count: 1, positives: null, negatives: null, metrics: { rmse: 0 }, undefined: {} };

describe("the reports of results at the edge", () => {
  it.each(
    Object.entries({
      "one row": regression([1], [2]),
      "a constant truth, all predictions right": regression([1, 1, 1], [1, 1, 1]),
      "values near the ends of a double": regression([1e300, -1e300, 5], [-1e300, 1e300, 1]),
      "values near 0": regression([1e-300, 2e-300], [2e-300, 1e-300]),
      "large values that hardly differ": regression([1e9, 1e9 + 1, 1e9 + 2], [1e9, 1e9 + 1, 1e9 + 3]),
      "one class": resultCase({
        confusion: { trueNegatives: 0, falsePositives: 0, falseNegatives: 0, truePositives: 3 },
        curves: [{ class: null, roc: null, precisionRecall: point, gain: point }],
        scoreHistogram: { edges: [0, 1], positives: [3], negatives: [0] },
        calibration: {
          recipe: "bins=15",
          bins: [],
          isotonic: null,
          corp: null,
          slope: null,
          intercept: null,
        },
        ...{ count: 3, positives: 3, negatives: 0, threshold: 0 },
      }),
      "one group, at 0": resultCase({
        task: "regression",
        metrics: { rmse: 0 },
        subgroups: { a: { x: group } },
      }),
      "no rows": resultCase({
        count: 0,
        positives: 0,
        negatives: 0,
        curves: [],
        perClass: [],
        thresholdChoices: [],
      }),
    }),
  )("%s", async (_, results) => {
    for (const chart of chartsOf([{ label: "", results }])) {
      const svg = await chartSvg(chart);
      expect(svg, chart.name).not.toMatch(/NaN|Infinity|undefined/);
      expect((await renderPng(svg)).length).toBeGreaterThan(100);
    }
    await readPage(await evaluationReport(results));
    readOpenMetrics(openMetrics(results));
  });
});

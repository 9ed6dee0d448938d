import { compile } from "vega-lite";
import { describe, expect, it } from "vitest";
import type { Chart } from "../../src/report/charts/chart.ts";
import { chartsOf } from "../../src/report/charts/charts.ts";
import { renderSvg } from "../../src/report/render-svg.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { binaryCase } from "./binary-case.ts";
import { resultCase } from "./result-case.ts";
import {
  forecastingCase,
  multiclassCase,
  multilabelCase,
  quantileCase,
  rankingCase,
  regressionCase,
  survivalCase,
} from "./task-cases.ts";

const alone = (results: EvaluationResults) => chartsOf([{ label: "", results }]);
const over = (...all: readonly EvaluationResults[]) =>
  chartsOf(all.map((results, place) => ({ label: "ABC"[place] ?? "", results })));
const names = (charts: readonly Chart[]) => charts.map((chart) => chart.name);

function named(charts: readonly Chart[], name: string): Chart {
  const found = charts.find((chart) => chart.name === name);
  if (found === undefined) throw new Error(`no chart ${name}`);
  return found;
}

/** What the compiler finds strange: a channel that it leaves out, a scale that does not fit. */
function warningsOf({ spec }: Chart): string[] {
  const warnings: string[] = [];
  const note = (...all: readonly unknown[]) => {
    warnings.push(all.join(" "));
    return logger;
  };
  const logger = { level: () => 0, error: note, warn: note, info: () => logger, debug: () => logger };
  compile(spec, { logger });
  return warnings;
}

const cases: Readonly<Record<string, readonly Chart[]>> = {
  binary: alone(binaryCase()),
  "binary with weights": alone(binaryCase(1.5, { weight: 812.5 })),
  multiclass: alone(await multiclassCase()),
  regression: alone(regressionCase()),
  quantile: alone(quantileCase()),
  ranking: alone(rankingCase()),
  multilabel: alone(await multilabelCase()),
  forecasting: alone(forecastingCase()),
  survival: alone(survivalCase()),
  "two forecasts": over(forecastingCase(1), forecastingCase(2)),
  "two binary": over(binaryCase(1), binaryCase(2)),
  "three regressions": over(regressionCase(0.2), regressionCase(0.4), regressionCase(0.6)),
  "two rankings": over(rankingCase(), rankingCase()),
  "two multiclass": over(await multiclassCase(), await multiclassCase()),
};

describe("the charts of an evaluation", () => {
  it("are those that the task has something for", () => {
    expect(names(cases["binary"] ?? [])).toEqual([
      ...["roc", "precision-recall", "gain", "calibration", "scores", "confusion", "subgroups-region"],
    ]);
    expect(names(cases["multiclass"] ?? [])).toEqual([
      ...["roc", "precision-recall", "gain", "confusion", "subgroups-region"],
    ]);
    expect(names(cases["regression"] ?? [])).toEqual([
      ...["predicted-actual", "residuals", "deciles", "lorenz", "subgroups-region"],
    ]);
    expect(names(cases["quantile"] ?? [])).toEqual(["coverage", "subgroups-region"]);
    expect(names(cases["ranking"] ?? [])).toEqual(["at-k", "subgroups-region"]);
    expect(names(cases["multilabel"] ?? [])).toEqual([
      ...["roc", "precision-recall", "gain", "subgroups-region"],
    ]);
    expect(names(cases["forecasting"] ?? [])).toEqual(["horizons", "subgroups-region"]);
    expect(names(cases["two forecasts"] ?? [])).toEqual(["horizons", "subgroups-region"]);
    expect(names(cases["survival"] ?? [])).toEqual(["subgroups-region"]);
    expect(names(cases["two binary"] ?? [])).toEqual([
      ...["roc", "precision-recall", "gain", "calibration", "subgroups-region"],
    ]);
    expect(alone(resultCase())).toEqual([]);
    expect(chartsOf([])).toEqual([]);
  });

  it.each(Object.entries(cases))("compile without a warning and draw something: %s", async (_, charts) => {
    for (const chart of charts) {
      expect(warningsOf(chart), chart.name).toEqual([]);
      const svg = await renderSvg(chart.spec);
      expect(svg).toMatch(/^<svg /);
      expect(svg).toContain(`>${chart.title}</text>`);
      expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  it("put the worst subgroup first and say how many rows it has", () => {
    const text = JSON.stringify(named(alone(binaryCase()), "subgroups-region").spec);
    const [worst] = Object.entries(binaryCase().subgroups["region"] ?? {}).toSorted(
      ([, one], [, other]) => (one.metrics["roc_auc"] ?? 0) - (other.metrics["roc_auc"] ?? 0),
    );
    expect(text).toContain(`"sort":["${worst?.[0]}",`);
    expect(text).toContain(`· ${worst?.[1].count} rows`);
    const errors = JSON.stringify(named(alone(regressionCase()), "subgroups-region").spec);
    const most = Object.entries(regressionCase().subgroups["region"] ?? {}).toSorted(
      ([, one], [, other]) => (other.metrics["rmse"] ?? 0) - (one.metrics["rmse"] ?? 0),
    );
    expect(errors).toContain(`"sort":${JSON.stringify(most.map(([name]) => name))}`);
  });

  it("do not make a trifle between subgroups look large, nor show what a metric cannot be", () => {
    const group = (value: number) => ({
      ...{ count: 50, positives: 20, negatives: 30, metrics: { roc_auc: value }, undefined: {} },
    });
    const domainOf = (...values: readonly number[]) => {
      const groups = Object.fromEntries(values.map((value, place) => [`g${place}`, group(value)]));
      const results = resultCase({ metrics: { roc_auc: values[0] ?? null }, subgroups: { a: groups } });
      const text = JSON.stringify(named(alone(results), "subgroups-a").spec);
      const [, domain = "[]"] = /"padding":12,"domain":(\[[^\]]*\])/.exec(text) ?? [];
      return (JSON.parse(domain) as readonly number[]).map((end) => Number(end.toFixed(4)));
    };
    expect(domainOf(0.8, 0.802)).toEqual([0.751, 0.851]);
    expect(domainOf(0.99, 1)).toEqual([0.9, 1]);
    expect(domainOf(0.4, 0.9)).toEqual([0.4, 0.9]);
  });

  it("keep names of the data apart, short and without control characters", async () => {
    const hostile = [
      "<script>alert(1)</script>",
      "\u202Eabc\u0000",
      "שלום",
      "a".repeat(300),
      `${"a".repeat(299)}b`,
      "\ud800",
      "",
    ];
    const charts = alone(await multiclassCase(hostile));
    const { spec } = named(charts, "confusion");
    const shown = /"sort":(\["[^\]]*\])/.exec(JSON.stringify(spec))?.[1] ?? "[]";
    const classes: unknown = JSON.parse(shown);
    expect(new Set(Array.isArray(classes) ? classes : []).size).toBe(hostile.length);
    for (const chart of charts) {
      const svg = await renderSvg(chart.spec);
      expect(svg).not.toContain("<script");
      expect(svg).not.toMatch(/[\p{Cf}\p{Cs}]|(?!\n)\p{Cc}/u);
    }
  });

  it("draws the first classes where there are many, and says so; a huge matrix is left to the file", async () => {
    const charts = alone(await multiclassCase(Array.from({ length: 40 }, (_, place) => `class ${place}`)));
    expect(named(charts, "roc").note).toContain("33 more classes are not drawn.");
    expect(names(charts)).not.toContain("confusion");
  });

  it("have names of their own as files, in any case of letters", () => {
    const { region = {} } = binaryCase().subgroups;
    const found = names(
      alone(binaryCase(1.5, { subgroups: { "a b": region, "A/B": region, "../x": region } })),
    );
    expect(found.slice(-3)).toEqual(["subgroups-a-b", "subgroups-A-B.2", "subgroups--x"]);
  });

  it("draw the far ends of residuals as bars of the usual width, and name the ends", () => {
    const edges = [-1000, -2, -1, 0, 1, 2, 500];
    const { spec, note } = named(
      alone(resultCase({ task: "regression", residuals: { edges, counts: [1, 5, 9, 9, 5, 2] } })),
      "residuals",
    );
    expect(JSON.stringify(spec)).toContain('{"from":-3,"to":-2,"count":1,"kind":"beyond"}');
    expect(JSON.stringify(spec)).toContain('{"from":2,"to":3,"count":2,"kind":"beyond"}');
    expect(note).toContain("to -1000 and 500");
  });
});

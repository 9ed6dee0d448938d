import { describe, expect, it } from "vitest";
import { openMetrics } from "../../src/report/open-metrics.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { binaryCase } from "./binary-case.ts";
import { hostileNames } from "./hostile-names.ts";
import { gitlabReading, readOpenMetrics } from "./open-metrics-reader.ts";
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

const topics = await multilabelCase();

const group = (metrics: Record<string, number | null>) => ({
  ...{ count: 5, positives: null, negatives: null, undefined: {} },
  metrics,
});

describe("openMetrics", async () => {
  it.each(
    Object.entries({
      binary: binaryCase(),
      multiclass: await multiclassCase(),
      regression: regressionCase(),
      quantile: quantileCase(),
      ranking: rankingCase(),
      multilabel: topics,
      forecasting: forecastingCase(),
      survival: survivalCase(),
    }),
  )("is valid and holds every defined metric: %s", (_, results) => {
    const families = readOpenMetrics(openMetrics(results));
    const all = families.flatMap((family) => family.samples);
    const defined = (metrics: EvaluationResults["metrics"]) =>
      Object.values(metrics).filter((value) => value !== null).length;
    const groups = Object.values(results.subgroups).flatMap((column) => Object.values(column));
    const sets = [results, ...groups, ...(results.perClass ?? [])];
    const counted = [results, ...groups].flatMap((one) => [one.count, one.positives, one.negatives]);
    const counts = counted.filter((count) => count !== null).length;
    expect(all.length).toBe(counts + sets.reduce((sum, one) => sum + defined(one.metrics), 0));
    expect(gitlabReading(openMetrics(results)).size).toBe(all.length);
  });

  it("turns what names have beside letters into labels", () => {
    const text = openMetrics(
      resultCase({
        metrics: {
          "ece{bins=15,strategy=uniform}": 0.03,
          "ndcg@10": 0.9,
          "recall@precision>=0.9": 0.5,
          "my metric": 1,
          rows: 2,
        },
      }),
    );
    expect(text.split("\n")).toEqual([
      ...["# TYPE rows gauge", "rows 1000"],
      ...["# TYPE ece gauge", 'ece{bins="15",strategy="uniform"} 0.030000'],
      ...["# TYPE ndcg gauge", 'ndcg{at="10"} 0.900000'],
      ...["# TYPE recall gauge", 'recall{at="precision>=0.9"} 0.500000'],
      ...["# TYPE my_metric gauge", 'my_metric{metric="my metric"} 1.000000'],
      ...["# TYPE metric_rows gauge", 'metric_rows{metric="rows"} 2.000000'],
      ...["# EOF", ""],
    ]);
  });

  it("leaves undefined metrics out and shows no sign at zero", () => {
    const text = openMetrics(
      resultCase({ metrics: { mcc: null, bias: -1e-9, r2: -3 }, undefined: { mcc: "no" } }),
    );
    expect(text).not.toContain("mcc");
    expect(text).toContain("\nbias 0.000000\n");
    expect(text).toContain("\nr2 -3.000000\n");
  });

  it("keeps hostile names apart, for strict readers and for GitLab's", () => {
    const groups = Object.fromEntries(hostileNames.map((name) => [name, group({ roc_auc: 0.5 })]));
    const text = openMetrics(resultCase({ subgroups: { 'co#l\n"x': groups } }));
    const rows = readOpenMetrics(text).find((family) => family.name === "roc_auc")?.samples ?? [];
    expect(new Set(rows.map((sample) => sample.labels["group"])).size).toBe(hostileNames.length);
    expect(rows.map((sample) => sample.labels["group"])).toContain("50%");
    expect(rows.map((sample) => sample.labels["group"])).toContain("%231");
    expect(rows.map((sample) => sample.labels["group"])).toContain("%2523");
    const read = gitlabReading(text);
    expect([...read].filter(([name]) => name.startsWith("roc_auc{")).map(([, value]) => value)).toEqual(
      hostileNames.map(() => "0.500000"),
    );
  });

  it("gives equal results as equal texts, whatever else has changed", () => {
    const other = { finishedAt: "2027-01-01T00:00:00.000Z", runId: "abc" };
    expect(openMetrics(binaryCase(1.5, other))).toBe(openMetrics(binaryCase()));
  });

  it("stops at 5,000 series and says so", () => {
    const groups = Object.fromEntries(
      Array.from({ length: 4000 }, (_, place) => [`g${place}`, group({ roc_auc: 0.5 })]),
    );
    const text = openMetrics(resultCase({ subgroups: { all: groups } }));
    expect(readOpenMetrics(text).flatMap((family) => family.samples).length).toBe(5000);
    expect(text).toContain("# HELP rows of the evaluation; 3001 series more are in the result file");
  });
});

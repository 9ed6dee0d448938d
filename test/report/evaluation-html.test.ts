import { describe, expect, it } from "vitest";
import { evaluationReport } from "../../src/report/evaluation-html.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { allOf } from "../data/report/xml-tree.ts";
import { binaryCase } from "./binary-case.ts";
import { faultsOf, readPage, rowsOf, textOf, withId } from "./html-tree.ts";
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

const page = async (results: EvaluationResults) => await readPage(await evaluationReport(results));
const sha256 = "ab".repeat(32);
const group = (value: number | null) => ({
  ...{ count: 40, positives: 10, negatives: 30, metrics: { roc_auc: value } },
  undefined: value === null ? { roc_auc: "one class only" } : {},
});

describe("evaluationReport", async () => {
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
      empty: resultCase(),
    }),
  )("is one page that needs nothing else: %s", async (_, results) => {
    const html = await evaluationReport(results);
    expect(html).toMatch(/^<!DOCTYPE html>\n<html lang="en"/);
    expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'");
    // The only addresses are the names of XML's namespaces.
    expect(html.replaceAll(/ xmlns(:\w+)?="[^"]*"/g, "")).not.toMatch(/https?:/);
    expect(faultsOf(await readPage(html))).toEqual([]);
    expect(html.length).toBeLessThan(400_000);
  });

  it("says what was measured on what, and with what", async () => {
    const root = await page(
      binaryCase(1.5, {
        runId: "0a1b2c",
        model: { uri: "models:/mortality/3", sha256, runId: null, type: "sklearn", features: [] },
        versions: { python: "3.11.2", "scikit-learn": "1.9.1" },
        weight: 812.5,
      }),
    );
    const head = textOf(allOf(root, "header")[0] ?? root);
    for (const part of [
      ...[
        "Evaluation of models:/mortality/3",
        "binary · 1,000 rows · 279 positive, 721 negative · weight 812.5",
      ],
      ...[
        sha256,
        "sklearn",
        "0a1b2c",
        "0123456789abcdef",
        "by row ids and labels",
        "float64",
        "label: death",
      ],
      ...[
        "1 is predicted from score 0.5 on",
        "2026-11-22 09:00:02 UTC",
        "mlops 0.1.0, python 3.11.2, scikit-learn 1.9.1",
      ],
    ])
      expect(head).toContain(part);
    expect(rowsOf(withId(root, "inputs"))).toEqual([
      ["predictions", "predictions.parquet", "81,920", "0123456789abcdef".repeat(4)],
    ]);
  });

  it("shows metrics with intervals and directions, and why one is undefined", async () => {
    const custom = [{ name: "profit", higherIsBetter: true, count: null, source: "profit.py" }];
    const { metrics } = binaryCase();
    const root = await page(binaryCase(1.5, { metrics: { ...metrics, profit: 12 }, customMetrics: custom }));
    const rows = rowsOf(withId(root, "metrics"));
    expect(rows[0]).toEqual(["roc_auc", "0.8527", "0.8287 to 0.8767 95 %, delong", "higher"]);
    expect(rows).toContainEqual(["brier", "0.1310", "", "lower"]);
    expect(rows).toContainEqual(["mcc", "undefined: one class only is predicted", "higher"]);
    expect(rows).toContainEqual(["profit from profit.py", "12", "", "higher"]);
  });

  it("lists subgroups worst first, undefined ones last, crossed columns too", async () => {
    const root = await page(
      binaryCase(1.5, {
        subgroups: {
          sex: { female: group(0.9), male: group(0.8), other: group(null) },
          "sex*region": { "female*north": group(0.7), "male*south": group(0.6) },
        },
      }),
    );
    const section = withId(root, "subgroups");
    expect(allOf(section, "caption").map(textOf)).toEqual([
      ...["roc_auc by sex, worst first", "roc_auc by sex*region, worst first"],
    ]);
    const rows = rowsOf(section);
    const order = ["male", "female", "other", "male*south", "female*north"];
    expect(rows.map(([name]) => name)).toEqual(order);
    expect(rows[2]).toContain("undefined: one class only");
    expect(rows[0]?.slice(1, 4)).toEqual(["40", "10", "0.8000"]);
  });

  it("has the tables of what the charts show", async () => {
    const binary = await page(binaryCase());
    expect(rowsOf(withId(binary, "calibration")).length).toBe(binaryCase().calibration?.bins.length);
    expect(allOf(withId(binary, "calibration"), "details")[0]?.attributes["open"]).toBeUndefined();
    expect(rowsOf(withId(binary, "thresholds"))[1]).toEqual([
      ...["recall@precision>=0.99", "no score meets it", "recall -"],
    ]);
    expect(rowsOf(withId(await page(await multiclassCase()), "classes")).map(([name]) => name)).toEqual([
      ...["cat", "dog", "fish"],
    ]);
    expect(rowsOf(withId(await page(regressionCase()), "deciles")).length).toBe(10);
    expect(rowsOf(withId(await page(quantileCase()), "levels")).length).toBe(3);
    expect(rowsOf(withId(await page(forecastingCase()), "horizons")).length).toBe(12);
    expect(rowsOf(withId(await page(survivalCase()), "pairs"))[0]?.[0]).toBe("can be compared");
    expect(rowsOf(withId(await page(topics), "classes")).map((row) => row[0])).toEqual([
      ...["sport", "money", "<b>home</b>"],
    ]);
    expect(textOf(allOf(await page(rankingCase()), "header")[0] ?? binary)).toContain(
      "queries 40, 0 of them",
    );
  });

  it("takes every name of the data as text, whatever it holds", async () => {
    const bad = `</td><script>alert(1)</script>"'&amp;\u0000\u202E\ud800 ${"x".repeat(5000)}`;
    const results = await multiclassCase([bad, "b"]);
    const html = await evaluationReport({
      ...results,
      metrics: { [bad]: 1, [`${bad}2`]: null },
      undefined: { [`${bad}2`]: bad },
      subgroups: { [bad]: { [bad]: { ...group(null), undefined: { [bad]: bad } } } },
      inputs: [{ role: bad, uri: bad, sha256: null, sizeBytes: null }],
      columns: { ...results.columns, label: bad, positiveClass: bad },
      versions: { [bad]: bad },
      runId: bad,
    });
    const root = await readPage(html);
    expect(faultsOf(root)).toEqual([]);
    expect(html).not.toContain("<script");
    expect(html).not.toMatch(/\p{Cf}|(?!\n)\p{Cc}/u);
    expect(textOf(withId(root, "metrics"))).toContain("</td><script>alert(1)</script>\"'&amp;··\ufffd xxx");
    expect(html.length).toBeLessThan(300_000);
  });

  it("stays a page that opens with thousands of groups", async () => {
    const groups = Object.fromEntries(
      Array.from({ length: 5000 }, (_, place) => [`g${place}`, group(place / 5000)]),
    );
    const html = await evaluationReport(binaryCase(1.5, { subgroups: { a: groups, b: groups, c: groups } }));
    expect(html.length).toBeLessThan(1_000_000);
    expect(html).toContain("and 4,800 more, in the result file");
  });
});

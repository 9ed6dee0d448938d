import { describe, expect, it } from "vitest";
import { comparisonReport } from "../../src/report/comparison-html.ts";
import { type ComparisonResult, comparisonResult } from "../../src/results/comparison.ts";
import { allOf } from "../data/report/xml-tree.ts";
import { binaryCase } from "./binary-case.ts";
import { faultsOf, readPage, rowsOf, textOf, withId } from "./html-tree.ts";
import { regressionCase } from "./task-cases.ts";

const side = (label: string, uri = `${label}.json`) => ({
  ...{ label, uri, description: uri, runId: null, evaluatedAt: "2026-11-22T09:00:00.000Z" },
  evalSet: { sha256: null, rows: 1000 },
});
const row = (metric: string, values: (number | null)[], subgroup: string | null = null, paired = false) => {
  const [first = null, second = null] = values;
  const change = first === null || second === null ? null : second - first;
  return {
    ...{ metric, subgroup, higherIsBetter: true, values },
    changes: [
      change === null
        ? null
        : { change, low: change - 0.01, high: change + 0.01, paired, method: null, word: "better" as const },
    ],
  };
};

function comparison(part: Partial<ComparisonResult> = {}): ComparisonResult {
  const { schemaVersion, tool, verdict, startedAt, finishedAt, inputs } = binaryCase();
  return comparisonResult.parse({
    ...{ schemaVersion, tool, command: "compare", verdict, startedAt, finishedAt, inputs },
    ...{ sides: [side("A"), side("B")], evalSet: "same", primaryMetric: "roc_auc" },
    metrics: [row("roc_auc", [0.8, 0.85]), row("brier", [0.2, null])],
    subgroups: [row("roc_auc", [0.7, 0.75], "sex=female")],
    parameters: [{ name: "max_depth", values: ["3", null] }],
    ...{
      pairings: [{ label: "B", reason: "B kept no scores", bootstrap: null }],
      parameterNotes: [],
      warnings: [],
    },
    ...part,
  });
}

describe("comparisonReport", () => {
  it("sets metrics, subgroups and parameters side by side", async () => {
    const root = await readPage(await comparisonReport(comparison(), [binaryCase(1), binaryCase(2)]));
    expect(faultsOf(root)).toEqual([]);
    expect(rowsOf(withId(root, "metrics"))).toEqual([
      ["roc_auc", "0.8000", "0.8500", "+0.0500 better +0.0400 to +0.0600"],
      ["brier", "0.2000", "-", ""],
    ]);
    expect(textOf(withId(root, "metrics"))).toContain("as if the sides were of different rows");
    expect(rowsOf(withId(root, "subgroups"))[0]?.[0]).toBe("sex=female");
    expect(rowsOf(withId(root, "parameters"))).toEqual([["max_depth", "3", "-"]]);
    expect(textOf(allOf(root, "header")[0] ?? root)).toContain("evaluation sets the same");
  });

  it("marks paired intervals, and says of whom there are none and why", async () => {
    const metrics = [row("roc_auc", [0.8, 0.85], null, true), row("brier", [0.2, 0.3])];
    const notes = ["The parameters of run 1 (A) are not compared: no server."];
    const html = await comparisonReport(comparison({ metrics, parameters: null, parameterNotes: notes }), []);
    const root = await readPage(html);
    expect(rowsOf(withId(root, "metrics"))[0]?.[3]).toBe("+0.0500 better +0.0400 to +0.0600, paired");
    expect(textOf(withId(root, "metrics"))).toContain("Paired: of the differences between the two models");
    expect(textOf(withId(root, "metrics"))).toContain("Others are as if the sides were of different rows");
    expect(textOf(allOf(root, "header")[0] ?? root)).toContain("not paired row by row: B kept no scores");
    expect(textOf(withId(root, "parameters"))).toContain("are not compared: no server.");
  });

  it("draws the curves of all sides over each other", async () => {
    const root = await readPage(await comparisonReport(comparison(), [binaryCase(1), binaryCase(2)]));
    const roc = allOf(withId(root, "charts"), "svg").find((svg) => textOf(svg).startsWith("ROC"));
    const legend = allOf(roc ?? root, "text").map((one) => one.text);
    expect(legend).toContain("A");
    expect(legend).toContain("B");
    // Two curves in two colours.
    const strokes = allOf(roc ?? root, "path").map((one) => one.attributes["stroke"]);
    expect(strokes).toContain("#0072B2");
    expect(strokes).toContain("#D55E00");
  });

  it("draws no chart where fewer than two sides have curves of one task, and names who has none", async () => {
    const alone = await comparisonReport(comparison(), [binaryCase(1), undefined]);
    expect(alone).not.toContain('id="charts"');
    const three = comparison({ sides: [side("A"), side("B"), side("C")] });
    const html = await comparisonReport(three, [binaryCase(1), undefined, binaryCase(2)]);
    expect(html).toContain("B: no result file of the same task, so no curves.");
    expect(await comparisonReport(comparison(), [binaryCase(), regressionCase()])).not.toContain("<figure");
  });

  it("says that no parameter differs, or nothing where none are known", async () => {
    expect(await comparisonReport(comparison({ parameters: [] }), [])).toContain("No parameter differs.");
    expect(await comparisonReport(comparison({ parameters: null }), [])).not.toContain('id="parameters"');
  });

  it("takes every text as text", async () => {
    const bad = "</td><script>alert(1)</script>\u0000\u202E";
    const html = await comparisonReport(
      comparison({
        ...{ sides: [side("A", bad), side("B", bad)], warnings: [bad] },
        ...{ metrics: [row(bad, [1, 2])], subgroups: [row("roc_auc", [1, 2], bad)] },
        parameters: [{ name: bad, values: [bad, null] }],
      }),
      [],
    );
    expect(html).not.toContain("<script");
    expect(faultsOf(await readPage(html))).toEqual([]);
  });
});

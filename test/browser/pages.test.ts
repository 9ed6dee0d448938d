import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { compareSides } from "../../src/compare/comparison.ts";
import { comparisonDocument } from "../../src/compare/comparison-document.ts";
import { readEvaluation } from "../../src/gate/read-evaluation.ts";
import { comparisonReport } from "../../src/report/comparison-html.ts";
import { evaluationReport } from "../../src/report/evaluation-html.ts";
import type { EvaluationResults } from "../../src/results/evaluation-results.ts";
import { binaryCase } from "../report/binary-case.ts";
import { multiclassCase, quantileCase, rankingCase, regressionCase } from "../report/task-cases.ts";
import { hasBrowser, openInBrowser, type ShownPage } from "../support/browser.ts";
import { runCli } from "../support/cli.ts";
import { temporaryFolder } from "../support/folder.ts";
import { pageFaults } from "./page-faults.ts";

const sixClasses = ["cat", "dog", "a class with a name that has no end at all", "<b>", "مرحبا", "fish"];
/** Names that make trouble: long, without a space, with markup, from right to left. */
const groups = [
  "north",
  "W".repeat(120),
  '<img src="http://example.org/x.png">',
  "(missing)",
  "שלום",
  "a b ".repeat(30),
];

function withGroups(results: EvaluationResults): EvaluationResults {
  const [own] = Object.values(Object.values(results.subgroups)[0] ?? {});
  if (own === undefined) throw new Error("no group to copy");
  const column = "a subgroup column with a long name";
  return {
    ...results,
    subgroups: { ...results.subgroups, [column]: Object.fromEntries(groups.map((name) => [name, own])) },
  };
}

const evaluations = {
  binary: () => withGroups(binaryCase()),
  multiclass: async () => withGroups(await multiclassCase(sixClasses)),
  regression: () => withGroups(regressionCase()),
  quantile: () => withGroups(quantileCase()),
  ranking: () => rankingCase(),
};

async function comparisonOf(first: EvaluationResults, other: EvaluationResults): Promise<string> {
  const sides = [first, other].map((results, place) => ({
    label: "AB"[place] ?? "?",
    uri: `models:/mortality/${place}`,
    description: `mortality version ${place}`,
    evaluation: readEvaluation(JSON.stringify(results), "results.json"),
    results,
    params: new Map([
      ["learning_rate", String(place / 10)],
      ["features", groups.join(",")],
      ["seed", String(place)],
    ]),
    fetchScores: async () => undefined,
    input: { role: "compared", uri: "results.json", sha256: null, sizeBytes: null },
  }));
  const at = new Date("2026-11-22T09:00:00Z");
  const head = { version: "0.1.0", startedAt: at, finishedAt: at };
  return await comparisonReport(comparisonDocument(sides, compareSides(sides), head), [first, other]);
}

async function show(html: string): Promise<ShownPage> {
  const file = path.join(temporaryFolder(), "page.html");
  writeFileSync(file, html);
  return await openInBrowser(file);
}

/** Wide, on a telephone, and as it prints. */
async function expectReadable(page: ShownPage): Promise<void> {
  for (const how of [{ width: 1280 }, { width: 390 }, { width: 760, medium: "print" }] as const) {
    await page.look(how);
    expect(await page.evaluate(pageFaults), JSON.stringify(how)).toEqual([]);
  }
  expect(page.complaints).toEqual([]);
  expect(page.requests).toEqual([]);
}

describe.runIf(hasBrowser)("our pages in Chromium", () => {
  it.each(Object.entries(evaluations))(
    "shows an evaluation of the task %s whole and alone",
    async (_, results) => {
      const page = await show(await evaluationReport(await results()));
      await expectReadable(page);
      expect(await page.evaluate("document.querySelectorAll('figure svg').length")).toBeGreaterThan(0);
    },
  );

  it.each(["binary", "multiclass", "regression", "quantile"] as const)(
    "shows a comparison of the task %s whole and alone",
    async (task) => {
      const results = await evaluations[task]();
      const page = await show(await comparisonOf(results, results));
      await expectReadable(page);
      expect(await page.evaluate("document.querySelectorAll('figure svg').length")).toBeGreaterThan(0);
    },
  );

  it("shows a validation in light and dark", async () => {
    const cwd = temporaryFolder();
    const rows = Array.from(
      { length: 300 },
      (_, row) => `${row},${row % 7},${groups[row % 6]?.replaceAll('"', "'")}`,
    );
    writeFileSync(
      path.join(cwd, "data.csv"),
      `id,amount,${"a_column_with_a_long_name".repeat(3)}\n${rows.join("\n")}\n`,
    );
    const columns =
      "columns: [{name: amount, max: 3}, {name: id, unique: true}, {name: missing, type: integer}]";
    writeFileSync(path.join(cwd, "contract.yaml"), `version: 1\nrows: {min: 1000}\n${columns}\n`);
    const args = ["--data-path", "data.csv", "--contract", "contract.yaml", "--html-path", "page.html"];
    const { code } = await runCli(["validate", ...args], { cwd });
    expect(code).toBe(3);
    const page = await openInBrowser(path.join(cwd, "page.html"));
    await expectReadable(page);
    await page.look({ scheme: "dark" });
    expect(await page.evaluate(pageFaults)).toEqual([]);
    expect(await page.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(20, 24, 30)");
  });

  it("prints what folds away too", async () => {
    const page = await show(await evaluationReport(binaryCase()));
    await page.look({ medium: "print" });
    const folded =
      "[...document.querySelectorAll('details td')].filter((cell) => cell.getBoundingClientRect().height > 0).length";
    expect(await page.evaluate(folded)).toBeGreaterThan(10);
    expect((await page.pdf()).subarray(0, 5).toString()).toBe("%PDF-");
  });

  it("notices what a page would do wrong", async () => {
    const page = await show(
      '<!DOCTYPE html><html lang="en"><title>x</title><img src="http://example.org/x.png"><p style="width:3000px">wide</p><script>null.x</script></html>',
    );
    expect(page.requests).toEqual(["http://example.org/x.png"]);
    expect(page.complaints.length).toBeGreaterThan(0);
    expect(await page.evaluate(pageFaults)).not.toEqual([]);
  });
});

import { describe, expect, it } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { readEvaluation } from "../../src/gate/read-evaluation.ts";

function read(document: unknown) {
  return readEvaluation(JSON.stringify(document), "new.json");
}

function problemOf(text: string): string {
  try {
    readEvaluation(text, "new.json");
  } catch (error) {
    if (error instanceof MlopsError && error.kind === "not-evaluable") return error.message;
    throw error;
  }
  return "no problem";
}

describe("readEvaluation", () => {
  it("reads our own result file", () => {
    const evaluation = read({
      schemaVersion: 1,
      finishedAt: "2026-11-22T03:00:00.000Z",
      metrics: { roc_auc: 0.9, precision: null },
      undefined: { precision: "zero division" },
      subgroups: {
        sex: {
          female: { count: 40, positives: 12, negatives: 28, metrics: { roc_auc: 0.8 }, undefined: {} },
        },
      },
      evalSet: { rows: 100, sha256: "a".repeat(64) },
      model: { uri: null, runId: "r1", sha256: null },
    });
    expect(evaluation.metrics.get("precision")).toMatchObject({ value: null, reason: "zero division" });
    expect(evaluation.groups.get("sex=female")).toMatchObject({ column: "sex", count: 40, positives: 12 });
    expect(evaluation.identity.runId).toBe("r1");
    expect(evaluation.evalSet).toEqual({ rows: 100, sha256: "a".repeat(64) });
  });

  it.each([
    [{ "region=EU": { auc: 0.8 } }, "region=EU"],
    [{ region: { EU: { auc: 0.8 } } }, "region=EU"],
    [{ EU: { auc: 0.8 } }, "EU"],
    [{ region: { EU: { count: 50, metrics: { auc: 0.8 } } } }, "region=EU"],
    [{ EU: { count: 50, metrics: { auc: 0.8 } } }, "EU"],
    [{ EU: { metrics: { auc: 0.8 } } }, "EU"],
  ])("reads subgroups nested as %j", (subgroups, key) => {
    const evaluation = read({ auc: 0.9, subgroups });
    expect([...evaluation.groups.keys()]).toEqual([key]);
    expect(evaluation.groups.get(key)?.metrics.get("roc_auc")?.value).toBe(0.8);
  });

  it("takes any flat object of numbers, whatever texts stand beside", () => {
    const evaluation = read({ AUC: 0.9, profit: 12, model: "m", run_id: "r7", tags: { a: 1 } });
    expect([...evaluation.metrics.keys()]).toEqual(["roc_auc", "profit"]);
    expect(evaluation.identity.runId).toBe("r7");
  });

  it("takes two spellings of one metric only where they agree", () => {
    expect(read({ auc: 0.9, roc_auc: 0.9 }).metrics.get("roc_auc")?.value).toBe(0.9);
    expect(problemOf('{"auc": 0.9, "AUC": 0.8}')).toContain("both are roc_auc");
    expect(problemOf('{"auc": 0.1, "metrics": {"roc_auc": 0.9}}')).toContain(
      "metrics.roc_auc is 0.9, and auc beside it is 0.1: both are roc_auc",
    );
    expect(read({ auc: 0.9, metrics: { roc_auc: 0.9 } }).metrics.get("roc_auc")?.value).toBe(0.9);
  });

  it.each([
    ['{"auc": "0.93"}', 'auc is "0.93", expected a number'],
    ['{"metrics": {"mine": "1"}}', "expected a number"],
    ['{"auc": true}', "expected a number"],
    ['{"auc": 1.7}', "is 1.7, which roc_auc cannot be (0 to 1)"],
    ['{"rmse": -1}', "rmse cannot be"],
    ['{"mine": 1e999}', "beyond what a double holds"],
    ['{"auc": 0.9, "auc": 0.8}', "stands there twice"],
    ['{"auc": 0.9', "ends too early"],
    ["[0.9]", "holds no object of metrics"],
    ['{"model": "m"}', "holds no metric"],
    ['{"auc": 0.9, "subgroups": {"EU": 0.8}}', "expected an object of metrics"],
    ['{"auc": 0.9, "subgroups": {"EU": {"auc": "high"}}}', "expected a number"],
    ['{"auc": 0.9, "subgroups": {"EU": {"count": -3, "metrics": {"auc": 0.8}}}}', "expected a whole number"],
    ['{"auc": 0.9, "subgroups": {"a=b": {"auc": 0.8}, "a": {"b": {"auc": 0.8}}}}', "stands there twice"],
  ])("refuses %s", (text, message) => {
    expect(problemOf(text)).toContain(message);
  });

  it("lists every problem at once", () => {
    expect(problemOf('{"auc": 1.7, "f1": "0.5"}').split("\n")).toHaveLength(2);
  });

  it("keeps a NaN as a metric without value", () => {
    const evaluation = readEvaluation('{"auc": NaN, "f1": 0.5}', "new.json");
    expect(evaluation.metrics.get("roc_auc")?.value).toBeNull();
  });
});

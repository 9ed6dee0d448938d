import { describe, expect, it } from "vitest";
import { gravest, summarise } from "../../src/notify/summary.ts";

describe("the summary of a result file", () => {
  it("names the checks of a gate that did not pass, with what was seen and allowed", () => {
    const part = summarise("gate.json", {
      command: "gate",
      verdict: "fail",
      checks: [
        {
          metric: "auc",
          subgroup: null,
          rule: "min",
          observed: 0.8123456,
          baseline: null,
          limit: 0.8,
          margin: 0.01,
          verdict: "pass",
        },
        {
          metric: "auc",
          subgroup: "sex=0",
          rule: "max_regression",
          observed: 0.71,
          baseline: 0.8,
          limit: 0.05,
          margin: -0.04,
          verdict: "fail",
        },
      ],
    });
    expect(part).toEqual({
      heading: "gate",
      verdict: "fail",
      lines: [
        "1 of 2 checks passed",
        "fail: auc sex=0 max_regression, observed 0.71, limit 0.05, baseline 0.8",
      ],
    });
  });

  it("says of a gate without a verdict why there is none", () => {
    const error = { code: "METRICS_FILE_UNREADABLE", message: "new.json cannot be read.\nMore.", hint: null };
    const part = summarise("gate.json", { command: "gate", verdict: "error", checks: [], error });
    expect(part.lines).toEqual(["new.json cannot be read."]);
  });

  it("gives the metrics of an evaluation in one line", () => {
    const part = summarise("evaluation_results.json", {
      command: "evaluate",
      verdict: "pass",
      metrics: { auc: 0.81234567, rmse: null },
    });
    expect(part.lines).toEqual(["auc 0.8123, rmse null"]);
  });

  it("says what serves after a failed deployment", () => {
    const part = summarise("deployment.json", {
      command: "deploy",
      verdict: "fail",
      release: { release: 2, model: { name: "mortality", version: "3" } },
      failure: { stage: "smoke", message: "POST /predict: HTTP 500" },
      serving: { endpointUrl: "http://127.0.0.1:8080", version: "2" },
    });
    expect(part.lines).toEqual([
      "mortality version 3 (release 2)",
      "failed at smoke: POST /predict: HTTP 500",
      "version 2 serves at http://127.0.0.1:8080",
    ]);
  });

  it("keeps a validation with hundreds of violations short", () => {
    const checks = Array.from({ length: 300 }, (_, index) => ({
      name: "not_null",
      column: `c${index}`,
      verdict: "fail",
    }));
    const part = summarise("validation_report.json", { command: "validate", verdict: "fail", checks });
    expect(part.lines).toHaveLength(13);
    expect(part.lines.at(-1)).toBe("and 289 more");
  });

  it.each([[[1, 2]], ["text"], [null], [{ verdict: "great", checks: "none", metrics: 5 }]])(
    "takes %j without an error",
    (document) => {
      expect(summarise("x.json", document)).toMatchObject({ heading: "x.json", verdict: undefined });
    },
  );
});

it("takes the gravest verdict for the whole", () => {
  expect(gravest(["pass", undefined, "inconclusive"])).toBe("inconclusive");
  expect(gravest(["blocked", "fail", "pass"])).toBe("fail");
  expect(gravest([undefined])).toBeUndefined();
});

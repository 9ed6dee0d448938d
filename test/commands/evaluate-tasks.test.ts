import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, parquetIn, resultIn, tableIn } from "./evaluate-case.ts";

const animals = [
  "label,p_cat,p_dog,p_1,prediction,g",
  "cat,0.5,0.3,0.2,cat,a",
  "dog,0.1,0.6,0.3,dog,b",
  "1.0,0.2,0.2,0.6,1,a",
  "dog,0.7,0.2,0.1,dog,",
  "",
].join("\n");

describe("a task of several classes", () => {
  const flags = ["cat", "dog", "1"].flatMap((name) => ["--probability", `p_${name}`, "--class", name]);

  it("takes a probability a class, and the class of the highest where none was predicted", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, animals);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...flags, "--subgroup", "g");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("probabilities p_cat (cat), p_dog (dog), p_1 (1)");
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "multiclass", count: 4, positives: null });
    expect(result.metrics["accuracy"]).toBe(0.75);
    expect(result.metrics["log_loss"]).toBeCloseTo(-Math.log(0.5 * 0.6 * 0.6 * 0.2) / 4, 14);
    expect(result.confusionMatrix).toEqual({
      classes: ["cat", "dog", "1"],
      matrix: [
        [1, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
      ],
    });
    expect(result.columns.probabilities).toEqual({ cat: "p_cat", dog: "p_dog", 1: "p_1" });
    expect(Object.keys(result.subgroups["g"] ?? {})).toEqual(["(missing)", "a", "b"]);
  });

  it("takes predicted classes alone, or beside the probabilities", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, animals);
    expect((await evaluate(cwd, "--predictions", "p.csv", "--task", "multiclass")).code).toBe(0);
    const alone = resultIn(cwd);
    expect(alone.metrics["accuracy"]).toBe(1);
    expect(alone.confusionMatrix?.classes).toEqual(["1", "cat", "dog"]);
    const both = [...flags, "--prediction", "prediction"];
    expect((await evaluate(cwd, "--predictions", "p.csv", ...both)).code).toBe(0);
    expect(resultIn(cwd).metrics).toMatchObject({ accuracy: 1 });
    expect(resultIn(cwd).metrics["log_loss"]).toBeGreaterThan(0.5);
  });

  it("finds probabilities by name, in the width of the file, and says which rows do not sum to 1", async () => {
    const cwd = temporaryFolder();
    const rows = "('a', 0.5, 0.5, 0.0), ('b', 0.25, 0.5, 0.125), ('c', 0, 0, 1)";
    await parquetIn(
      cwd,
      "p.parquet",
      `SELECT label, CAST(a AS FLOAT) AS proba_a, CAST(b AS FLOAT) AS proba_b, CAST(c AS FLOAT) AS proba_c FROM (VALUES ${rows}) t(label, a, b, c)`,
    );
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.parquet");
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("the probabilities of 1 of 3 rows do not sum to 1 (row 2 sums to 0.875)");
    expect(resultIn(cwd)).toMatchObject({ task: "multiclass", scores: { kind: "score", dtype: "float32" } });
  });

  it("of two classes called 0 and 1 is a binary one", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,probability_0,probability_1\n0,0.8,0.2\n1,0.3,0.7\n");
    expect((await evaluate(cwd, "--predictions", "p.csv")).code).toBe(0);
    expect(resultIn(cwd)).toMatchObject({ task: "binary", columns: { score: "probability_1" } });
  });
});

describe("a ranking", () => {
  it("is measured query by query, at the given lengths", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,qid\n3,0.9,x\n2,0.8,x\n0,0.1,y\n1,0.4,y\n0,0.5,z\n");
    const args = ["--predictions", "p.csv", "--task", "ranking", "--k", "1", "--k", "2"];
    const { code, stderr } = await evaluate(cwd, ...args);
    expect(code, stderr).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "ranking", queries: { count: 3, withoutRelevant: 1 } });
    expect(result.metrics).toMatchObject({ ndcg: 1, "ndcg@1": 1, "precision@2": 0.75 });
    expect(result.columns.query).toBe("qid");
  });
});

describe("quantiles and intervals", () => {
  it("are measured by level, with weights", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "target,low,mid,high,w\n1,0,2,4,1\n5,2,3,4,3\n");
    const columns = ["--quantile", "0.5=mid", "--interval", "0.8=low:high", "--weight", "w"];
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...columns);
    expect(code, stderr).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "quantile", weight: 4, columns: { quantiles: { "0.5": "mid" } } });
    expect(result.metrics["pinball@0.5"]).toBeCloseTo((0.5 * 1 + 3 * 0.5 * 2) / 4, 14);
    expect(result.metrics["interval_coverage@0.8"]).toBe(0.25);
  });
});

describe("weights", () => {
  it("count rows as often as they say; those of 0 not at all, which is said", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,w\n0,0.2,2\n1,0.7,1\n1,0.1,3\n0,0.9,0\n");
    const weighted = await evaluate(cwd, "--predictions", "p.csv", "--weight", "w");
    expect(weighted.code, weighted.stderr).toBe(0);
    expect(weighted.stderr).toContain("1 of 4 rows have weight 0 and count in no metric");
    const { metrics, weight } = resultIn(cwd);
    expect(weight).toBe(6);
    tableIn(cwd, "label,score\n0,0.2\n0,0.2\n1,0.7\n1,0.1\n1,0.1\n1,0.1\n");
    expect((await evaluate(cwd, "--predictions", "p.csv")).code).toBe(0);
    expect(metrics["roc_auc"]).toBe(resultIn(cwd).metrics["roc_auc"]);
    expect(metrics["log_loss"]).toBeCloseTo(resultIn(cwd).metrics["log_loss"] ?? Number.NaN, 14);
  });
});

import { copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { openDuckDb } from "../../src/data/duckdb.ts";
import { run } from "../../src/main.ts";
import { evaluationResults } from "../../src/results/evaluation-results.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { pythonOfTests, runPython } from "../support/python.ts";

const fixtures = path.resolve(import.meta.dirname, "../../fixtures/evaluation");

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

async function evaluate(cwd: string, ...args: string[]): Promise<Outcome> {
  const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "" } });
  const code = await run(["evaluate", ...args], context);
  return { code, ...context.printed() };
}

function resultIn(cwd: string) {
  return evaluationResults.parse(JSON.parse(readFileSync(path.join(cwd, "evaluation_results.json"), "utf8")));
}

function tableIn(cwd: string, text: string): void {
  writeFileSync(path.join(cwd, "p.csv"), text);
}

describe("a table of predictions", () => {
  it("is measured overall and by subgroup, and says which columns were taken", async () => {
    const cwd = temporaryFolder();
    copyFileSync(path.join(fixtures, "binary.csv"), path.join(cwd, "p.csv"));
    const args = [
      "--predictions",
      "p.csv",
      "--score",
      "score_candidate",
      "--subgroup",
      "group",
      "--dotenv",
      "e.env",
    ];
    const { code, stdout, stderr } = await evaluate(cwd, ...args);
    expect(code).toBe(0);
    expect(stderr).toContain("label label, score score_candidate, subgroups group (label found by name)");
    expect(stdout).toMatch(/roc_auc by group, worst first\n {2}D {2}0\.8781/);
    const result = resultIn(cwd);
    expect(result).toMatchObject({
      task: "binary",
      count: 400,
      positives: 118,
      negatives: 282,
      verdict: "pass",
    });
    expect(result.metrics["roc_auc"]).toBeCloseTo(0.9495582401730978, 14);
    expect(result.subgroups["group"]?.["A"]).toMatchObject({ count: 76, positives: 28 });
    expect(readFileSync(path.join(cwd, "e.env"), "utf8")).toContain("METRIC_ROC_AUC=0.94955");
  });

  it("of a regression, with a group of rows without a value", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "target,prediction,area\n1,1.5,a\n2,2,\n3.5,3,a\n");
    expect((await evaluate(cwd, "--predictions-path", "p.csv", "--subgroup", "area")).code).toBe(0);
    const result = resultIn(cwd);
    expect(result).toMatchObject({ task: "regression", positives: null });
    expect(result.metrics["mae"]).toBeCloseTo(1 / 3, 15);
    expect(result.subgroups["area"]?.["(missing)"]).toMatchObject({
      count: 1,
      metrics: { mae: 0, r2: null },
    });
    expect(result.subgroups["area"]?.["(missing)"]?.undefined["r2"]).toContain("fewer than two rows");
  });

  it("of class labels: what needs scores is undefined; --positive-class names the class that counts", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\nyes,0.9\nno,0.2\nyes,0.4\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes")).code).toBe(0);
    expect(resultIn(cwd).metrics).toMatchObject({ roc_auc: 1, recall: 0.5 });
    tableIn(cwd, "label,prediction\nTrue,True\nFalse,True\n");
    expect((await evaluate(cwd, "--predictions", "p.csv")).code).toBe(0);
    expect(resultIn(cwd)).toMatchObject({ task: "binary", metrics: { roc_auc: null, accuracy: 0.5 } });
  });

  it("of predicted classes as texts, or as 0 and 1 beside labels that are texts", async () => {
    const cwd = temporaryFolder();
    const rows = [
      ["yes", "yes", "1"],
      ["no", "yes", "1"],
      ["yes", "no", "0"],
      ["yes", "yes", "1"],
    ];
    for (const place of [1, 2]) {
      tableIn(cwd, ["label,prediction", ...rows.map((row) => `${row[0]},${row[place]}`), ""].join("\n"));
      const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes");
      expect(code, stderr).toBe(0);
      expect(resultIn(cwd)).toMatchObject({
        task: "binary",
        positives: 3,
        metrics: { accuracy: 0.5, precision: 2 / 3 },
      });
    }
    tableIn(cwd, "label,prediction\nyes,no\nno,no\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes")).code).toBe(0);
    expect(resultIn(cwd).metrics).toMatchObject({ accuracy: 0.5, recall: 0 });
    tableIn(cwd, "label,prediction\nyes,ja\nno,nein\n");
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "yes");
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('"prediction" holds ja, nein, which no label is'),
    ]);
  });

  it("has one identity in any order of rows, with --row-id", async () => {
    const digests: string[] = [];
    for (const rows of ["7,0,0.1\n8,1,0.6\n9,1,0.5\n", "9,1,0.5\n7,0,0.1\n8,1,0.6\n"]) {
      const cwd = temporaryFolder();
      tableIn(cwd, `id,label,score\n${rows}`);
      expect((await evaluate(cwd, "--predictions", "p.csv", "--row-id", "id")).code).toBe(0);
      const { evalSet, scores } = resultIn(cwd);
      expect(evalSet).toMatchObject({ rows: 3, identifiedBy: "row-id" });
      digests.push(`${evalSet.sha256} ${scores.sha256}`);
    }
    expect(digests[0]).toBe(digests[1]);
  });

  it("subgroups called like JavaScript's own properties are groups like any other", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score,g\n0,0.1,__proto__\n1,0.9,__proto__\n1,0.8,constructor\n");
    expect((await evaluate(cwd, "--predictions", "p.csv", "--subgroup", "g")).code).toBe(0);
    const text = readFileSync(path.join(cwd, "evaluation_results.json"), "utf8");
    expect(Object.keys(JSON.parse(text).subgroups.g).sort()).toEqual(["__proto__", "constructor"]);
  });

  it("a dry run looks at the columns and writes nothing", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\n0,0.1\n");
    const { code, stdout } = await evaluate(cwd, "--predictions", "p.csv", "--dry-run");
    expect([code, stdout.startsWith("Dry run")]).toEqual([0, true]);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });
});

describe("the positive class", () => {
  it.each([
    ["1.0", "0.0", "1"],
    ["1", "0", "1.0"],
    ["True", "False", "true"],
    ["TRUE", "FALSE", "True"],
    ["ja, sicher", "nein", "ja, sicher"],
    ["01", "1", "01"],
    ["False", "True", "0"],
    ["1", "0", "true"],
  ])("of the labels %s and %s is named by %s", async (positive, negative, named) => {
    const cwd = temporaryFolder();
    tableIn(cwd, `label,score\n"${positive}",0.9\n"${negative}",0.2\n"${positive}",0.3\n`);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", named);
    expect(code, stderr).toBe(0);
    expect(resultIn(cwd)).toMatchObject({ positives: 2, negatives: 1, metrics: { roc_auc: 1 } });
  });

  it("is asked for where the labels are two texts, and where it is not there, what is", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, "label,score\nyes,0.9\nno,0.2\n");
    const { stderr } = await evaluate(cwd, "--predictions", "p.csv");
    expect(stderr).toContain('the label column "label" has 2 of 2 values that are no numbers');
    expect(stderr).toContain("Say which class counts as 1: --positive-class yes, or no.");
    const other = await evaluate(cwd, "--predictions", "p.csv", "--positive-class", "Yes");
    expect(other.stderr).toContain(
      'no value of the label column "label" is "Yes" (--positive-class); it has no, yes',
    );
  });
});

describe("a subgroup column of floats in Parquet", () => {
  it("has rows without a value in one group, be they null or NaN", async () => {
    const cwd = temporaryFolder();
    const rows = "(0, 0.1, 1.5), (1, 0.9, NULL), (1, 0.8, 'NaN'::DOUBLE)";
    const db = await openDuckDb();
    await db.query(
      `COPY (SELECT * FROM (VALUES ${rows}) AS t(label, score, g)) TO '${path.join(cwd, "p.parquet")}' (FORMAT parquet)`,
    );
    await db.close();
    expect((await evaluate(cwd, "--predictions", "p.parquet", "--subgroup", "g")).code).toBe(0);
    const groups = Object.entries(resultIn(cwd).subgroups["g"] ?? {});
    expect(groups.map(([name, { count }]) => [name, count])).toEqual([
      ["(missing)", 2],
      ["1.5", 1],
    ]);
  });
});

describe("a name in the table", () => {
  it("cannot write lines of its own into the job log", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, 'label,score,"g\nx"\n1,0.9,"a\nPASS\u001b[2K"\n0,0.2,b\n');
    const { stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", "--subgroup", "g\nx");
    expect(stdout).toContain("  a·PASS·[2K  undefined");
    expect(`${stdout}${stderr}`).not.toContain("\u001b");
    expect(stderr).toContain("subgroups g·x");
    expect(Object.keys(resultIn(cwd).subgroups["g\nx"] ?? {})).toEqual(["a\nPASS\u001b[2K", "b"]);
  });
});

describe("what cannot be measured is exit 4 and never a number", () => {
  it.each([
    ["a column that is not there", "label,scor\n0,0.1\n", ["--score", "score"], 'did you mean "scor"'],
    ["no column known by name", "a,b\n0,0.1\n", [], "no column called label, target, y_true"],
    ["a label outside {0,1}", "label,score\n0,0.1\n2,0.4\n", [], "the first is 2 in row 2"],
    ["a text as label", "label,score\n0,0.1\nmaybe,0.4\n", [], 'row 2 is "maybe"'],
    ["a missing label", "label,score\n0,0.1\n,0.4\n", [], "row 2 is missing"],
    ["a NaN score", "label,score\n0,0.1\n1,nan\n", [], 'row 2 is "nan"'],
    ["an infinite score", "label,score\n0,0.1\n1,inf\n", [], 'row 2 is "inf"'],
    ["no rows", "label,score\n", [], "has no rows"],
    [
      "a row id twice",
      "label,score,id\n0,0.1,a\n1,0.4,a\n",
      ["--row-id", "id"],
      "row ids stand more than once: a",
    ],
    ["three classes", "label,score\na,0.1\nb,0.4\nc,0.2\n", ["--positive-class", "a"], "has 3 classes"],
    [
      "a positive class that is not there",
      "label,score\na,0.1\nb,0.4\n",
      ["--positive-class", "A"],
      'is "A"',
    ],
    ["predictions that are no classes", "label,prediction\n0,0.3\n", ["--task", "binary"], "0.3 in row 1"],
  ])("%s", async (_title, text, args, message) => {
    const cwd = temporaryFolder();
    tableIn(cwd, text);
    writeFileSync(path.join(cwd, "evaluation_results.json"), '{"auc": 0.99}');
    const { code, stdout, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect([code, stdout]).toEqual([4, ""]);
    expect(stderr).toContain(message);
    expect(existsSync(path.join(cwd, "evaluation_results.json"))).toBe(false);
  });

  it("a file that is not there", async () => {
    const { code, stderr } = await evaluate(temporaryFolder(), "--predictions", "p.csv");
    expect([code, stderr.includes("p.csv does not exist")]).toEqual([4, true]);
  });
});

describe("flags that do not fit together are exit 2", () => {
  it.each([
    [[], "nothing to evaluate"],
    [["--model-path", "m"], "needs --eval-data-path"],
    [["--predictions", "p.csv", "--model-path", "m", "--eval-data-path", "d"], "exclude each other"],
    [["--predictions", "p.csv", "--score", "a", "--prediction", "b"], "exclude each other"],
    [["--model-path", "m", "--eval-data-path", "d", "--score", "a"], "the model makes the scores"],
    [
      ["--predictions", "p.csv", "--positive-class", "1", "--task", "regression"],
      "a regression has no classes",
    ],
    [["--predictions", "p.csv", "--task", "ranking"], "expected one of binary, regression"],
    [["--predictions", "p.csv", "--output-path", "p.csv"], "is an input at the same time"],
  ])("%j", async (args, message) => {
    const { code, stderr } = await evaluate(temporaryFolder(), ...args);
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});

const models = `
import joblib, json, pandas as pd, numpy as np, pickle, sys
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score, log_loss, mean_absolute_error
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC
from sklearn.preprocessing import OneHotEncoder
rng = np.random.default_rng(7)
n = 400
table = pd.DataFrame({"age": rng.integers(20, 80, n), "weight": rng.normal(70, 9, n).round(2), "smokes": rng.random(n) < 0.3,
  "sex": rng.choice(["f", "m"], n), "region": rng.choice(["N", "NA", "S"], n)})
table.loc[::7, "weight"] = np.nan
table["death"] = (rng.random(n) < 1 / (1 + np.exp((50 - table.age) / 9))).astype(int)
table.to_csv("test.csv", index=False)
table.to_parquet("test.parquet")
csv = pd.read_csv("test.csv")
x = csv.drop(columns="death")
model = make_pipeline(ColumnTransformer([("words", OneHotEncoder(handle_unknown="ignore"), ["sex", "region"]),
  ("numbers", SimpleImputer(), ["age", "weight", "smokes"])]), LogisticRegression(max_iter=1000)).fit(x, csv.death)
joblib.dump(model, "model.joblib")
with open("model.pkl", "wb") as file: pickle.dump(model, file)
expected = {"csv": model.predict_proba(x)[:, 1], "parquet": model.predict_proba(table.drop(columns="death"))[:, 1]}
regressor = RandomForestRegressor(20, random_state=0).fit(csv[["age"]].to_numpy(), csv.weight.fillna(70))
joblib.dump(regressor, "regressor.joblib")
csv[["age"]].assign(target=csv.weight.fillna(70)).to_csv("weights.csv", index=False)
plain = pd.DataFrame({"x": np.linspace(0, 1, 200)})
dead = (plain.x > 0.7).astype(int)
for name, values in {"encoded": dead, "boolean": dead.astype(bool), "words": np.where(dead, "yes", "no")}.items():
    plain.assign(death=values).to_csv(name + ".csv", index=False)
fit = lambda kind, values: kind.fit(plain, values)
joblib.dump(fit(LogisticRegression(C=1e4), dead.astype(float)), "floats.joblib")
joblib.dump(fit(LogisticRegression(C=1e4), dead.astype(bool)), "booleans.joblib")
joblib.dump(fit(LogisticRegression(C=1e4), np.where(dead, "ja", "nein")), "german.joblib")
joblib.dump(fit(LinearSVC(C=1e4), dead.astype(float)), "floats_svc.joblib")
joblib.dump(fit(LinearSVC(C=1e4), dead), "integers_svc.joblib")
open("cut.joblib", "wb").write(open("model.joblib", "rb").read()[:300])
open("text.pkl", "w").write("hello")
open("empty.joblib", "w").close()
json.dump({"auc": {k: roc_auc_score(csv.death, v) for k, v in expected.items()},
  "loss": {k: log_loss(csv.death, v) for k, v in expected.items()},
  "mae": mean_absolute_error(csv.weight.fillna(70), regressor.predict(csv[["age"]].to_numpy()))}, open("expected.json", "w"))
`;
const brokenModels = `
import joblib, os, signal, sys
import broken
for name in dir(broken):
    kind = getattr(broken, name)
    if isinstance(kind, type): joblib.dump(kind(), name + ".joblib")
joblib.dump({"not": "a model"}, "Dictionary.joblib")
`;
const brokenModule = `
import os, signal, sys
import numpy as np
class Chatty:
    def predict_proba(self, x):
        print("{} I am not JSON"); os.write(1, b"raw"); sys.stderr.write("warm-up\\n")
        return np.column_stack([np.linspace(1, 0, len(x)), np.linspace(0, 1, len(x))])
class Short:
    def predict_proba(self, x): return np.zeros((len(x) - 1, 2))
class NotANumber:
    def predict_proba(self, x): return np.full((len(x), 2), np.nan)
class PredictsNaN:
    def predict(self, x): return np.full(len(x), np.nan)
class Words:
    def predict(self, x): return np.array(["a"] * len(x))
class Raises:
    def predict(self, x): raise RuntimeError("the weights are gone")
class Dies:
    def predict(self, x): os.kill(os.getpid(), signal.SIGKILL)
class Leaves:
    def predict(self, x): os._exit(0)
class Many:
    def predict_proba(self, x): return np.zeros((len(x), 3))
`;

describe("a model that is scored in Python", () => {
  const kept: { folder?: string; python?: string } = {};
  beforeAll(async () => {
    const { mkdtempSync } = await import("node:fs");
    const { tmpdir } = await import("node:os");
    const folder = mkdtempSync(path.join(tmpdir(), "mlops-models-"));
    writeFileSync(path.join(folder, "broken.py"), brokenModule);
    for (const [name, text] of [
      ["models.py", models],
      ["broken_models.py", brokenModels],
    ] as const) {
      writeFileSync(path.join(folder, name), text);
      const made = await runPython({ args: [name], cwd: folder });
      expect(made.exitCode, made.stderr).toBe(0);
    }
    Object.assign(kept, { folder, python: await pythonOfTests() });
    return async () => {
      const { rm } = await import("node:fs/promises");
      await rm(folder, { recursive: true, force: true });
    };
  });

  async function score(model: string, table: string, ...args: string[]) {
    const [cwd = "", python = ""] = [kept.folder, kept.python];
    const context = testContext({ cwd, env: { PATH: process.env["PATH"] ?? "", PYTHONPATH: cwd } });
    const argv = ["evaluate", "--model-path", model, "--eval-data-path", table, "--python", python, ...args];
    return { code: await run(argv, context), ...context.printed() };
  }

  it.each([
    ["model.joblib", "csv"],
    ["model.pkl", "parquet"],
  ])("%s on %s gives what scikit-learn gives in Python itself", async (model, format) => {
    const outcome = await score(model, `test.${format}`, "--label", "death", "--subgroup", "sex");
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    const expected = JSON.parse(readFileSync(path.join(kept.folder ?? "", "expected.json"), "utf8"));
    const result = resultIn(kept.folder ?? "");
    expect(result.metrics["roc_auc"]).toBeCloseTo(expected.auc[format], 13);
    expect(result.metrics["log_loss"]).toBeCloseTo(expected.loss[format], 13);
    expect(result.model).toMatchObject({ uri: model, type: "sklearn.pipeline.Pipeline" });
    expect(result.model?.features).toEqual(["age", "weight", "smokes", "sex", "region"]);
    expect(result.inputs.map((input) => input.role)).toEqual(["evaluation data", "model"]);
  });

  it("a regressor without recorded names gets all columns but the label", async () => {
    expect((await score("regressor.joblib", "weights.csv")).code).toBe(0);
    const expected = JSON.parse(readFileSync(path.join(kept.folder ?? "", "expected.json"), "utf8"));
    const result = resultIn(kept.folder ?? "");
    expect(result).toMatchObject({ task: "regression", model: { features: ["age"] } });
    expect(result.metrics["mae"]).toBeCloseTo(expected.mae, 12);
  });

  it.each([
    ["floats", "0"],
    ["floats", "False"],
    ["booleans", "0"],
    ["booleans", "false"],
    ["floats_svc", "0"],
    ["integers_svc", "0.0"],
  ])("a model of %s scores the class %s that is named, not the other", async (model, named) => {
    const table = model === "booleans" && named === "false" ? "boolean.csv" : "encoded.csv";
    const outcome = await score(`${model}.joblib`, table, "--label", "death", "--positive-class", named);
    expect(outcome.code, outcome.stderr).toBe(0);
    const { metrics, positives, negatives } = resultIn(kept.folder ?? "");
    expect(positives).toBeGreaterThan(negatives ?? 0);
    expect(metrics["accuracy"]).toBeGreaterThan(0.95);
  });

  it("a model that was trained on 0 and 1 takes a table with texts", async () => {
    const named = ["--label", "death", "--positive-class", "yes"];
    expect((await score("floats.joblib", "words.csv", ...named)).code).toBe(0);
    expect(resultIn(kept.folder ?? "").metrics["accuracy"]).toBeGreaterThan(0.95);
    const other = await score("floats.joblib", "words.csv", "--label", "death", "--positive-class", "-1");
    expect(other.code).toBe(4);
    expect((await score("integers_svc.joblib", "words.csv", ...named)).code).toBe(0);
    expect(resultIn(kept.folder ?? "").metrics["accuracy"]).toBeGreaterThan(0.95);
  });

  it("a model that was trained on other texts is exit 8 and names them", async () => {
    const outcome = await score("german.joblib", "words.csv", "--label", "death", "--positive-class", "yes");
    expect([outcome.code, outcome.stderr]).toEqual([
      8,
      expect.stringContaining('the model knows the classes "ja", "nein", and not "yes"'),
    ]);
  });

  it.each(["cut.joblib", "text.pkl", "empty.joblib"])(
    "%s is no model: exit 8 in one sentence",
    async (name) => {
      const outcome = await score(name, "test.csv", "--label", "death");
      expect(outcome.code).toBe(8);
      expect(outcome.stderr).toContain(`${name} cannot be loaded as a model: `);
      expect(outcome.stderr).not.toContain("Traceback");
    },
  );

  it("what a model prints disturbs nothing", async () => {
    const outcome = await score("Chatty.joblib", "test.csv", "--label", "death", "--json");
    expect(outcome.code).toBe(0);
    expect(JSON.parse(outcome.stdout)).toMatchObject({ command: "evaluate", scores: { kind: "score" } });
  });

  it.each([
    ["Short", "for 400 rows"],
    ["NotANumber", "NaN or infinity for 400 of 400 rows"],
    ["PredictsNaN", "NaN or infinity for 400 of 400 rows"],
    ["Words", "expected numbers"],
    ["Raises", "the weights are gone"],
    ["Dies", "was ended by SIGKILL"],
    ["Leaves", "left no usable scores"],
    ["Many", "expected two columns"],
    ["Dictionary", "it is no model"],
  ])("%s: exit 8 with the reason, and no result", async (name, message) => {
    const asked = name === "PredictsNaN" ? ["--positive-class", "1"] : [];
    const outcome = await score(`${name}.joblib`, "test.csv", "--label", "death", ...asked);
    expect([outcome.code, outcome.stdout]).toEqual([8, ""]);
    expect(outcome.stderr).toContain(message);
    expect(existsSync(path.join(kept.folder ?? "", "evaluation_results.json"))).toBe(false);
  });

  it("a Python without pyarrow is exit 8 and says what to install", async () => {
    const bare = path.join(kept.folder ?? "", "bare-python");
    writeFileSync(bare, `#!/bin/sh\nexec "${kept.python}" -S -E "$@"\n`, { mode: 0o755 });
    const outcome = await score("model.joblib", "test.csv", "--label", "death", "--python", bare);
    expect([outcome.code, outcome.stderr]).toEqual([
      8,
      expect.stringMatching(/cannot import pyarrow[\s\S]*pip install/),
    ]);
  });

  it("a model of the registry and of a run, by their addresses; the result names the run", async () => {
    const cwd = kept.folder ?? "";
    const context = testContext({ cwd });
    const session = await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, context);
    let runId = "";
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      const request = { experimentId, name: "one", startTimeMs: Date.now(), tags: {}, idempotencyKey: "one" };
      const run = await session.client.createRun(request);
      runId = run.runId;
      await session.client.artifacts.uploadFile(
        run.artifactUri,
        "kept/model.joblib",
        path.join(cwd, "model.joblib"),
      );
      await session.client.ensureRegisteredModel("mortality");
      const source = `${run.artifactUri}/kept`;
      const { version } = await session.client.createModelVersion({
        name: "mortality",
        source,
        runId,
        tags: {},
      });
      await session.client.setAlias("mortality", "champion", version);
    } finally {
      await session.close();
    }
    for (const uri of [
      `runs:/${runId}/kept/model.joblib`,
      "models:/mortality/1",
      "models:/mortality@champion",
    ]) {
      const outcome = await score(uri, "test.csv", "--label", "death");
      expect(outcome.code, outcome.stderr).toBe(0);
      expect(resultIn(cwd)).toMatchObject({ runId, model: { uri, runId } });
    }
    const other = await score("models:/mortality@challenger", "test.csv", "--label", "death");
    expect([other.code, other.stderr]).toEqual([4, expect.stringContaining("has the alias challenger")]);
  });

  it("a table without the model's columns is exit 4 and names them; a missing model too", async () => {
    const other = await score("model.joblib", "weights.csv");
    expect([other.code, other.stderr]).toEqual([
      4,
      expect.stringContaining('does not have: "weight", "smokes"'),
    ]);
    const count = await score("regressor.joblib", "test.csv", "--label", "death");
    expect([count.code, count.stderr]).toEqual([4, expect.stringContaining("on 1 columns without names")]);
    const none = await score("nowhere.joblib", "test.csv", "--label", "death");
    expect([none.code, none.stderr]).toEqual([4, expect.stringContaining("does not exist")]);
  });
});

import { describe, expect, it } from "vitest";
import { cases } from "../support/full.ts";
import { parquetIn, resultIn } from "./evaluate-case.ts";
import { modelsInPython } from "./evaluate-models.ts";
import { rowsOf } from "./from-disk-case.ts";

const rows = 3_200_000;
/** Labels, and scores that a model makes, need 10 bytes a row at least. */
const small = ["--memory-limit", "30MB"];

const taskModels = `
import joblib, numpy as np, pandas as pd
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.multioutput import MultiOutputClassifier
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor
x = pd.DataFrame({"x": np.linspace(0, 1, 300)})
kinds = np.array(["fox", "bee", "ant"])[np.minimum((x.x * 3).astype(int), 2)]
joblib.dump(DecisionTreeClassifier(max_depth=2, random_state=0).fit(x, kinds), "kinds.joblib")
joblib.dump(LinearSVC().fit(x, kinds), "kinds_svc.joblib")
joblib.dump(DecisionTreeRegressor(max_depth=5, random_state=0).fit(x, x.x * 60), "tree.joblib")
dead = (x.x > 0.7).astype(int)
labels = np.column_stack([dead, x.x > 0.3])
joblib.dump(MultiOutputClassifier(LogisticRegression()).fit(x, labels), "labels.joblib")
joblib.dump(RidgeClassifier().fit(x, labels), "ridge.joblib")
joblib.dump(LinearSVC().fit(x, np.where(dead, "died", "lived")), "words_svc.joblib")
`;

type Case = readonly [what: string, model: string, args: readonly string[]];

const short: readonly Case[] = [
  ["scores of labels", "labels.joblib", ["--task", "multilabel", "--label", "is_*", "--subgroup", "g"]],
  [
    "the class that is not the positive one",
    "words_svc.joblib",
    ["--label", "fate", "--positive-class", "lived"],
  ],
];
const further: readonly Case[] = [
  [
    "classes",
    "kinds_svc.joblib",
    ["--label", "kind", "--task", "multiclass", "--row-id", "id", "--subgroup", "g", "--subgroup", "fate"],
  ],
  ["numbers to rank by", "tree.joblib", ["--task", "ranking", "--label", "is_b", "--query", "q"]],
  ["probabilities of classes", "kinds.joblib", ["--label", "kind", "--subgroup", "g"]],
  [
    "labels",
    "ridge.joblib",
    [
      ...["--task", "multilabel", "--label", "is_*", "--row-id", "id"],
      ...["--subgroup", "g", "--subgroup", "kind", "--subgroup", "fate"],
    ],
  ],
  [
    "classes, where 0 is the positive one",
    "integers_svc.joblib",
    ["--label", "is_a", "--positive-class", "0"],
  ],
  ["numbers", "tree.joblib", ["--label", "age", "--weight", "w", "--row-id", "id", "--subgroup", "g*kind"]],
  [
    "forecasts",
    "tree.joblib",
    [
      ...["--task", "forecasting", "--label", "age", "--series", "q", "--horizon", "kind"],
      ...["--training-mae", "w", "--training-rmse", "2.5", "--row-id", "id", "--subgroup", "g"],
    ],
  ],
];

describe("a model of any task that scores more rows than fit into memory", { timeout: 300_000 }, () => {
  const { kept, score } = modelsInPython({ "tasks.py": taskModels });
  let isMade = false;

  async function scored(model: string, ...args: string[]) {
    const cwd = kept.folder ?? "";
    if (!isMade) await makeTable(cwd);
    isMade = true;
    return await score(model, "large.parquet", ...args);
  }

  async function resultOf(model: string, ...args: string[]) {
    const outcome = await scored(model, ...args);
    expect(outcome.code, outcome.stderr).toBe(0);
    const { startedAt: _, finishedAt: __, scores, ...result } = resultIn(kept.folder ?? "");
    const way = `large.parquet does not fit into memory: measured from disk, ${rows} rows\n`;
    return {
      // The Parquet file of the scores tells who wrote it when.
      result: { ...result, scores: { ...scores, file: undefined } },
      // Who waits for long is told how long.
      said: outcome.stderr.replace(way, "").replaceAll(/^.+ \(\d of 3\) · .+\n/gm, ""),
      isFromDisk: outcome.stderr.includes(way),
      kept: await rowsOf(`${kept.folder ?? ""}/scores.parquet`),
    };
  }

  it.each(cases(short, further))(
    "has the result and the kept scores of a table in memory: %s",
    async (_what, model, args) => {
      const whole = await resultOf(model, ...args);
      const stored = await resultOf(model, ...args, ...small);
      expect([whole.isFromDisk, stored.isFromDisk]).toEqual([false, true]);
      expect({ ...stored, isFromDisk: false }).toEqual(whole);
    },
  );

  it("has the same where its answers fit into memory in the end", async () => {
    const args = ["--label", "fate", "--positive-class", "died"];
    const whole = await resultOf("words_svc.joblib", ...args);
    const written = await resultOf("words_svc.joblib", ...args, "--memory-limit", "100MB");
    expect(written).toEqual(whole);
    expect(written.isFromDisk).toBe(false);
    const ranked = ["--task", "ranking", "--label", "is_b", "--query", "q"];
    const [inMemory, found] = [
      await resultOf("tree.joblib", ...ranked),
      await resultOf("tree.joblib", ...ranked, "--memory-limit", "200MB"),
    ];
    expect(found).toEqual(inMemory);
    expect(found.isFromDisk).toBe(false);
  });

  it("refuses what it would refuse in memory, and rows before they are scored", async () => {
    const refused = [
      ["kinds.joblib", ["--label", "fate", "--task", "multiclass"], "and the model knows"],
      ["tree.joblib", ["--label", "kind"], "the model predicts numbers, and the label holds"],
      ["tree.joblib", ["--label", "kind", "--task", "multiclass"], "and the label holds ant, bee, fox"],
      ["tree.joblib", ["--label", "is_a", "--task", "binary"], "which is not 0 or 1"],
      ["tree.joblib", ["--label", "gaps"], "that are no numbers"],
      ["labels.joblib", ["--task", "multilabel", "--label", "label_*"], "the model gives 2 columns"],
    ] as const;
    for (const [model, args, message] of refused) {
      const outcome = await scored(model, ...args, ...small);
      expect([outcome.code, outcome.stderr]).toEqual([4, expect.stringContaining(message)]);
      expect(outcome.stderr).not.toContain("answered");
    }
  });
});

async function makeTable(cwd: string): Promise<void> {
  const x = "(i * 7919 % 1000003) / 1000003";
  await parquetIn(
    cwd,
    "large.parquet",
    `SELECT x, CAST(x + noise > 0.8 AS INTEGER) AS is_a, CAST(x + noise > 0.4 AS INTEGER) AS is_b,
      ['fox', 'bee', 'ant'][CAST(least(floor((x + noise) * 3), 2) AS INTEGER) + 1] AS kind, x * 60 + noise AS age,
      CASE WHEN x + noise > 0.8 THEN 'died' ELSE 'lived' END AS fate, CASE WHEN i <> 7 THEN x END AS gaps,
      0 AS label_a, 1 AS label_b, 1 AS label_c, i % 3 * 0.1 AS w, ${rows} - i AS id, 'g' || i % 3 AS g, i // 20 AS q
      FROM (SELECT i, ${x} AS x, (i * 6007 % 101) / 300 AS noise FROM range(${rows}) t(i))`,
  );
}

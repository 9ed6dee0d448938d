import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Contender, compare, printFigures, printGoals } from "./process.ts";

const root = path.resolve(import.meta.dirname, "..");
const python = path.join(root, ".cache", "venv", "bin", "python");

/** 18 columns of floats and two of texts; gradient boosting of 300 trees behind a ColumnTransformer, and a logistic regression for the memory. */
const maker = `
import sys
import joblib, numpy as np, pyarrow as pa, pyarrow.parquet as pq, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
rng = np.random.default_rng(3)
names = [f"f{place}" for place in range(18)]
def part(n):
    x = pd.DataFrame(rng.normal(size=(n, 18)), columns=names)
    x["region"] = rng.choice(["north", "south", "east", "west", "the capital region"], n)
    x["sex"] = rng.choice(["f", "m"], n)
    return x.assign(label=(x.f0 + x.f1 * x.f2 + (x.region == "north") + rng.normal(size=n) > 0.5).astype("int64"))
train = part(40_000)
columns = lambda: ColumnTransformer([("numbers", StandardScaler(), names), ("words", OneHotEncoder(), ["region", "sex"])])
trees = HistGradientBoostingClassifier(max_iter=300, early_stopping=False)
for name, last in {"trees": trees, "line": LogisticRegression()}.items():
    joblib.dump(make_pipeline(columns(), last).fit(train[[*names, "region", "sex"]], train.label), f"{name}.joblib")
rows, file = int(sys.argv[1]), sys.argv[2]
first = pa.Table.from_pandas(part(min(rows, 100_000)), preserve_index=False)
with pq.ParquetWriter(file, first.schema) as writer:
    writer.write_table(first)
    for start in range(100_000, rows, 100_000):
        writer.write_table(pa.Table.from_pandas(part(min(rows - start, 100_000)), preserve_index=False))
`;
/** What somebody writes by hand: pandas, the whole table, predict_proba. */
const plain = `
import sys
import joblib, pandas as pd
table = pd.read_parquet(sys.argv[2])
model = joblib.load(sys.argv[1])
print(model.predict_proba(table[list(model.feature_names_in_)])[:, 1].mean())
`;

/**
 * `npm run bench -- scoring [rows [runs]]`: `mlops evaluate` of a model beside a script that only reads the table and calls
 * predict_proba. A million rows and three runs take three minutes on two idle cores, and a quarter of an hour on busy ones.
 */
export function benchScoring([rowsText = "1000000", runsText = "3"]: readonly string[]): void {
  const [rows, runs] = [Number(rowsText), Number(runsText)];
  const folder = path.join(root, ".cache", "bench", "scoring");
  const table = path.join(folder, `${rows}.parquet`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "make.py"), maker);
  writeFileSync(path.join(folder, "plain.py"), plain);
  if (!existsSync(table))
    execFileSync(python, ["make.py", String(rows), table], {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
    });
  // The cheap model first: its answer comes soon, and it shows best what we add to the model's own time.
  for (const model of ["line.joblib", "trees.joblib"]) {
    process.stdout.write(`\n${model}: ${runs} runs of each of four …\n`);
    const figures = compare(contenders(folder, model, table), runs);
    printFigures(`${model}, ${rows} rows x 20 columns, whole process`, figures);
    const [script, passive, ours, measuring] = figures;
    if (script === undefined || passive === undefined || ours === undefined || measuring === undefined)
      return;
    const alone = ours.cpuSeconds - measuring.cpuSeconds;
    printGoals([
      goal("scoring and metrics over the script, wall", ours.medianSeconds / script.medianSeconds),
      goal("scoring and metrics over the script, processor time", ours.cpuSeconds / script.cpuSeconds),
      goal("scoring without the metrics over the script, processor time", alone / script.cpuSeconds),
      goal("the same, the script's threads told to wait passively", alone / passive.cpuSeconds),
    ]);
  }
}

function contenders(folder: string, model: string, table: string): Contender[] {
  const evaluate = [process.execPath, path.join(root, "bin", "mlops.js"), "evaluate", "--label", "label"];
  const flags = ["--model-path", model, "--eval-data-path", table, "--python", python];
  const output = ["--output-path", path.join(folder, "result.json")];
  const kept = ["--predictions", "scores.parquet", "--score", "score"];
  const script = [python, "plain.py", model, table];
  return [
    { name: "pandas and predict_proba", command: script, cwd: folder },
    // What the scorer sets: threads that wait actively cost much where the cores are busy.
    {
      name: "the same, its threads waiting passively",
      command: ["env", "OMP_WAIT_POLICY=passive", "OPENBLAS_THREAD_TIMEOUT=16", ...script],
      cwd: folder,
    },
    { name: "mlops evaluate", command: [...evaluate, ...flags, ...output], cwd: folder },
    // What `mlops evaluate` does beside scoring: the metrics of a million rows, which the script does not have.
    {
      name: "mlops evaluate of the scores it kept",
      command: [...evaluate, ...kept, "--output-path", path.join(folder, "measured.json")],
      cwd: folder,
    },
  ];
}

function goal(text: string, measured: number) {
  return { text, measured, limit: 1.1, direction: "at most", unit: "x" } as const;
}

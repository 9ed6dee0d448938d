import { describe, expect, it } from "vitest";
import { trainResult } from "../../src/results/train.ts";
import { job } from "./train-job.ts";

const sklearnScript = `
import os
import joblib
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
x, y = load_iris(return_X_y=True)
model = LogisticRegression(max_iter=200).fit(x, y)
joblib.dump(model, os.path.join(os.environ["MLOPS_OUTPUT_DIR"], "model.joblib"))
print("trained")
`;

describe("mlops train", () => {
  it("logs a scikit-learn script without a word of mlflow in it, and keeps its outputs", async () => {
    const { context, train, file, session, run } = await job({
      "train.py": sklearnScript,
      "data.csv": "a\n1\n",
    });
    const code = await train(
      ..."--framework sklearn --experiment-name iris --run-name first --output model.joblib".split(" "),
      ..."--data-path data.csv --param seed=7 --dotenv train.env --json -- train.py --x 1".split(" "),
    );
    const { stdout, stderr } = context.printed();
    expect(code, stderr).toBe(0);
    const result = trainResult.parse(JSON.parse(stdout));
    expect(JSON.parse(await file("outputs/training_result.json"))).toEqual(result);
    expect(result).toMatchObject({
      verdict: "pass",
      run: { experimentName: "iris", name: "first", status: "FINISHED" },
      exitCode: 0,
      inputs: [
        { role: "data", uri: "data.csv" },
        { role: "script", uri: "train.py" },
      ],
      outputs: [{ path: "model.joblib", uploaded: true }],
    });
    expect(stderr).toContain("trained");
    expect(await file("train.env")).toBe(
      `MLFLOW_RUN_ID=${result.run.runId}\nMLFLOW_EXPERIMENT_ID=${result.run.experimentId}\n`,
    );
    const logged = await run();
    expect(logged).toMatchObject({ runId: result.run.runId, status: "FINISHED", name: "first" });
    expect(logged.params.get("max_iter")).toBe("200");
    expect(logged.params.get("seed")).toBe("7");
    expect(logged.metrics.get("training_accuracy_score")).toBeGreaterThan(0.9);
    expect(logged.tags.get("mlflow.source.name")).toBe("train.py");
    expect(logged.tags.get("mlops.exit_code")).toBe("0");
    expect(logged.outputModelIds).toHaveLength(1);
    const { client } = await session();
    expect((await client.artifacts.listFiles(logged.artifactUri)).map((one) => one.path)).toContain(
      "model.joblib",
    );
  });

  it("is joined by a script with its own start_run, whose end does not win over a failure afterwards", async () => {
    const script = `
import mlflow
mlflow.set_experiment("own")
with mlflow.start_run():
    mlflow.log_metric("auc", 0.9)
with mlflow.start_run():
    mlflow.log_metric("auc", 0.1)
raise ValueError("too late")
`;
    const { train, run, session, context, file } = await job({ "train.py": script });
    expect(
      await train("--experiment-name", "iris", "--dotenv", "train.env", "--", "python", "train.py"),
    ).toBe(8);
    const { stderr } = context.printed();
    expect(stderr).toContain("set_experiment('own') of the script is ignored");
    expect(stderr).toMatch(/error: python train\.py ended with exit code 1\.[\s\S]*ValueError: too late/);
    const logged = await run();
    expect(logged.status).toBe("FAILED");
    expect(logged.metrics.get("auc")).toBe(0.9);
    // A second run of the script is a child of the first, not an orphan.
    const runs = await (await session()).client.searchRuns({ experimentIds: [logged.experimentId] });
    const other = runs.filter((one) => one.runId !== logged.runId);
    expect(other.map((one) => one.tags.get("mlflow.parentRunId"))).toEqual([logged.runId]);
    expect(await file("train.env")).toContain(`MLFLOW_RUN_ID=${logged.runId}\n`);
    expect(trainResult.parse(JSON.parse(await file("outputs/training_result.json")))).toMatchObject({
      verdict: "error",
      exitCode: 1,
      run: { status: "FAILED" },
    });
  });

  it("warns where autologging was asked for and nothing was logged", async () => {
    const { train, context } = await job({ "train.py": "print('no framework here')" });
    expect(await train("--framework", "auto", "--param", "a=1", "--", "train.py")).toBe(0);
    expect(context.printed().stderr).toContain(
      "warning: autologging (--framework auto) logged nothing to run",
    );
    expect(await train("--framework", "auto", "--", "sh", "-c", "true")).toBe(0);
    expect(context.printed().stderr).toContain("needs a Python script; sh is not one");
  });

  it("redacts a secret that the script prints, also encoded and in its last words", async () => {
    const script = `
import base64, os, sys
secret = os.environ["CUSTOM_API_KEY"]
print("plain", secret, "token", os.environ["MLFLOW_TRACKING_TOKEN"])
sys.stdout.write("split " + secret[:5]); sys.stdout.flush()
sys.stdout.write(secret[5:] + "\\n")
print(base64.b64encode(("user:" + secret).encode()).decode())
sys.exit("died with " + secret)
`;
    const secret = "Zq8-hidden-value-77";
    const { train, context, file } = await job({ "train.py": script }, { CUSTOM_API_KEY: secret });
    expect(await train("--", "python", "train.py", secret)).toBe(8);
    const { stdout, stderr } = context.printed();
    const all = stdout + stderr + (await file("outputs/training_result.json"));
    expect(all).not.toContain(secret);
    expect(stdout).toContain("plain [REDACTED] token [REDACTED]");
    expect(stdout).toContain("split [REDACTED]");
    expect(stderr).toContain("died with [REDACTED]");
    for (let offset = 0; offset < 3; offset++) {
      const encoded = Buffer.from("x".repeat(offset) + secret)
        .toString("base64")
        .slice(4, -4);
      expect(all).not.toContain(encoded);
    }
  });
});

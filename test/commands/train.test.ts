import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { MlopsError } from "../../src/errors.ts";
import { run } from "../../src/main.ts";
import { trainResult } from "../../src/results/train.ts";
import type { Run, TrackingSession } from "../../src/tracking/types.ts";
import { type TestContext, testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { startMlflowServer } from "../support/mlflow-server.ts";
import { pythonEnvironment, pythonOfTests } from "../support/python.ts";
import { openTestSession } from "../support/tracking-session.ts";

interface Job {
  readonly cwd: string;
  readonly context: TestContext;
  /** `mlops train` with the given words; the exit code. */
  train(...words: readonly string[]): Promise<number>;
  file(name: string): Promise<string>;
  /** A session over the job's store, once the command has ended. */
  session(): Promise<TrackingSession>;
  /** The run that the files of the output folder name. */
  run(): Promise<Run>;
}

async function job(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<Job> {
  const cwd = temporaryFolder("mlops-train");
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(cwd, name), text);
  const context = testContext({
    cwd,
    env: { ...pythonEnvironment({}), MLOPS_PYTHON: await pythonOfTests(), ...env },
  });
  const file = (name: string) => readFile(path.join(cwd, name), "utf8");
  const session = async () => {
    const opened = await openTestSession({ trackingUri: undefined, cwd, storeDir: ".mlops/store" });
    onTestFinished(() => opened[Symbol.asyncDispose]());
    return opened.session;
  };
  return {
    cwd,
    context,
    file,
    session,
    train: (...words) => run(["train", ...words], context),
    run: async () => (await session()).client.getRun((await file("outputs/mlflow_run_id.txt")).trim()),
  };
}

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

  it("takes script and arguments from mlops.yaml, whose paths are relative to it", async () => {
    const { train, run, context } = await job({
      "train.py": "import sys\nprint('got', sys.argv[1:])",
      "mlops.yaml":
        "training_script: train.py\ntraining_args: [--epochs, 3]\nexperiment_name: shared\ntrain:\n  run_name: from-file\n",
    });
    expect(await train()).toBe(0);
    expect(context.printed().stdout).toContain("got ['--epochs', '3']");
    expect(context.printed().stdout).toContain("train: FINISHED");
    expect((await run()).name).toBe("from-file");
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

  it.each([
    ["sys.exit(0)", 0, "FINISHED", ""],
    ["sys.exit(4)", 8, "FAILED", "python train.py ended with exit code 4"],
    ["os.kill(os.getpid(), 11)", 8, "KILLED", "python train.py ended by SIGSEGV"],
    ["os.kill(os.getpid(), 9)", 8, "KILLED", "mostly the memory limit"],
  ])("closes the run by what really happened: %s", async (statement, exitCode, status, message) => {
    const { train, run, context } = await job({ "train.py": `import os, sys\n${statement}\n` });
    expect(await train("--", "train.py")).toBe(exitCode);
    expect(context.printed().stderr).toContain(message.replace("ended by", "was ended by"));
    expect((await run()).status).toBe(status);
  });

  it("fails a training that ends well without its declared outputs, and keeps those that are there", async () => {
    const { train, run, session, context } = await job({
      "train.py": "import os\nopen(os.environ['MLOPS_OUTPUT_DIR'] + '/card.md', 'w').write('x')\n",
    });
    expect(await train("--output", "card.md", "--output", "model.joblib", "--", "train.py")).toBe(8);
    expect(context.printed().stderr).toContain("exit code 0 but did not write model.joblib to outputs");
    const logged = await run();
    expect(logged.status).toBe("FAILED");
    const files = await (await session()).client.artifacts.listFiles(logged.artifactUri);
    expect(files.map((one) => one.path)).toEqual(["card.md"]);
  });

  it("does not take an output of an earlier training for one of this", async () => {
    const { train, context } = await job({ "train.py": "" });
    await train("--", "train.py");
    await writeFile(path.join(context.cwd, "outputs/model.joblib"), "old");
    expect(await train("--output", "model.joblib", "--no-upload", "--", "train.py")).toBe(0);
    expect(context.printed().stderr).toContain(
      "warning: the output model.joblib is there, but this training did not",
    );
  });

  it("stops a training at its time limit", async () => {
    const { train, run, context } = await job({ "train.py": "import time\ntime.sleep(600)\n" });
    expect(await train("--timeout", "1s", "--", "train.py")).toBe(8);
    expect(context.printed().stderr).toContain("had not ended after 1 s (--timeout)");
    expect((await run()).status).toBe("KILLED");
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

  it.each([
    [["--", "gone.py"], "The training script gone.py does not exist"],
    [["--data-path", "gone.csv", "--", "train.py"], "The data gone.csv cannot be read"],
    [["--param", "lr", "--", "train.py"], '--param is "lr", expected key=value.'],
    [["--framework", "sklaern", "--", "train.py"], "--framework is"],
    [[], "There is nothing to train with"],
  ])("refuses %j before a run is created", async (words, message) => {
    const { train, context, file } = await job({ "train.py": "" });
    expect(await train(...words)).toBe(2);
    expect(context.printed().stderr).toContain(message);
    await expect(file("outputs/mlflow_run_id.txt")).rejects.toThrow("ENOENT");
  });

  it("says what it would do, and does nothing, with --dry-run", async () => {
    const { train, context, file } = await job({ "train.py": "raise SystemExit(9)" });
    expect(await train("--dry-run", "--experiment-name", "iris", "--", "train.py", "-v")).toBe(0);
    expect(context.printed().stdout).toContain(
      "would create a run in experiment iris on the store in .mlops/store",
    );
    expect(context.printed().stdout).toContain("python train.py -v");
    await expect(file("outputs/mlflow_run_id.txt")).rejects.toThrow("ENOENT");
    await expect(file(".mlops/store/version")).rejects.toThrow("ENOENT");
  });

  it("closes the run as FAILED where something around the training fails", async () => {
    const { train, context, run } = await job({ "train.py": "" });
    expect(await train("--dotenv", "train.py/no.env", "--", "train.py")).toBe(2);
    expect(context.printed().stderr).toContain("no.env");
    expect((await run()).status).toBe("FAILED");
  });

  it("ends the program and closes the run as KILLED on an interruption", async () => {
    const { train, context, run, file } = await job({
      "train.py": "import os, time\nopen(os.environ['MLOPS_OUTPUT_DIR'] + '/ready', 'w')\ntime.sleep(600)\n",
    });
    const ended = train("--", "train.py");
    await expect.poll(() => file("outputs/ready"), { timeout: 20_000 }).toBe("");
    context.abort(new MlopsError({ kind: "interrupted", code: "SIGINT", message: "Interrupted (SIGINT)." }));
    expect(await ended).toBe(130);
    expect((await run()).status).toBe("KILLED");
  });
});

describe("mlops train against a real MLflow server", () => {
  it("has the last word on the status, also where the script's own client said FINISHED", async () => {
    const server = await startMlflowServer({ directory: temporaryFolder("mlops-server") });
    onTestFinished(() => server.close());
    // A bare log_metric starts the run; MLflow's exit handler then ends it as FINISHED.
    const script = "import mlflow\nmlflow.log_metric('auc', 0.8)\nraise ValueError('afterwards')\n";
    const own = await job(
      {
        "train.py": script,
        "good.py": "import os\nopen(os.environ['MLOPS_OUTPUT_DIR'] + '/a.txt', 'w').write('a')",
      },
      { MLFLOW_TRACKING_URI: server.url },
    );
    await using opened = await openTestSession({ trackingUri: server.url });
    const { client } = opened.session;
    const loggedRun = async () => client.getRun((await own.file("outputs/mlflow_run_id.txt")).trim());
    expect(await own.train("--experiment-name", "real", "--", "train.py"), server.log()).toBe(8);
    const failed = await loggedRun();
    expect(failed.status).toBe("FAILED");
    expect(failed.metrics.get("auc")).toBe(0.8);
    expect(failed.tags.get("mlops.exit_code")).toBe("1");
    expect(await own.train("--experiment-name", "real", "--param", "seed=1", "--", "good.py")).toBe(0);
    const finished = await loggedRun();
    expect(finished.status).toBe("FINISHED");
    expect(finished.params.get("seed")).toBe("1");
    const files = await client.artifacts.listFiles(finished.artifactUri);
    expect(files.map((one) => one.path)).toEqual(["a.txt"]);
  }, 150_000);

  it("says which folder cannot be made where a file stands in the place of the outputs", async () => {
    const { train, context } = await job({ outputs: "a file" });
    expect(await train("--", "true")).toBe(2);
    expect(context.printed().stderr).toMatch(/The folder .*outputs cannot be made/);
  });
});

import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { startMlflowServer } from "../support/mlflow-server.ts";
import { openTestSession } from "../support/tracking-session.ts";
import { job } from "./train-job.ts";

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

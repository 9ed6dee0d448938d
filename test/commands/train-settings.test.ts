import { describe, expect, it } from "vitest";
import { job } from "./train-job.ts";

describe("mlops train", () => {
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
});

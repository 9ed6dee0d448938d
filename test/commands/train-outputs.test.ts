import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { job } from "./train-job.ts";

describe("mlops train", () => {
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
});

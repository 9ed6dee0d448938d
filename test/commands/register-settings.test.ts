import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { trackingPlace } from "../support/tracking-place.ts";

describe("mlops register, before any server is asked", () => {
  const nowhere = { MLFLOW_TRACKING_URI: "http://127.0.0.1:9" };

  it.each([
    [["--run-id", "a1"], /name of the registered model is missing/],
    [["--model-name", "m"], /no --run-id, no MLFLOW_RUN_ID, and no outputs\/mlflow_run_id\.txt/],
    [["--model-name", "m", "--run-id-file", "none.txt"], /none\.txt \(--run-id-file\) does not exist/],
    [["--model-name", "m", "--run-id", "../x"], /is no run id/],
    [["--model-name", "m", "--run-id", "a1", "--tag", "nonsense"], /--tag "nonsense" is not KEY=VALUE/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "none.json"], /none\.json \(--gate\) cannot be read/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "bad.json"], /bad\.json \(--gate\) is not JSON/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "odd.json"], /odd\.json is not what.*verdict/],
    [["--model-name", "m", "--run-id", "a1", "--gate", "other.json"], /other\.json is about run b2/],
    [["--model-name", "a/b", "--run-id", "a1", "--alias", "v3"], /may not hold "\/".*\n.*reserved/],
  ])("names what is wrong with %j", async (args, message) => {
    const place = trackingPlace(temporaryFolder("mlops-register"), "embedded");
    writeFileSync(path.join(place.cwd, "bad.json"), "{");
    writeFileSync(path.join(place.cwd, "odd.json"), "{}");
    writeFileSync(path.join(place.cwd, "other.json"), '{"verdict":"pass","runId":"b2"}');
    const ended = await place.mlops(["register", ...args], nowhere);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(message);
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { copyExample, type ExampleCopy, type Finished, processesIn, runToEnd } from "../support/example.ts";

// gitlab-ci-local gives every job a folder of its own with rsync (Debian: apt-get install rsync; .ci/run does it).
const hasRsync = spawnSync("rsync", ["--version"]).status === 0;
const gitlabCiLocal = path.resolve(import.meta.dirname, "../../node_modules/.bin/gitlab-ci-local");
const jobs = ["validate", "train", "evaluate", "gate", "register", "deploy", "promote", "notify"];

describe.skipIf(!hasRsync)(
  "the example's .gitlab-ci.yml, each job in a folder of its own (needs rsync)",
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), "mlops-pipeline-"));
    let copy: ExampleCopy;
    let pipeline: Finished;

    beforeAll(async () => {
      copy = copyExample(folder);
      pipeline = await runPipeline();
    }, 240_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it("passes in every job", () => {
      expect(pipeline.output).not.toContain("FAIL");
      for (const job of jobs) expect(pipeline.output).toMatch(new RegExp(`PASS +${job} *\\n`));
      expect(pipeline.code).toBe(0);
    });

    it("hands the run and the version on as dotenv reports only", () => {
      const runId = /MLFLOW_RUN_ID=([0-9a-f]{32})/.exec(fileOf("train", "train.env"))?.[1];
      expect(fileOf("register", "register.env")).toContain("MODEL_VERSION=1\n");
      expect(JSON.parse(fileOf("register", "registration.json"))).toMatchObject({
        runId,
        model: { version: "1" },
      });
      expect(JSON.parse(fileOf("evaluate", "evaluation_results.json"))).toMatchObject({ runId });
      expect(JSON.parse(fileOf("promote", "promotion.json"))).toMatchObject({
        model: { name: "mortality", version: "1", alias: "champion" },
      });
      expect(pipeline.output).toContain("mortality version 1 is the champion");
      // No job saw another one's folder, and nothing came back into the project.
      expect(existsSync(path.join(jobFolder("register"), "train.env"))).toBe(false);
      expect(existsSync(path.join(copy.project, ".mlops"))).toBe(false);
    });

    it("ends with one store that holds the run, its metrics, the version and the alias", async () => {
      const script = [
        "import mlflow, json",
        "client = mlflow.MlflowClient()",
        "version = client.get_model_version_by_alias('mortality', 'champion')",
        "run = client.get_run(version.run_id)",
        "print(json.dumps([version.version, run.info.status, 'eval.roc_auc' in run.data.metrics, run.data.params['classify__C']]))",
      ].join("\n");
      const cwd = jobFolder("promote");
      const { output } = await runToEnd(["mlops", "store", "exec", "-q", "--", "python", "-c", script], {
        cwd,
        env: copy.env,
      });
      expect(output.trim().split("\n").at(-1)).toBe('["1", "FINISHED", true, "0.01"]');
    });

    it("leaves nothing running", () => {
      expect(processesIn(folder)).toEqual([]);
    });

    async function runPipeline(): Promise<Finished> {
      const options = [
        "--shell-isolation",
        "--no-artifacts-to-source",
        "--no-color",
        "--state-dir",
        "../state",
      ];
      return await runToEnd([gitlabCiLocal, ...options], { cwd: copy.project, env: copy.env });
    }

    function jobFolder(job: string): string {
      return path.join(folder, "state", "builds", job);
    }

    function fileOf(job: string, file: string): string {
      return readFileSync(path.join(jobFolder(job), file), "utf8");
    }
  },
);

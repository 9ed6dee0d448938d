import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { chapters } from "../../scripts/demo-story.ts";
import { runCli } from "../support/cli.ts";
import { type Finished, processesIn, runToEnd } from "../support/example.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runPython } from "../support/python.ts";
import { serveStore } from "../support/served-store.ts";

const root = path.resolve(import.meta.dirname, "../..");

describe("npm run demo", () => {
  let demo: Finished;
  let project: string;
  let filesBefore: string;

  beforeAll(async () => {
    filesBefore = statusOfRepository();
    const env = { ...definedEnvironment(), SLACK_WEBHOOK_URL: "http://127.0.0.1:9/must-not-be-used" };
    demo = await runToEnd([process.execPath, "scripts/demo.ts"], { cwd: root, env });
    project = path.resolve(root, /A copy of examples\/mortality: (.*)/.exec(demo.output)?.[1] ?? "");
  }, 240_000);

  it("plays its whole story", () => {
    expect(demo.output).not.toContain("The demo failed");
    expect(demo.code).toBe(0);
    for (const { command } of chapters.flatMap(({ steps }) => steps)) {
      expect(demo.output).toContain(`\n$ ${command}\n`);
    }
  });

  it("ends with the gate's refusal, and version 2 goes on serving", () => {
    expect(demo.output).toMatch(/\(exit code 3\)/);
    expect(readResult("gate.json")).toMatchObject({ verdict: "fail" });
    expect(demo.output).toMatch(/GET http:\/\/127\.0\.0\.1:\d+\/health\n {2}\{"status":"ok","version":"2"\}/);
    expect(demo.output).toMatch(/\n {2}\{"prediction":0\.\d+\}/);
  });

  it("leaves every result file in the project's folder", () => {
    for (const [file, verdict] of [
      ["validation_report.json", "pass"],
      ["model/training_result.json", "pass"],
      ["evaluation_results.json", "pass"],
      ["registration.json", "pass"],
      ["deployment.json", "pass"],
      ["promotion.json", "pass"],
    ] as const) {
      expect(readResult(file), file).toMatchObject({ schemaVersion: 1, verdict });
    }
    expect(readResult("evaluation_results.json")).toMatchObject({
      evalSet: { rows: 633 },
      subgroups: { sex: { female: {}, male: {} }, race: { white: {}, black_or_other: {} } },
    });
    expect(existsSync(path.join(project, ".mlops", "store"))).toBe(true);
  });

  it("leaves nothing running", async () => {
    expect(processesIn(project)).toEqual([]);
    const { serving } = readResult("deployment.json") as { serving: { endpointUrl: string } };
    await expect(fetch(serving.endpointUrl)).rejects.toThrow();
  });

  it("touches nothing but its copy, and keeps only the last few", () => {
    expect(statusOfRepository()).toBe(filesBefore);
    expect(readdirSync(path.dirname(path.dirname(project))).length).toBeLessThanOrEqual(3);
  });

  it("can be taken to MLflow: exported and migrated by MLflow itself, its store shows the same", {
    timeout: 180_000,
  }, async () => {
    const folder = temporaryFolder();
    const dump = async (uri: string, env: Record<string, string> = {}) =>
      JSON.parse(await python(folder, [path.join(root, "test/store/python/dump.py"), uri], env));
    const store = await serveStore(project);
    const before = await dump(store.url, {
      MLFLOW_TRACKING_URI: store.url,
      MLFLOW_TRACKING_TOKEN: store.token,
    });
    await store.close();
    expect(before.versions).toHaveLength(2);
    const tree = path.join(folder, "tree");
    expect(await runCli(["store", "export", tree], { cwd: project })).toMatchObject({ code: 0 });
    const database = `sqlite:///${path.join(folder, "new.db")}`;
    const migrate = [
      "-m",
      "mlflow",
      "migrate-filestore",
      "--source",
      tree,
      "--target",
      database,
      "--no-progress",
    ];
    await python(folder, migrate);
    expect(await dump(database)).toEqual(before);
  });

  function readResult(file: string): unknown {
    return JSON.parse(readFileSync(path.join(project, file), "utf8"));
  }
});

async function python(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const result = await runPython({ args, cwd, env: { GIT_PYTHON_REFRESH: "quiet", ...env } });
  if (result.exitCode !== 0) throw new Error(`${args.join(" ")}:\n${result.stderr}`);
  return result.stdout;
}

function statusOfRepository(): string {
  return execFileSync("git", ["status", "--porcelain", "--ignored", "examples"], {
    cwd: root,
    encoding: "utf8",
  });
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

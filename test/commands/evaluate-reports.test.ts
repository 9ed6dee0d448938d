import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { faultsOf, readPage, rowsOf, withId } from "../report/html-tree.ts";
import { gitlabReading, readOpenMetrics } from "../report/open-metrics-reader.ts";
import { testContext } from "../support/context.ts";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const fixture = path.resolve(import.meta.dirname, "../../fixtures/evaluation/binary.csv");
const measured = ["--predictions", "p.csv", "--score", "score_candidate", "--subgroup", "group"];
const reports = ["--report", "out/e.html", "--charts", "charts", "--metrics-file", "metrics.txt"];
const charts = ["roc", "precision-recall", "gain", "calibration", "scores", "confusion", "subgroups-group"];

function folderWithFixture(): string {
  const cwd = temporaryFolder();
  copyFileSync(fixture, path.join(cwd, "p.csv"));
  return cwd;
}

describe("the reports of mlops evaluate", () => {
  it("hold what was measured, drawn and in OpenMetrics", async () => {
    const cwd = folderWithFixture();
    const { code, stdout, stderr } = await evaluate(cwd, ...measured, ...reports);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("also written: out/e.html, charts (7 charts), metrics.txt");
    const root = await readPage(readFileSync(path.join(cwd, "out/e.html"), "utf8"));
    expect(faultsOf(root)).toEqual([]);
    const { metrics } = resultIn(cwd);
    expect(rowsOf(withId(root, "metrics")).map(([name]) => name)).toEqual(Object.keys(metrics));
    expect(rowsOf(withId(root, "subgroups"))[0]?.slice(0, 4)).toEqual(["D", "78", "25", "0.8781"]);
    expect(readdirSync(path.join(cwd, "charts")).sort()).toEqual(
      charts.flatMap((name) => [`${name}.png`, `${name}.svg`, `${name}.vl.json`]).sort(),
    );
    const text = readFileSync(path.join(cwd, "metrics.txt"), "utf8");
    expect(readOpenMetrics(text).find((family) => family.name === "roc_auc")?.samples[0]).toEqual({
      labels: {},
      value: 0.949558,
    });
    expect(gitlabReading(text).get("roc_auc{group=D,subgroup=group}")).toBe("0.878113");
  });

  it("are those of this start or none: earlier ones go first, a dry run writes nothing", async () => {
    const cwd = folderWithFixture();
    expect((await evaluate(cwd, ...measured, ...reports)).code).toBe(0);
    const before = readFileSync(path.join(cwd, "out/e.html"), "utf8");
    expect((await evaluate(cwd, ...measured, ...reports, "--dry-run")).code).toBe(0);
    expect(readFileSync(path.join(cwd, "out/e.html"), "utf8")).toBe(before);
    tableIn(cwd, "label,score_candidate,group\n7,x,y\n");
    writeFileSync(path.join(cwd, "charts", "theirs.svg"), "<svg/>");
    expect((await evaluate(cwd, ...measured, ...reports)).code).not.toBe(0);
    expect(existsSync(path.join(cwd, "out/e.html"))).toBe(false);
    expect(existsSync(path.join(cwd, "metrics.txt"))).toBe(false);
    expect(readdirSync(path.join(cwd, "charts"))).toEqual(["theirs.svg"]);
  });

  it("never stand in the place of an input or of the result", async () => {
    const cwd = folderWithFixture();
    for (const place of ["p.csv", "evaluation_results.json"]) {
      const { code, stderr } = await evaluate(cwd, ...measured, "--metrics-file", place);
      expect(code).toBe(2);
      expect(stderr).toContain(`--metrics-file is ${place}`);
    }
    expect(existsSync(path.join(cwd, "p.csv"))).toBe(true);
  });

  it("are uploaded with the run", async () => {
    const cwd = folderWithFixture();
    const runId = await withClient(cwd, async (client) => {
      const experimentId = await client.ensureExperiment("e");
      const made = { experimentId, startTimeMs: Date.now(), tags: {}, idempotencyKey: "one" };
      return (await client.createRun(made)).runId;
    });
    const { code, stderr } = await evaluate(cwd, ...measured, ...reports, "--run-id", runId);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("metrics, evaluation_results.json and reports logged on run");
    const files = await withClient(cwd, async (client) => {
      const { artifactUri } = await client.getRun(runId);
      return (await client.artifacts.listFiles(artifactUri)).map((entry) => entry.path);
    });
    expect(files).toContain("evaluation_report.html");
    expect(files).toContain("metrics.txt");
    expect(files).toContain("evaluation_charts/roc.png");
    expect(files.length).toBe(3 + charts.length * 3);
  });
});

type Client = Awaited<ReturnType<typeof openSession>>["client"];

async function withClient<T>(cwd: string, use: (client: Client) => Promise<T>): Promise<T> {
  const session = await openSession(
    { trackingUri: undefined, storeDir: ".mlops/store" },
    testContext({ cwd }),
  );
  try {
    return await use(session.client);
  } finally {
    await session.close();
  }
}

import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { openSession } from "../../src/commands/session.ts";
import { comparisonResult } from "../../src/results/comparison.ts";
import { testContext } from "../support/context.ts";
import { folderWith, mlops } from "./gate-case.ts";

const unknown = "0".repeat(32);
const results = (runId: string | null, auc: number) => ({ runId, metrics: { roc_auc: auc } });

describe("the parameters of the runs that result files name", () => {
  it("are those of the store, and what differs is shown", async () => {
    const cwd = folderWith({});
    const session = await openSession(
      { trackingUri: undefined, storeDir: ".mlops/store" },
      testContext({ cwd }),
    );
    const ids: string[] = [];
    try {
      const experimentId = await session.client.ensureExperiment("demo");
      for (const depth of ["3", "5"]) {
        const request = { experimentId, name: depth, startTimeMs: 1, tags: {}, idempotencyKey: depth };
        const { runId } = await session.client.createRun(request);
        await session.client.logBatch(runId, { params: [{ key: "depth", value: depth }] });
        ids.push(runId);
      }
    } finally {
      await session.close();
    }
    const [first = "", second = ""] = ids;
    const { code, stdout, stderr } = await mlops(
      folderWith({ "a.json": results(first, 0.8), "b.json": results(second, 0.9) }),
      ["compare", "a.json", "b.json", "--store-dir", `${cwd}/.mlops/store`],
    );
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/parameters that differ\n +A +B\ndepth +3 +5/);
  });

  it("are missing with a sentence where no server is set, and where the run is not there", async () => {
    const cwd = folderWith({ "a.json": results(unknown, 0.8), "b.json": results(null, 0.9) });
    const { code, stdout } = await mlops(cwd, ["compare", "a.json", "b.json", "--json"]);
    expect(code).toBe(0);
    expect(comparisonResult.parse(JSON.parse(stdout)).parameterNotes).toEqual([
      `The parameters of run ${unknown} (A) are not compared: no tracking server is set (MLFLOW_TRACKING_URI), and there is no store in .mlops/store.`,
    ]);
    await (
      await openSession({ trackingUri: undefined, storeDir: ".mlops/store" }, testContext({ cwd }))
    ).close();
    const missing = await mlops(cwd, ["compare", "a.json", "b.json"]);
    expect(missing.code).toBe(0);
    expect(missing.stdout).toMatch(
      new RegExp(`The parameters of run ${unknown} \\(A\\) are not compared: .*${unknown}`),
    );
  });

  it("do not stop a comparison of files where the server is away", async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    onTestFinished(() => void server.close());
    const address = server.address();
    const port = typeof address === "object" ? address?.port : undefined;
    const cwd = folderWith({ "a.json": results(unknown, 0.8), "b.json": results(unknown, 0.9) });
    const env = { MLFLOW_TRACKING_URI: `http://127.0.0.1:${port}`, MLFLOW_HTTP_REQUEST_MAX_RETRIES: "0" };
    const { code, stdout } = await mlops(cwd, ["compare", "a.json", "b.json"], env);
    expect(code).toBe(0);
    expect(stdout).toContain("better");
    expect(stdout).toContain(`The parameters of run ${unknown} (A) are not compared:`);
    expect(stdout).toContain("(B) are not compared:");
  });

  it("are not asked for where no side names a run", async () => {
    const cwd = folderWith({ "a.json": { auc: 0.8 }, "b.json": { auc: 0.9 } });
    const { stdout } = await mlops(cwd, ["compare", "a.json", "b.json"]);
    expect(stdout).not.toContain("parameters");
  });
});

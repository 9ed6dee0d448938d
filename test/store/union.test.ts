import { cpSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { openTestStore, type TestStore } from "./client.ts";

/** Two jobs that start from the same store, each on a copy, and their copies laid over each other. */
async function layOver(
  common: (store: TestStore) => Promise<void>,
  jobs: readonly ((store: TestStore) => Promise<void>)[],
): Promise<TestStore> {
  const folder = temporaryFolder();
  const base = path.join(folder, "base");
  const before = await openTestStore(base);
  await common(before);
  await before.close();
  const union = path.join(folder, "union");
  for (const [index, job] of jobs.entries()) {
    const copy = path.join(folder, `job-${index}`);
    cpSync(base, copy, { recursive: true });
    const store = await openTestStore(copy);
    await job(store);
    await store.close();
    cpSync(copy, union, { recursive: true });
  }
  return await openTestStore(union);
}

const nothing = async () => undefined;

describe("the stores of two parallel jobs, laid over each other", () => {
  it("hold the runs of both in one experiment of the name that both created", async () => {
    const runs: string[] = [];
    const train = async (store: TestStore) => {
      const { experiment_id } = await store.post("experiments/create", { name: "Fähre/1" });
      runs.push(await store.createRun(experiment_id));
      await store.post("runs/log-metric", { run_id: runs.at(-1), key: "m", value: 1, timestamp: 1 });
    };
    const union = await layOver(nothing, [train, train]);
    const { experiment } = await union.get(
      `experiments/get-by-name?experiment_name=${encodeURIComponent("Fähre/1")}`,
    );
    expect(experiment.experiment_id).toMatch(/^[1-9]\d{17}$/);
    const found = await union.post("runs/search", { experiment_ids: [experiment.experiment_id] });
    const ids = found.runs.map((run: { info: { run_id: string } }) => run.info.run_id);
    expect(ids.sort()).toEqual(runs.sort());
    const all = await union.post("experiments/search", { max_results: 10 });
    expect(all.experiments).toHaveLength(2);
    expect(union.warnings).toEqual([]);
  });

  it("hold what both wrote to the same run", async () => {
    let runId = "";
    const tag = (key: string) => async (store: TestStore) => {
      await store.post("runs/set-tag", { run_id: runId, key, value: "yes" });
    };
    const union = await layOver(
      async (store) => {
        runId = await store.createRun();
      },
      [tag("evaluated"), tag("gated")],
    );
    const { run } = await union.get(`runs/get?run_id=${runId}`);
    const keys = run.data.tags.map((one: { key: string }) => one.key);
    expect(keys).toEqual(expect.arrayContaining(["evaluated", "gated"]));
  });

  it("follow the newest move of an alias", async () => {
    const point = (version: string) => async (store: TestStore) => {
      await store.post("registered-models/alias", { name: "m", alias: "champion", version });
    };
    const union = await layOver(
      async (store) => {
        await store.post("registered-models/create", { name: "m" });
        for (const source of ["s3://b/1", "s3://b/2"]) {
          await store.post("model-versions/create", { name: "m", source });
        }
      },
      [point("1"), point("2")],
    );
    const { model_version } = await union.get("registered-models/alias?name=m&alias=champion");
    expect(model_version.version).toBe("2");
  });

  it("keep a model deleted that one of them deleted, whatever the other copy still holds", async () => {
    const union = await layOver(
      async (store) => {
        await store.post("registered-models/create", { name: "m" });
        await store.post("model-versions/create", { name: "m", source: "s3://b/1" });
      },
      [
        async (store) => {
          expect((await store.call("DELETE", "registered-models/delete", { name: "m" })).status).toBe(200);
        },
        async (store) => {
          await store.get("registered-models/get?name=m");
        },
      ],
    );
    expect((await union.call("GET", "registered-models/get?name=m")).status).toBe(404);
    await union.post("registered-models/create", { name: "m" });
    const made = await union.post("model-versions/create", { name: "m", source: "s3://b/2" });
    expect(made.model_version.version).toBe("1");
  });
});

describe("a version number that two jobs gave", () => {
  const register = (source: string) => async (store: TestStore) => {
    await store.post("registered-models/create", { name: "mortality" });
    await store.post("model-versions/create", { name: "mortality", source, description: source });
  };

  it("is named on opening, refused on reading, and never given again", async () => {
    const union = await layOver(nothing, [register("s3://b/left"), register("s3://b/right")]);
    expect(union.warnings).toHaveLength(1);
    const refused = await union.call("GET", "model-versions/get?name=mortality&version=1");
    expect(refused.status).toBe(400);
    for (const text of [union.warnings[0], refused.body.message]) {
      expect(text).toMatch(/Version 1 of model 'mortality' was created more than once/);
      expect(text).toContain("s3://b/left");
      expect(text).toContain("s3://b/right");
      expect(text).toMatch(/1-[0-9a-f]{12}\.json/);
      expect(text).toContain("register");
    }
    const alias = await union.call("POST", "registered-models/alias", {
      name: "mortality",
      alias: "champion",
      version: "1",
    });
    expect(alias.status).toBe(400);
    const next = await union.post("model-versions/create", { name: "mortality", source: "s3://b/next" });
    expect(next.model_version.version).toBe("2");
    const found = await union.get(`model-versions/search?filter=${encodeURIComponent("name='mortality'")}`);
    expect(found.model_versions.map((one: { version: string }) => one.version)).toEqual(["2"]);
  });

  it("is settled by removing one of the two files that the message names", async () => {
    const union = await layOver(nothing, [register("s3://b/left"), register("s3://b/right")]);
    const warning = union.warnings[0] ?? "";
    const file = /(1-[0-9a-f]{12}\.json) \([^)]*s3:\/\/b\/right/.exec(warning)?.[1] ?? "";
    const folder = /Keep one of these files in (\S+) and/.exec(warning)?.[1] ?? "";
    await union.close();
    rmSync(path.join(folder, file));
    const settled = await openTestStore(path.resolve(folder, "../../.."));
    expect(settled.warnings).toEqual([]);
    const { model_version } = await settled.get("model-versions/get?name=mortality&version=1");
    expect(model_version.source).toBe("s3://b/left");
  });
});

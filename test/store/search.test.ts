import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { openTestStore, type TestStore } from "./client.ts";

interface Found {
  readonly runs?: readonly { readonly info: { readonly run_name: string } }[];
  readonly next_page_token?: string;
}

/** Runs a, b, c with auc 0.7, 0.8, NaN; d without a metric, later deleted. */
async function withRuns(): Promise<TestStore> {
  const store = await openTestStore(path.join(temporaryFolder(), "store"));
  const values: readonly [string, number | string | undefined][] = [
    ["a", 0.7],
    ["b", 0.8],
    ["c", "NaN"],
    ["d", undefined],
  ];
  for (const [index, [name, auc]] of values.entries()) {
    const { run } = await store.post("runs/create", {
      experiment_id: "0",
      run_name: name,
      start_time: index + 1,
    });
    const run_id = run.info.run_id;
    const tags = [{ key: "kind", value: name === "a" ? "Linear" : "tree" }];
    const metrics = auc === undefined ? [] : [{ key: "auc", value: auc, timestamp: 1 }];
    await store.post("runs/log-batch", { run_id, tags, metrics, params: [{ key: "p", value: name }] });
    if (name === "d") await store.post("runs/delete", { run_id });
  }
  return store;
}

async function search(store: TestStore, body: object): Promise<string> {
  const found: Found = await store.post("runs/search", { experiment_ids: ["0"], ...body });
  return (found.runs ?? []).map((run) => run.info.run_name).join("");
}

describe("runs/search", () => {
  it.each([
    ["", "cba"],
    ["metrics.auc >= 0.7", "ba"],
    ["metrics.auc != 0.7", "cb"],
    ["tags.kind = 'tree'", "cb"],
    ["tags.kind LIKE 'lin%'", ""],
    ["tags.kind ILIKE 'lin%' and params.p = 'a'", "a"],
    ["tags.nothing != 'x'", ""],
    ["tags.nothing IS NULL and params.p IN ('a')", undefined],
    ["params.q IS NULL", "cba"],
    ["attributes.start_time > 1", "cb"],
    ["run_name = 'b'", "b"],
    ["attribute.\"Run name\" = 'b'", "b"],
    ["status = 'RUNNING' and start_time < 3", "ba"],
  ])("finds by %s", async (filter, expected) => {
    const store = await withRuns();
    if (expected === undefined) {
      const refused = await store.call("POST", "runs/search", { experiment_ids: ["0"], filter });
      expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
      return;
    }
    expect(await search(store, { filter })).toBe(expected);
  });

  it("orders with absent and NaN values last in both directions", async () => {
    const store = await withRuns();
    const all = { run_view_type: "ALL" };
    expect(await search(store, { ...all, order_by: ["metrics.auc ASC"] })).toBe("abcd");
    expect(await search(store, { ...all, order_by: ["metrics.auc DESC"] })).toBe("bacd");
    expect(await search(store, { ...all, order_by: ["tags.kind", "start_time ASC"] })).toBe("abcd");
    expect(await search(store, { run_view_type: "DELETED_ONLY" })).toBe("d");
  });

  it("pages with tokens to the end", async () => {
    const store = await withRuns();
    const pages: string[] = [];
    let token: string | undefined;
    do {
      const found: Found = await store.post("runs/search", {
        experiment_ids: ["0"],
        max_results: 2,
        page_token: token,
      });
      pages.push((found.runs ?? []).map((run) => run.info.run_name).join(""));
      token = found.next_page_token;
    } while (token !== undefined);
    expect(pages).toEqual(["cb", "a"]);
  });

  it.each([
    { filter: "auc > 1" },
    { filter: "metrics.auc > 'x'" },
    { filter: "params.p > 'x'" },
    { filter: "nonsense.x = 'y'" },
    { filter: "constructor.x = 'y'" },
    { filter: "toString = 'y'" },
    { order_by: ["nonsense.x"] },
    { order_by: ["start_time", "start_time DESC"] },
    { max_results: 0 },
    { max_results: 50_001 },
    { page_token: "garbage" },
    { run_view_type: "SOME" },
    { experiment_ids: ["abc"] },
  ])("refuses %o", async (body) => {
    const store = await withRuns();
    const refused = await store.call("POST", "runs/search", { experiment_ids: ["0"], ...body });
    expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
  });
});

describe("runs/log-metric", () => {
  it.each(["constructor", "toString", "nan", "0x10", "1_0", ""])("refuses the value '%s'", async (value) => {
    const store = await withRuns();
    const run_id = await store.createRun();
    const refused = await store.call("POST", "runs/log-metric", { run_id, key: "m", value, timestamp: 1 });
    expect(refused).toMatchObject({ status: 400, body: { error_code: "INVALID_PARAMETER_VALUE" } });
  });

  it.each(["constructor", "__proto__", "toString"])(
    "keeps metrics, params and tags named %s",
    async (key) => {
      const directory = path.join(temporaryFolder(), "store");
      const store = await openTestStore(directory);
      const run_id = await store.createRun();
      await store.post("runs/log-batch", {
        run_id,
        metrics: [{ key, value: 1, timestamp: 1 }],
        params: [{ key, value: "p" }],
        tags: [{ key, value: "t" }],
      });
      await store.close();
      const { run } = await (await openTestStore(directory)).get(`runs/get?run_id=${run_id}`);
      expect(run.data.metrics).toMatchObject([{ key, value: 1 }]);
      expect(run.data.params).toEqual([{ key, value: "p" }]);
      expect(run.data.tags).toContainEqual({ key, value: "t" });
    },
  );
});

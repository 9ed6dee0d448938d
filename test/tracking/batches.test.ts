import { describe, expect, it } from "vitest";
import { keyProblems, planBatches } from "../../src/tracking/batches.ts";

const metric = { key: "auc", value: 0.8, timestampMs: 1, step: 0 };
const pairs = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ key: `k${index}`, value: String(index) }));

describe("batches of a run", () => {
  it("are none for nothing", () => {
    expect(planBatches({}).batches).toEqual([]);
  });

  it("stay within 1000 in all, 100 params, 100 tags, and lose nothing", () => {
    const metrics = Array.from({ length: 1850 }, (_, step) => ({ ...metric, step }));
    const { batches } = planBatches({ metrics, params: pairs(150), tags: pairs(101) });
    expect(batches.map((one) => [one.metrics.length, one.params.length, one.tags.length])).toEqual([
      [800, 100, 100],
      [949, 50, 1],
      [101, 0, 0],
    ]);
    expect(batches.flatMap((one) => one.metrics.map(({ step }) => step))).toEqual(
      metrics.map(({ step }) => step),
    );
  });

  it("hold whole numbers for time and step, and NaN and infinities as texts", () => {
    const values = [Number.NaN, Infinity, -Infinity];
    const metrics = values.map((value) => ({ ...metric, value, timestampMs: 1.5, step: -2.5 }));
    expect(planBatches({ metrics }).batches[0]?.metrics).toEqual(
      ["NaN", "Infinity", "-Infinity"].map((value) => ({ key: "auc", value, timestamp: 1, step: -2 })),
    );
  });

  it("hold a param once that is given twice the same, and name one that is given twice differently", () => {
    const same = [
      { key: "a", value: "1" },
      { key: "a", value: "1" },
    ];
    expect(planBatches({ params: same }).batches[0]?.params).toHaveLength(1);
    const other = [...same, { key: "a", value: "2" }];
    expect(() => planBatches({ params: other })).toThrow('param a is given twice, as "1" and "2"');
  });

  it("name every key and number that no server takes, together", () => {
    const batch = {
      metrics: [
        { ...metric, key: "a$b" },
        { ...metric, step: Number.NaN },
        { ...metric, timestampMs: -1 },
      ],
      params: [{ key: "../x", value: "" }],
      tags: [{ key: "x".repeat(251), value: "" }],
    };
    expect(() => planBatches(batch)).toThrow(
      /a\$b[\s\S]*step NaN[\s\S]*time -1[\s\S]*\.\.\/x[\s\S]*251 characters/,
    );
  });

  it("come with a warning where a server would cut a value off", () => {
    const tags = [{ key: "long", value: "x".repeat(8001) }];
    expect(planBatches({ tags }).warnings).toEqual([
      "tag long has 8001 characters; servers keep 8000 and drop the rest",
    ]);
  });

  it.each(["loss/val", "größe", "a b", "a.b-c_d:e", "0"])("take the key %j", (key) => {
    expect(keyProblems("metric", key)).toEqual([]);
  });

  it.each(["", "/a", "a//b", "a/", "a/./b", "a/../b", "a\nb", "a%b", "😀"])("refuse the key %j", (key) => {
    expect(keyProblems("metric", key)).toHaveLength(1);
  });
});

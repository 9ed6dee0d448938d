import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const kl = (column: string, partition_object: unknown, more: object = {}): Written => [
  "expect_column_kl_divergence_to_be_less_than",
  { column, partition_object, threshold: 0.1, ...more },
];

const categories = "SELECT unnest(['a', 'a', 'b', 'c', NULL]) AS s";
const known = { values: ["a", "b"], weights: [0.6, 0.4] };

describe("the divergence of categories", () => {
  it("is in nats, unexpected categories sharing the holdout", async () => {
    const found = await judged(categories, [
      kl("s", { values: ["a", "b", "c"], weights: [0.5, 0.25, 0.25] }),
      // Cases of Great Expectations 1.2.0.
      kl("s", known, { tail_weight_holdout: 0.1 }),
      kl("s", known, { tail_weight_holdout: 0.05 }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "good", "bad"]);
    const values = found.map(({ result }) => result["observed_value"]);
    expect(values[0]).toBe(0);
    expect(values[1]).toBeCloseTo(0.099_431_384, 8);
    expect(values[2]).toBeCloseTo(0.232_167_763, 8);
  });

  it("is infinite, and not shown, where a category was not expected at all", async () => {
    const found = await judged(categories, [kl("s", known), kl("s", known, { threshold: null })]);
    expect(found.map(({ outcome, result }) => [outcome, result["observed_value"]])).toEqual([
      ["bad", null],
      ["good", null],
    ]);
  });
});

describe("the divergence of bins", () => {
  const rows = "SELECT unnest([-1, 0, 1, 1, 2, 3]) AS x";

  it("counts the tails, the last bin closed", async () => {
    const partition = { bins: [0, 1, 2], weights: [0.25, 0.5], tail_weights: [0.125, 0.125] };
    const [found] = await judged(rows, [kl("x", partition, { threshold: 1 })]);
    expect(found?.result["details"]).toMatchObject({
      observed_partition: { bins: [0, 1, 2], weights: [1 / 6, 1 / 2], tail_weights: [1 / 6, 1 / 6] },
    });
    const expected = Math.log(1 / 6 / 0.25) / 6 + (2 * Math.log(1 / 6 / 0.125)) / 6;
    expect(found?.result["observed_value"]).toBeCloseTo(expected, 12);
  });

  it("begins an open bin at its edge", async () => {
    const found = await judged("SELECT unnest([1, 2, 2, 3]) AS x, unnest([1, 2, 3, 4]) AS y", [
      [
        "expect_column_kl_divergence_to_be_less_than",
        {
          column: "x",
          partition_object: { bins: [0, 1, 2], weights: [0.5, 0.5] },
          tail_weight_holdout: 0.1,
          threshold: 9,
        },
      ],
    ]);
    expect(found[0]?.result["details"]).toMatchObject({
      observed_partition: { weights: [0, 0.75], tail_weights: [0, 0.25] },
      expected_partition: { weights: [0.45, 0.45], tail_weights: [0.05, 0.05] },
    });
  });

  it("gives empty bins what is held out for them", async () => {
    const partition = { bins: [-1, 1, 2, 3], weights: [0.5, 0.5, 0] };
    const found = await judged(rows, [
      kl("x", partition, { threshold: 9 }),
      kl("x", partition, { threshold: 9, internal_weight_holdout: 0.1 }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["bad", "good"]);
  });

  it("of nothing is not small", async () => {
    const [found] = await judged("SELECT NULL::DOUBLE AS x", [kl("x", { bins: [0, 1], weights: [1] })]);
    expect(found).toMatchObject({ outcome: "bad", result: { observed_value: null } });
  });
});

describe("a partition", () => {
  it.each([
    ["of weights that do not sum to 1", { values: ["a"], weights: [0.9] }, {}],
    ["without weights", { values: ["a"] }, {}],
    ["of bins that do not increase", { bins: [1, 1], weights: [1] }, {}],
    ["of too few bins", { bins: [1], weights: [1] }, {}],
    [
      "with tails and a holdout for them",
      { bins: [0, 1], weights: [0.8], tail_weights: [0.1, 0.1] },
      { tail_weight_holdout: 0.1 },
    ],
    ["of bins that are not to be used", { bins: [0, 1], weights: [1] }, { bucketize_data: false }],
    ["of values with a holdout for bins", { values: ["a"], weights: [1] }, { internal_weight_holdout: 0.1 }],
    ["that is empty", {}, {}],
  ])("%s has no verdict", async (_, partition, more) => {
    expect(await outcomes("SELECT 1 AS x", [kl("x", partition, more)])).toEqual(["error"]);
  });

  it("that is not given is the column's own", async () => {
    const found = await judged("SELECT 1 AS x, 'a' AS s", [
      kl("x", null),
      kl("s", null),
      kl("s", null, { bucketize_data: false }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "error", "good"]);
    expect(found[0]?.result).toEqual({ observed_value: 0 });
  });
});

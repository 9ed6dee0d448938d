import { describe, expect, it } from "vitest";
import { judged, outcomes, type Written } from "./judged.ts";

const rule = (name: string, column: string, more: object = {}): Written => [
  `expect_column_values_to_${name}`,
  { column, ...more },
];

describe("values that have to be readable", () => {
  it("are dates of a strptime format", async () => {
    const table =
      "SELECT unnest(['2020-1-5', '2020-02-29', '2021-02-29', NULL]) AS s, unnest(['050120', '1', '', '']) AS n";
    const found = await judged(table, [
      rule("match_strftime_format", "s", { strftime_format: "%Y-%m-%d" }),
      rule("match_strftime_format", "s", { strftime_format: "%Y-%m-%d", mostly: 0.66 }),
      // Fields without anything between: only JavaScript can say where one ends.
      rule("match_strftime_format", "n", { strftime_format: "%d%m%y" }),
      rule("match_strftime_format", "s", { strftime_format: "%q" }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", ["2021-02-29"]],
      ["good", ["2021-02-29"]],
      ["bad", ["1", "", ""]],
      ["error", undefined],
    ]);
  });

  it("are dates of any form", async () => {
    const [found] = await judged("SELECT unnest(['Jan 5 2020', 'cat', NULL, '2020-13-01']) AS s", [
      rule("be_dateutil_parseable", "s"),
    ]);
    expect(found?.result).toMatchObject({ missing_count: 1, unexpected_list: ["cat", "2020-13-01"] });
  });

  it("are JSON as Python reads it", async () => {
    const table = `SELECT unnest(['{"a": NaN}', '[1]', 'a', NULL]) AS s, unnest([1, 2, 3, NULL]) AS i`;
    const found = await judged(table, [rule("be_json_parseable", "s"), rule("be_json_parseable", "i")]);
    expect(found.map(({ result }) => result["unexpected_list"])).toEqual([["a"], [1, 2, 3]]);
  });

  it("are JSON of a schema; what is no JSON has no verdict", async () => {
    const json_schema = { type: "object", required: ["a"] };
    const table = `SELECT unnest(['{"a": 1}', '{"b": 1}']) AS s, unnest(['{"a": 1}', 'cat']) AS t`;
    const found = await judged(table, [
      rule("match_json_schema", "s", { json_schema }),
      rule("match_json_schema", "t", { json_schema }),
      rule("match_json_schema", "s", { json_schema: { type: "nonsense" } }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", ['{"b": 1}']],
      ["error", undefined],
      ["error", undefined],
    ]);
  });

  it("are text", async () => {
    const table = "SELECT 1 AS i, DATE '2020-01-01' AS d";
    const found = await outcomes(table, [
      rule("match_strftime_format", "i", { strftime_format: "%Y" }),
      rule("match_strftime_format", "d", { strftime_format: "%Y-%m-%d" }),
      rule("be_dateutil_parseable", "i"),
      rule("match_json_schema", "i", { json_schema: {} }),
    ]);
    expect(found).toEqual(["error", "error", "error", "error"]);
  });
});

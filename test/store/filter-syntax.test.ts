import { describe, expect, it } from "vitest";
import { parseFilter, parseOrderBy } from "../../src/store/filter-syntax.ts";

const text = (value: string) => ({ kind: "text", text: value });

describe("the filter language", () => {
  it.each([
    ["", []],
    ["   ", []],
    ["name = 'a'", [{ entity: undefined, key: "name", operator: "=", value: text("a") }]],
    [
      "metrics.auc>0.5",
      [{ entity: "metrics", key: "auc", operator: ">", value: { kind: "number", number: 0.5, text: "0.5" } }],
    ],
    [
      "metrics.x <= -1e3",
      [
        {
          entity: "metrics",
          key: "x",
          operator: "<=",
          value: { kind: "number", number: -1000, text: "-1e3" },
        },
      ],
    ],
    [
      "tags.mlflow.runName LIKE '%a''b'",
      [{ entity: "tags", key: "mlflow.runName", operator: "LIKE", value: text("%a'b") }],
    ],
    [
      'params."learning rate" ilike "X"',
      [{ entity: "params", key: "learning rate", operator: "ILIKE", value: text("X") }],
    ],
    ["tag.`a.b c` != ''", [{ entity: "tag", key: "a.b c", operator: "!=", value: text("") }]],
    [
      "run_id not in ('a', 'b')",
      [{ entity: undefined, key: "run_id", operator: "NOT IN", value: { kind: "list", items: ["a", "b"] } }],
    ],
    ["tags.a IS NULL", [{ entity: "tags", key: "a", operator: "IS NULL", value: { kind: "none" } }]],
    ["tags.a is not null", [{ entity: "tags", key: "a", operator: "IS NOT NULL", value: { kind: "none" } }]],
  ])("reads %s", (filter, expected) => {
    expect(parseFilter(filter)).toEqual(expected);
  });

  it("reads comparisons joined by AND", () => {
    const parsed = parseFilter("name = 'x and y' AND tags.k = 'v' and metrics.m > 1");
    expect(parsed.map((one) => one.key)).toEqual(["name", "k", "m"]);
  });

  it.each([
    "name = 'a' OR name = 'b'",
    "NOT name = 'a'",
    "name =",
    "= 'a'",
    "name 'a'",
    "name = a",
    "name = 'a' name = 'b'",
    "name = 'open",
    "name IN ('a' 'b')",
    "run_id IN (1)",
    "(name = 'a')",
    "name = 'a'; DROP",
  ])("refuses %s", (filter) => {
    expect(() => parseFilter(filter)).toThrow(/filter string|quoted|list/);
  });

  it.each([
    ["start_time", undefined, "start_time", true],
    ["metrics.auc DESC", "metrics", "auc", false],
    ["metrics.`a b` asc", "metrics", "a b", true],
    ['params."x.y" Desc', "params", "x.y", false],
  ])("reads the order %s", (order, entity, key, ascending) => {
    expect(parseOrderBy(order)).toEqual({ entity, key, ascending });
  });

  it.each(["", "metrics.a b c", "a, b"])("refuses the order '%s'", (order) => {
    expect(() => parseOrderBy(order)).toThrow(/order_by/);
  });
});

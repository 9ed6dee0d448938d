import { describe, expect, it } from "vitest";
import type { ColumnFacts } from "../../../src/data/engine/column-facts.ts";
import { proven } from "../../../src/data/engine/proven.ts";
import type { ColumnType, PlanColumn } from "../../../src/data/plan/column.ts";
import {
  and,
  type Comparison,
  column,
  compare,
  isMissing,
  isNan,
  isNull,
  isPresent,
  isTrue,
  literal,
  not,
} from "../../../src/data/plan/expression.ts";
import type { Measure, Value } from "../../../src/data/plan/measure.ts";

function ask(measure: Measure, facts: ColumnFacts | undefined, type: ColumnType = "integer") {
  const about: PlanColumn = {
    name: "x",
    storage: "typed",
    type,
    origin: "stored",
    storedType: type,
    storedAs: "",
  };
  const known = new Map(facts === undefined ? [] : [["x", facts] as const]);
  const answer = proven(measure, known, new Map([["x", about]]));
  return answer?.kind === "value" ? answer.value : answer;
}

const range = (min: Value, max: Value): ColumnFacts => ({ nulls: 2, allFinite: true, range: { min, max } });
const breaking = (operator: Comparison, limit: number | string): Measure => ({
  kind: "count",
  where: and(isPresent("x"), not(isTrue(compare(column("x"), operator, literal(limit))))),
});

describe("proven", () => {
  it.each([
    [">=", 3, 0],
    [">=", 3.0000001, undefined],
    [">", 3, undefined],
    [">", 2.9999999, 0],
    ["<=", 9, 0],
    ["<=", 8.9999999, undefined],
    ["<", 9, undefined],
    ["<", 9.0000001, 0],
    ["=", 3, undefined],
    ["<>", 100, undefined],
    [">=", Number.NaN, undefined],
    ["<=", Number.POSITIVE_INFINITY, 0],
  ] as const)("says of 3 to 9 that x %s %d is broken by %s rows", (operator, limit, rows) => {
    expect(ask(breaking(operator, limit), range(3, 9))).toBe(rows);
  });

  it("compares integers beyond 2^53 to the last digit", () => {
    const extremes = range(1, 9_007_199_254_740_993n);
    expect(ask(breaking("<=", 9_007_199_254_740_992), extremes)).toBeUndefined();
    expect(ask(breaking("<=", 9_007_199_254_740_994), extremes)).toBe(0);
  });

  it("proves nothing where the extremes are not known: NaN, infinities, no value, a fault", () => {
    const unknown = { nulls: 0, allFinite: false, range: undefined };
    expect(ask(breaking(">=", 0), unknown, "double")).toBeUndefined();
    expect(ask({ kind: "min", of: column("x") }, unknown, "double")).toBeUndefined();
    expect(ask({ kind: "count", where: isNan("x") }, unknown, "double")).toBeUndefined();
    expect(ask({ kind: "count", where: isMissing("x") }, unknown, "double")).toBeUndefined();
    expect(ask(breaking(">=", 0), undefined)).toBeUndefined();
  });

  it("knows nulls, also beside NaN, and that finite numbers hold no NaN", () => {
    expect(
      ask({ kind: "count", where: isNull("x") }, { nulls: 4, allFinite: false, range: undefined }, "double"),
    ).toBe(4);
    expect(ask({ kind: "count", where: isMissing("x") }, range(3, 9), "double")).toBe(2);
    expect(ask({ kind: "count", where: isNan("x") }, range(3, 9), "double")).toBe(0);
  });

  it.each(["string", "decimal", "date", "timestamp", "boolean"] as const)(
    "proves nothing by extremes of a %s",
    (type) => {
      expect(ask(breaking(">=", 0), range("1", "2"), type)).toBeUndefined();
      expect(ask({ kind: "max", of: column("x") }, range("1", "2"), type)).toBeUndefined();
    },
  );

  it("takes no limit that is text, no comparison of nulls too, and no extreme under another condition", () => {
    expect(ask(breaking(">=", "0"), range(3, 9))).toBeUndefined();
    const alsoNulls: Measure = { kind: "count", where: not(isTrue(compare(column("x"), ">=", literal(0)))) };
    expect(ask(alsoNulls, range(3, 9))).toBeUndefined();
    const under: Measure = { kind: "min", of: column("x"), where: compare(column("x"), ">", literal(5)) };
    expect(ask(under, range(3, 9))).toBeUndefined();
    expect(ask({ kind: "min", of: column("x"), where: isPresent("x") }, range(3, 9))).toBe(3);
  });
});

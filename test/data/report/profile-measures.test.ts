import { describe, expect, it } from "vitest";
import { Answers } from "../../../src/data/plan/answers.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import { type Answer, keyOf, type Measure } from "../../../src/data/plan/measure.ts";
import {
  profileFrequencies,
  profileHistograms,
  profileMeasures,
  profileOf,
} from "../../../src/data/report/profile-measures.ts";

function planned(type: PlanColumn["type"], parts: Partial<PlanColumn> = {}): PlanColumn {
  return { name: "x", storage: "typed", type, origin: "stored", storedType: type, storedAs: type, ...parts };
}

type Rule = (measure: Measure) => Answer;

/** The answers to the three passes, found by `rule`. */
function asked(column: PlanColumn, rule: Rule) {
  const answered = (measures: readonly Measure[]) =>
    new Answers(new Map(measures.map((measure) => [keyOf(measure), rule(measure)])));
  const measures = profileMeasures([column]);
  const first = answered(measures);
  const histograms = profileHistograms([column], first);
  const second = answered(histograms);
  const frequencies = profileFrequencies([column], { first, second });
  const answers = { first, details: { second, third: answered(frequencies) } };
  return { first: measures, later: [...histograms, ...frequencies], answers };
}

const value = (found: number | string | bigint | boolean | null): Answer => ({ kind: "value", value: found });
const mask = (text: string) => `${text.slice(0, 1)}*`;

/** Figures of a column of numbers from `low` to `high`. */
function numbers(low: number | string, high: number | string, mistyped = 0): Rule {
  return (measure) => {
    switch (measure.kind) {
      case "min":
        return value(low);
      case "max":
        return value(high);
      case "histogram":
        return { kind: "values", values: Array.from({ length: measure.edges.length + 1 }, () => 1) };
      case "frequencies":
        return { kind: "frequencies", frequencies: [{ values: ["n/a"], count: 3 }], hasMore: false };
      case "distinct":
        return value(7);
      default:
        return value(JSON.stringify(measure).includes("is-mistyped") ? mistyped : 2);
    }
  };
}

function edgesOf(type: PlanColumn["type"], low: number | string, high: number | string) {
  const found = asked(planned(type), numbers(low, high)).later.find((one) => one.kind === "histogram");
  return found?.kind === "histogram" ? found.edges : undefined;
}

describe("the profile of a column of numbers", () => {
  it("has 20 equal bins from the smallest to the largest finite value", () => {
    const column = planned("double");
    const { first, answers } = asked(column, numbers(0, 100));
    expect(JSON.stringify(first)).toContain("is-infinite");
    const profile = profileOf(column, answers, mask);
    expect(profile).toMatchObject({ nulls: 2, distinct: 7, min: 0, max: 100, frequent: [] });
    expect(profile?.histogram?.edges).toHaveLength(21);
    expect(profile?.histogram?.edges.slice(0, 3)).toEqual([0, 5, 10]);
    // What is outside by rounding of the edges belongs to the outer bins.
    expect(profile?.histogram?.counts).toEqual([2, ...Array.from({ length: 18 }, () => 1), 2]);
  });

  it("has a bin for each of a few integers", () => {
    expect(edgesOf("integer", 1, 3)).toEqual([0.5, 1.5, 2.5, 3.5]);
    expect(edgesOf("integer", 5, 5)).toEqual([4.5, 5.5]);
    expect(edgesOf("integer", 0, 19)).toHaveLength(21);
    expect(edgesOf("integer", 0, 20)).toHaveLength(21);
  });

  it.each([
    ["one value", "double", 3.5, 3.5],
    ["a huge value alone", "double", 1e300, 1e300],
    ["the whole range of doubles", "double", -Number.MAX_VALUE, Number.MAX_VALUE],
    ["neighbours in binary", "double", 1, 1 + Number.EPSILON],
    ["decimals of 38 digits", "decimal", "0.01", "99999999999999999999999999999999999999"],
    ["integers over 2^53", "integer", "9007199254740993", "9223372036854775807"],
  ] as const)("has rising finite edges for %s", (_title, type, low, high) => {
    const edges = edgesOf(type, low, high) ?? [];
    expect(edges.length).toBeGreaterThan(1);
    expect(edges.length).toBeLessThanOrEqual(21);
    expect(edges.every(Number.isFinite)).toBe(true);
    expect(edges.every((edge, index) => index === 0 || edge > (edges[index - 1] ?? edge))).toBe(true);
    expect(edges[0]).toBeLessThanOrEqual(Number(low));
    expect(edges.at(-1)).toBeGreaterThanOrEqual(Number(high));
  });

  it("keeps every digit of extremes that a number cannot hold", () => {
    const column = planned("integer");
    const { answers } = asked(column, numbers("9007199254740993", "9223372036854775807"));
    expect(profileOf(column, answers, mask)).toMatchObject({
      min: "9007199254740993",
      max: "9223372036854775807",
    });
  });

  it("has no histogram where there is no value", () => {
    const column = planned("double");
    const { answers } = asked(column, (measure) => value(measure.kind === "count" ? 5 : null));
    expect(profileOf(column, answers, mask)).toEqual({
      ...{ nulls: 5, distinct: 0, min: null, max: null },
      ...{ histogram: null, frequent: [] },
    });
  });
});

describe("the profile of other columns", () => {
  const words: Rule = (measure) => {
    if (measure.kind === "frequencies")
      return { kind: "frequencies", frequencies: [{ values: ["Smith"], count: 3 }], hasMore: true };
    return measure.kind === "min" || measure.kind === "max" ? value("Adams") : value(4);
  };

  it("shows the most frequent values and the extremes masked, or as they are where that is allowed", () => {
    const column = planned("string");
    const { later, answers } = asked(column, words);
    expect(later.find((one) => one.kind === "frequencies")).toMatchObject({ limit: 10 });
    expect(profileOf(column, answers, mask)).toMatchObject({
      min: "A*",
      max: "A*",
      frequent: [{ value: "S*", count: 3 }],
    });
    expect(profileOf(column, answers, (text) => text)).toMatchObject({
      min: "Adams",
      frequent: [{ value: "Smith" }],
    });
  });

  it("does not mask true and false, nor the first and last day", () => {
    const flags = planned("boolean");
    const { answers } = asked(flags, (measure) =>
      measure.kind === "frequencies"
        ? { kind: "frequencies", frequencies: [{ values: [true], count: 3 }], hasMore: false }
        : value(measure.kind === "min"),
    );
    expect(profileOf(flags, answers, mask)).toMatchObject({
      min: "true",
      max: "false",
      frequent: [{ value: "true", count: 3 }],
    });
    const days = planned("date");
    expect(profileOf(days, asked(days, words).answers, mask)).toMatchObject({ min: "Adams" });
  });

  it("takes a CSV column for text where one of its values is no number", () => {
    const column = planned("double", { storage: "text", origin: "inferred", storedType: undefined });
    const { later, answers } = asked(column, numbers("0", "9", 1));
    expect(later.map((one) => one.kind)).toEqual(["distinct", "frequencies"]);
    expect(JSON.stringify(later)).toContain('"op":"text"');
    expect(profileOf(column, answers, mask)).toMatchObject({
      min: null,
      max: null,
      frequent: [{ value: "n*", count: 3 }],
    });
    const numeric = asked(column, numbers("0", "9", 0));
    expect(numeric.later.map((one) => one.kind)).toEqual(["distinct", "histogram"]);
  });

  it("does not look for the most frequent of very many values", () => {
    const many = asked(planned("string"), (measure) =>
      measure.kind === "distinct" ? value(10_001) : words(measure),
    );
    expect(many.later.map((one) => one.kind)).toEqual(["distinct"]);
    expect(profileOf(planned("string"), many.answers, mask)).toMatchObject({
      distinct: 10_001,
      frequent: [],
    });
  });

  it("looks in detail at the first columns only of a very wide table", () => {
    const columns = Array.from({ length: 1000 }, (_, index) => planned("string", { name: `c${index}` }));
    const measures = profileMeasures(columns);
    const first = new Answers(new Map(measures.map((measure) => [keyOf(measure), words(measure)])));
    expect(profileHistograms(columns, first)).toHaveLength(250);
    expect(profileHistograms(columns.slice(500), first)).toHaveLength(500);
    const last = columns.at(-1) ?? planned("string");
    expect(profileOf(last, { first, details: undefined }, mask)).toEqual({
      ...{ nulls: 4, distinct: null, min: "A*", max: "A*" },
      ...{ histogram: null, frequent: [] },
    });
  });

  it("counts only for lists and structs", () => {
    const column = planned("other");
    const { first, later, answers } = asked(column, words);
    expect([...first, ...later].map((one) => one.kind)).toEqual(["count", "distinct"]);
    expect(profileOf(column, answers, mask)).toMatchObject({
      nulls: 4,
      distinct: 4,
      min: null,
      frequent: [],
    });
  });

  it("is left out where a figure could not be found", () => {
    const column = planned("string");
    const failed: Answer = { kind: "error", message: "out of memory" };
    const { answers } = asked(column, (measure) => (measure.kind === "distinct" ? failed : words(measure)));
    expect(profileOf(column, answers, mask)).toBeNull();
    expect(profileOf(column, asked(column, () => failed).answers, mask)).toBeNull();
  });
});

import { describe, expect, it } from "vitest";
import {
  and,
  column,
  compare,
  isPresent,
  isTrue,
  literal,
  not,
  userSql,
} from "../../../src/data/plan/expression.ts";
import type { Measure } from "../../../src/data/plan/measure.ts";
import { tableOf } from "./table-of.ts";

const integers = { n: { as: "BIGINT", type: "integer", storage: "typed" } } as const;
const doubles = { x: { as: "DOUBLE", type: "double", storage: "typed" } } as const;

describe("duckDbEngine", () => {
  it("counts rows that a predicate is true for, and asks equal measures once", async () => {
    const { ask } = await tableOf(integers, "(1), (2), (NULL), (5)");
    const above: Measure = { kind: "count", where: compare(column("n"), ">", literal(1.5)) };
    const answers = await ask({ kind: "count" }, above, { ...above });
    expect(answers.count({ kind: "count" })).toBe(4);
    expect(answers.count(above)).toBe(2);
  });

  it("takes NaN for missing where a value has to be there and be good", async () => {
    const { ask } = await tableOf(doubles, "(1), ('NaN'), (NULL), (12), ('Infinity')");
    const failing: Measure = {
      kind: "count",
      where: and(isPresent("x"), not(isTrue(compare(column("x"), "<=", literal(10))))),
    };
    expect((await ask(failing)).count(failing)).toBe(2);
  });

  it("answers a deviation with null where there is an infinity, and the other measures all the same", async () => {
    const { ask } = await tableOf(doubles, "(1), (3), ('Infinity')");
    const stdev: Measure = { kind: "stdev", of: column("x") };
    const min: Measure = { kind: "min", of: column("x") };
    const answers = await ask(stdev, min);
    expect(answers.value(stdev)).toBeNull();
    expect(answers.value(min)).toBe(1);
  });

  it("takes a name that is not there for a fault of the question, whatever the name", async () => {
    const { ask } = await tableOf(integers, "(1)");
    const count: Measure = { kind: "count" };
    for (const name of ["parquet", '"IO Error"']) {
      const unknown: Measure = { kind: "count", where: userSql(`${name} > 1`) };
      const answers = await ask(unknown, count);
      expect(answers.errorIn([unknown])).toMatch(/^Binder Error: Referenced column/);
      expect(answers.count(count)).toBe(1);
    }
  });

  it("counts every row of a key that stands twice, also for keys of several columns", async () => {
    const { ask } = await tableOf(
      { ...integers, t: { as: "VARCHAR", type: "string", storage: "typed" } },
      "(1, 'a'), (1, 'a'), (1, 'b'), (NULL, 'a'), (NULL, 'a')",
    );
    const both: Measure = { kind: "duplicates", keys: [column("n"), column("t")] };
    const present: Measure = { kind: "duplicates", keys: [column("n")], where: isPresent("n") };
    const answers = await ask(both, present);
    expect(answers.count(both)).toBe(4);
    expect(answers.count(present)).toBe(3);
  });

  it("finds rows out of order in the order of the table", async () => {
    const { ask } = await tableOf(integers, "(1), (1), (3), (2), (NULL), (4)");
    const loose: Measure = {
      kind: "disorder",
      of: column("n"),
      direction: "increasing",
      strictly: false,
      where: isPresent("n"),
    };
    const strict: Measure = { ...loose, strictly: true };
    const answers = await ask(loose, strict);
    expect([answers.count(loose), answers.count(strict)]).toEqual([1, 2]);
  });

  it("has numpy's ways of a quantile", async () => {
    const { ask } = await tableOf(integers, "(1), (2), (2), (3)");
    const of = (method: "disc" | "cont" | "nearest" | "lower" | "higher" | "midpoint"): Measure => ({
      kind: "quantiles",
      of: column("n"),
      at: [0.25, 0.9],
      method,
    });
    const answers = await ask(
      ...(["disc", "cont", "nearest", "lower", "higher", "midpoint"] as const).map(of),
    );
    expect(answers.values(of("disc"))).toEqual([1, 3]);
    expect(answers.values(of("cont"))).toEqual([1.75, 2.7]);
    expect(answers.values(of("nearest"))).toEqual([2, 3]);
    expect(answers.values(of("lower"))).toEqual([1, 2]);
    expect(answers.values(of("higher"))).toEqual([2, 3]);
    expect(answers.values(of("midpoint"))).toEqual([1.5, 2.5]);
  });

  it("lets a measure that cannot be found harm no other", async () => {
    const { ask } = await tableOf(integers, "(1), (2)");
    const wrong: Measure = { kind: "count", where: userSql("n > no_such_column") };
    const good: Measure = { kind: "count", where: userSql("n > 1 -- more than one") };
    const answers = await ask(wrong, good, { kind: "count" });
    expect(answers.get(wrong)).toEqual({ kind: "error", message: expect.stringContaining("no_such_column") });
    expect(answers.count(good)).toBe(1);
  });

  it("shows failing values, the most frequent first", async () => {
    const { engine } = await tableOf(integers, "(1), (7), (7), (9), (8)");
    const rows: Measure = { kind: "count", where: compare(column("n"), ">", literal(5)) };
    const [examples] = await engine.examples([{ rows, shown: [column("n")] }], 2);
    expect(examples).toEqual([
      { values: [7], count: 2 },
      { values: [8], count: 1 },
    ]);
  });

  it("puts the values of a histogram into half-open bins, the last closed", async () => {
    const { ask } = await tableOf(doubles, "(-1), (0), (1), (2), (2.5)");
    const histogram: Measure = { kind: "histogram", of: column("x"), edges: [0, 1, 2] };
    expect((await ask(histogram)).values(histogram)).toEqual([1, 1, 2, 1]);
  });

  it("counts nothing in a table without rows as 0", async () => {
    const { ask } = await tableOf(doubles, "");
    const histogram: Measure = { kind: "histogram", of: column("x"), edges: [0, 1, 2] };
    const above: Measure = { kind: "count", where: compare(column("x"), ">", literal(1)) };
    const answers = await ask(histogram, above);
    expect(answers.values(histogram)).toEqual([0, 0, 0, 0]);
    expect(answers.get(above)).toEqual({ kind: "value", value: 0 });
  });

  it("answers frequencies up to the limit and says that there are more", async () => {
    const { ask } = await tableOf(integers, "(1), (2), (2), (3)");
    const measure: Measure = { kind: "frequencies", of: [column("n")], limit: 2 };
    expect((await ask(measure)).get(measure)).toEqual({
      kind: "frequencies",
      frequencies: [
        { values: [2], count: 2 },
        { values: [1], count: 1 },
      ],
      hasMore: true,
    });
  });
});

import { describe, expect, it } from "vitest";
import { contractSchema } from "../../../src/data/contract/contract.ts";
import { contractChecks } from "../../../src/data/contract/contract-checks.ts";
import { Answers } from "../../../src/data/plan/answers.ts";
import { type Check, isMeasured } from "../../../src/data/plan/check.ts";
import type { PlanColumn } from "../../../src/data/plan/column.ts";
import { judgeChecks } from "../../../src/data/plan/judge.ts";
import { type Answer, keyOf, type Value } from "../../../src/data/plan/measure.ts";

const csvColumn = (name: string, type: PlanColumn["type"], origin: PlanColumn["origin"]): PlanColumn => ({
  ...{ name, type, origin, storage: "text", storedType: undefined, storedAs: "VARCHAR" },
});

function checksOf(contract: unknown, columns: readonly PlanColumn[]): Check[] {
  return contractChecks({
    ...{ contract: contractSchema.parse(contract), columns, maxNullRatio: 0.05 },
    ...{ minRows: undefined, maxRows: undefined, previousRows: undefined, now: new Date(0) },
  });
}

/** Answers by a part of the measure's key, the longest that fits; 0 for all others. */
function answersTo(checks: readonly Check[], told: Readonly<Record<string, Value>>): Answers {
  const found = new Map<string, Answer>();
  for (const measure of checks.flatMap((check) => (isMeasured(check) ? check.measures : []))) {
    const key = keyOf(measure);
    const part = Object.keys(told)
      .filter((one) => key.includes(one))
      .toSorted((a, b) => b.length - a.length)[0];
    found.set(key, { kind: "value", value: part === undefined ? 0 : (told[part] ?? null) });
  }
  return new Answers(found);
}

describe("the checks of a contract", () => {
  it("stand in the order rows, extra columns, cards, other columns, unique sets", () => {
    const checks = checksOf(
      {
        rows: { max: 9 },
        extra_columns: "warn",
        unique: [["a", "b"]],
        columns: [{ name: "b", type: "double", min: 1, max: 2, values: [1], unique: true }, { name: "z" }],
      },
      [csvColumn("a", "double", "inferred"), csvColumn("b", "double", "declared")],
    );
    expect(checks.map((check) => check.name)).toEqual([
      ...["rows.min", "rows.max", "extra_columns"],
      ...["required(b)", "type(b)", "nulls(b)", "infinite(b)", "min(b)", "max(b)", "values(b)", "unique(b)"],
      ...["required(z)", "nulls(a)", "infinite(a)", "unique(a, b)"],
    ]);
    expect(checks.filter((check) => check.isDefault).map((check) => check.name)).toEqual([
      ...["rows.min", "required(b)", "nulls(b)", "infinite(b)", "required(z)", "nulls(a)", "infinite(a)"],
    ]);
  });

  it("count NaN as missing in a column of numbers, and as a word once another word is found", () => {
    const checks = checksOf({}, [csvColumn("a", "double", "inferred")]);
    const numbers = { '{"kind":"count"}': 10, "is-null": 1, "is-nan": 2, "is-infinite": 3 };
    const words = { ...numbers, "is-mistyped": 1 };
    const [, nulls, infinite] = judgeChecks(checks, answersTo(checks, numbers));
    expect(nulls).toMatchObject({ verdict: "fail", observed: 0.3, failingRows: 3, judgedRows: 10 });
    expect(infinite).toMatchObject({ verdict: "fail", observed: 3, judgedRows: 7 });
    const [, settled, none] = judgeChecks(checks, answersTo(checks, words));
    expect(settled).toMatchObject({ verdict: "fail", observed: 0.1, failingRows: 1 });
    expect(none).toMatchObject({ verdict: "pass", observed: 0, judgedRows: 9 });
  });

  it("tell keys apart by their text where no type was said", () => {
    const keys = (origin: PlanColumn["origin"]) => {
      const [check] = checksOf({ unique: [["a"]] }, [csvColumn("a", "integer", origin)]).slice(-1);
      return check !== undefined && isMeasured(check) ? keyOf(check.measures[0] ?? { kind: "count" }) : "";
    };
    expect(keys("inferred")).toContain('"keys":[{"op":"text","column":"a"}]');
    expect(keys("declared")).toContain('"keys":[{"op":"column","column":"a"}]');
  });

  it("let a tolerated share of the present values fail", () => {
    const contract = { columns: [{ name: "a", min: { value: 0, allow: "10%" } }] };
    const checks = checksOf(contract, [csvColumn("a", "double", "implied")]);
    const verdict = (nulls: number) =>
      judgeChecks(
        checks,
        answersTo(checks, { '{"kind":"count"}': 100, "is-null": nulls, "is-true": 10, '"min"': -1 }),
      ).find((check) => check.name === "min(a)");
    expect(verdict(0)).toMatchObject({ verdict: "pass", failingRows: 10, judgedRows: 100, observed: -1 });
    expect(verdict(1)).toMatchObject({ verdict: "fail", failingRows: 10, judgedRows: 99 });
  });
});

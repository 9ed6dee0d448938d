import { describe, expect, it } from "vitest";
import { Answers } from "../../src/data/plan/answers.ts";
import type { Check, CheckResult, FailingRows } from "../../src/data/plan/check.ts";
import type { FailingExample } from "../../src/data/plan/engine.ts";
import { column } from "../../src/data/plan/expression.ts";
import type { Value } from "../../src/data/plan/measure.ts";
import { brokenRules, reportChecks } from "../../src/data/report-checks.ts";

const answers = new Answers(new Map());
const rows: FailingRows = { rows: { kind: "count" }, shown: [column("a")] };

const head = {
  kind: "range",
  column: "a",
  severity: "fail",
  comparison: "<=",
  limit: 3,
  allow: 0,
  isDefault: false,
} as const;

function result(name: string, parts: Partial<CheckResult> = {}): CheckResult {
  const observed = { verdict: "fail", observed: 9, failingRows: 1, judgedRows: 2, reason: null } as const;
  return { ...head, name, ...observed, ...parts };
}

function check(name: string, failing?: () => FailingRows | undefined): Check {
  const judge = () => ({ outcome: "bad", observed: 9, failingRows: 1, judgedRows: 2 }) as const;
  return { ...head, name, measures: [], judge, ...(failing === undefined ? {} : { failing }) };
}

/** An engine that finds these values, and remembers what it was asked. */
function engineWith(...found: readonly (readonly FailingExample[])[]) {
  const asked: { readonly failing: readonly FailingRows[]; readonly limit: number }[] = [];
  return {
    asked,
    examples: (failing: readonly FailingRows[], limit: number) => {
      asked.push({ failing, limit });
      return Promise.resolve(found);
    },
  };
}

const example = (...values: readonly Value[]): FailingExample => ({ values, count: 1 });

async function shown(...found: readonly FailingExample[]): Promise<readonly string[] | undefined> {
  const one = result("a");
  const [reported] = await reportChecks([one], [{ result: one, failing: rows }], engineWith(found));
  return reported?.examples;
}

describe("brokenRules", () => {
  it("has failures and warnings, but neither what passed nor what could not be judged", () => {
    const verdicts = ["fail", "warn", "inconclusive", "pass", "skipped", "error"] as const;
    const results = verdicts.map((verdict) => result(verdict, { verdict }));
    const checks = verdicts.map((verdict) => check(verdict, () => rows));
    const found = brokenRules(checks, results, answers).map((one) => one.result.name);
    expect(found).toEqual(["fail", "warn"]);
  });

  it("leaves out rules that rows cannot break, and asks no rule that could not be made", () => {
    const checks: Check[] = [
      check("rows.min"),
      check("none", () => undefined),
      { ...head, name: "unjudged", verdict: "error", reason: "why" },
      check("max(a)", () => rows),
    ];
    const results = checks.map(({ name }) => result(name));
    expect(brokenRules(checks, results, answers)).toEqual([{ result: results[3], failing: rows }]);
  });
});

describe("reportChecks", () => {
  it("asks nothing where no rule is broken", async () => {
    const engine = engineWith();
    const [reported] = await reportChecks([result("a", { verdict: "pass" })], [], engine);
    expect(reported).toMatchObject({
      name: "a",
      examples: [],
      description: null,
      suite: null,
      details: null,
    });
    expect(engine.asked).toEqual([]);
  });

  it("asks for three values of all broken rules at once, and gives each rule its own", async () => {
    const [first, middle, last] = [result("a"), result("b", { verdict: "pass" }), result("c")];
    const broken = [
      { result: first, failing: rows },
      { result: last, failing: { ...rows, shown: [column("c")] } },
    ];
    const engine = engineWith([example("one")], [example("three"), example("four")]);
    const reported = await reportChecks([first, middle, last], broken, engine);
    expect(reported.map((one) => one.examples)).toEqual([["o***(3)"], [], ["t***(5)", "f***(4)"]]);
    expect(engine.asked).toEqual([{ failing: broken.map((one) => one.failing), limit: 3 }]);
  });

  it("masks each value of a tuple by itself", async () => {
    expect(await shown(example("Smith", 42, true))).toEqual(["S***(5) | 4***(2) | t***(4)"]);
  });

  it("masks null, empty text, NaN and large numbers as they are written", async () => {
    expect(await shown(example(null), example(""), example(Number.NaN), example(2n ** 64n))).toEqual([
      "null",
      "***(0)",
      "N***(3)",
      "1***(20)",
    ]);
  });

  it("shows of lists and structs no more than of a text, also with numbers that JSON has not", async () => {
    expect(await shown(example([1, "x"]), example({ a: [2n ** 60n, null] }))).toEqual([
      "[***(7)",
      "{***(34)",
    ]);
  });

  it("hands out copies: who changes the report changes no rule", async () => {
    const limits = [0, 3];
    const details = { success: false };
    const [reported] = await reportChecks([result("a", { limit: limits, details })], [], engineWith());
    expect(reported?.limit).toEqual(limits);
    expect(reported?.limit).not.toBe(limits);
    expect(reported?.details).toEqual(details);
    expect(reported?.details).not.toBe(details);
  });
});

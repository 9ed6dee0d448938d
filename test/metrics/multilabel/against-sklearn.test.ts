import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { multilabelMetrics } from "../../../src/metrics/multilabel/multilabel.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator } from "../random-cases.ts";
import { inputOf, randomCase } from "./cases.ts";

it("multilabel metrics agree with scikit-learn to 1e-12 on random cases", async () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "sklearn_multilabel.py"), cases);
  const wrong: string[] = [];
  const compared = new Map<string, number>();
  for (const [index, one] of cases.entries()) {
    const { metrics, undefined: reasons } = (await multilabelMetrics(inputOf(one))).overall;
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = metrics[name];
      const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), scikit-learn ${reference}`;
      if (value === undefined) wrong.push(where);
      // Where a denominator is 0 scikit-learn counts 0, leaves the label out or says nothing: ours has no value and says why.
      else if (value === null) {
        if (
          reference !== null &&
          !/zero division|no positive|no negative|one class/.test(reasons[name] ?? "")
        )
          wrong.push(where);
      } else if (reference === null || Math.abs(value - reference) > 1e-12 * Math.max(1, Math.abs(reference)))
        wrong.push(where);
      else compared.set(name, (compared.get(name) ?? 0) + 1);
    }
  }
  expect(wrong).toEqual([]);
  // None of the names was undefined throughout.
  for (const name of Object.keys(expected.find((one) => "coverage_error" in one) ?? {}))
    expect(compared.get(name) ?? 0, name).toBeGreaterThan(10);
}, 600_000);

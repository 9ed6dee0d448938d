import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { forecastMetrics } from "../../../src/metrics/forecasting/forecasting.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator } from "../random-cases.ts";
import { inputOf, randomCase } from "./cases.ts";

it("forecasting metrics agree with scikit-learn and the definitions of sktime on random cases", () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "numpy_forecasting.py"), cases);
  const wrong: string[] = [];
  for (const [index, one] of cases.entries()) {
    const { metrics, undefined: reasons } = forecastMetrics(inputOf(one)).overall;
    const size = Math.max(...one.truths.map(Math.abs), ...one.predictions.map(Math.abs));
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = metrics[name];
      const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), reference ${reference}`;
      // A mean of errors that cancel each other is small beside its terms.
      const least = name === "bias" ? size : 1e-300;
      const isSame =
        value === null || reference === null
          ? value === reference
          : Math.abs((value ?? Number.NaN) - reference) <= 1e-12 * Math.max(least, Math.abs(reference));
      if (!isSame) wrong.push(where);
    }
  }
  expect(wrong).toEqual([]);
}, 600_000);

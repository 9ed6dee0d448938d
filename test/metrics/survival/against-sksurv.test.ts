import { randomInt } from "node:crypto";
import path from "node:path";
import { expect, it } from "vitest";
import { survivalMetrics } from "../../../src/metrics/survival/survival.ts";
import { times } from "../../support/full.ts";
import { answersOf, generator } from "../random-cases.ts";
import { inputOf, randomCase } from "./cases.ts";

it("survival metrics agree with scikit-survival, and with weights with the definition, on random cases", () => {
  const seed = randomInt(2 ** 31);
  const random = generator(seed);
  const cases = Array.from({ length: times(500, 5000) }, () => randomCase(random));
  const expected = answersOf(path.join(import.meta.dirname, "sksurv_survival.py"), cases);
  const wrong: string[] = [];
  const compared = new Map<string, number>();
  for (const [index, one] of cases.entries()) {
    const { metrics, undefined: reasons, pairs } = survivalMetrics(inputOf(one)).overall;
    for (const [name, reference] of Object.entries(expected[index] ?? {})) {
      const value = { ...pairs, ...metrics }[name];
      const where = `seed ${seed}, case ${index}, ${name}: ours ${value} (${reasons[name]}), reference ${reference}`;
      const isSame =
        value === null || reference === null
          ? value === reference
          : Math.abs((value ?? Number.NaN) - reference) <= 1e-12 * Math.max(1, Math.abs(reference));
      if (!isSame) wrong.push(where);
      if (isSame && value !== null) compared.set(name, (compared.get(name) ?? 0) + 1);
    }
  }
  expect(wrong).toEqual([]);
  for (const name of [
    "concordance_index",
    "concordance_index_ipcw",
    "brier@0.5",
    "brier@6",
    "integrated_brier",
  ])
    expect(compared.get(name) ?? 0, name).toBeGreaterThan(cases.length / 10);
}, 600_000);

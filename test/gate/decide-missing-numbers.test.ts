import { describe, expect, it } from "vitest";
import { fc } from "../support/fast-check.ts";
import { decide } from "./policies.ts";

describe("never a pass without a number", () => {
  const value = fc.oneof(
    fc.constant(null),
    fc.constant(undefined),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  const flagSet = fc.record({
    minAuc: fc.double({ min: 0, max: 1, noNaN: true }),
    maxRegression: fc.constantFrom("0", "0.01", "0.5", "2%"),
    subgroupMaxRegression: fc.constantFrom("0.03", "0.2"),
  });

  it("whatever the two sides hold, a pass means that every named number is there and within its limit", () => {
    fc.assert(
      fc.property(flagSet, value, value, value, value, (flags, auc, base, groupAuc, groupBase) => {
        const side = (overall: typeof auc, own: typeof auc) => ({
          metrics: { f1: 0.5, ...(overall === undefined ? {} : { roc_auc: overall }) },
          subgroups: { sex: { f: { count: 99, metrics: own === undefined ? {} : { roc_auc: own } } } },
        });
        const decision = decide({ ...flags, subgroups: ["sex"] }, side(auc, groupAuc), side(base, groupBase));
        const numbers = [auc, base, groupAuc, groupBase].every((one) => typeof one === "number");
        if (!numbers) expect(decision.verdict).not.toBe("pass");
        if (decision.verdict !== "pass" || typeof auc !== "number") return;
        expect(auc).toBeGreaterThanOrEqual(flags.minAuc - 2e-12);
        expect(decision.checks.every((check) => (check.margin ?? -1) >= -3e-12)).toBe(true);
      }),
    );
  });
});

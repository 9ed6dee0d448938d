import { describe, expect, it } from "vitest";
import { mask } from "../../src/data/mask.ts";
import { fc } from "../support/fast-check.ts";

describe("mask", () => {
  it.each([
    ["Smith", "S***(5)"],
    ["S", "S***(1)"],
    ["", "***(0)"],
    [" x", " ***(2)"],
    ["-12.5", "-***(5)"],
  ])("shows of %j the first letter and the length", (value, shown) => {
    expect(mask(value)).toBe(shown);
  });

  it("counts code points, and cuts no letter of two UTF-16 units in half", () => {
    expect(mask("😀ab")).toBe("😀***(3)");
    expect(mask("𝒳")).toBe("𝒳***(1)");
    expect(mask("e\u0301a")).toBe("e***(3)");
  });

  it("says no more of any text than its first letter and its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."aZ 0-é中😀\n\u0301"), maxLength: 30 }), (value) => {
        const letters = Array.from(value);
        const same = [letters[0] ?? "", ...letters.slice(1).map(() => "x")].join("");
        expect(mask(value)).toBe(mask(same));
      }),
    );
  });
});

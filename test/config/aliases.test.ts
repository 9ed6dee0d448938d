import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/parse.ts";

const read = (text: string) => parseConfig(text, "x.yaml", ".").values;

describe("anchors and aliases of a settings file", () => {
  it("share settings by merge keys; what stands beside them goes before", () => {
    expect(read("a: &base {type: double, min: 0}\nb: {<<: *base, min: 1}\n")).toEqual({
      ...{ a: { type: "double", min: 0 }, b: { type: "double", min: 1 } },
    });
  });

  it("may be used by thousands of columns", () => {
    const uses = Array.from({ length: 5000 }, (_, index) => `  - {<<: *base, name: c${index}}\n`);
    const { columns } = read(`columns:\n  - &base {type: double, name: c}\n${uses.join("")}`);
    expect(columns).toHaveLength(5001);
  });

  it.each([
    ["a: *nowhere\n", "Unresolved alias"],
    [
      `a0: &a0 [1, 2]\n${Array.from({ length: 8 }, (_, index) => `a${index + 1}: &a${index + 1} [${`*a${index}, `.repeat(9)}]\n`).join("")}`,
      "Excessive alias count",
    ],
  ])("that lead nowhere or multiply themselves are errors of the file", (text, words) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ kind: "usage", message: expect.stringContaining(words) }),
    );
  });
});

import { describe, expect, it } from "vitest";
import { patternOf, patternProblem } from "../../../src/data/contract/regex.ts";

describe("a pattern", () => {
  it.each([
    ["^a+$", "re2"],
    ["(?i)a", "re2"],
    ["(?:a|b)", "re2"],
    ["(?P<year>\\d{4})", "re2"],
    ["a\\\\1", "re2"],
    ["a(?=b)", "javascript"],
    ["(?<!a)b", "javascript"],
    ["(a)\\1", "javascript"],
    ["(?P<q>['\"]).*(?P=q)", "javascript"],
  ])("%s is evaluated by %s", (pattern, engine) => {
    expect(patternOf(pattern).engine).toBe(engine);
    expect(patternProblem(pattern)).toBeUndefined();
  });

  it("keeps its meaning in JavaScript", () => {
    const { pattern } = patternOf("^(?P<q>['\"]).*(?P=q)$");
    expect(new RegExp(pattern, "u").test("'a'")).toBe(true);
    expect(new RegExp(pattern, "u").test("'a\"")).toBe(false);
  });

  it.each([["(a"], ["a)"], ["[z-a]"], ["*"], ["(?=a"], ["(?P<a>x)(?P=b)"]])("%s is none", (pattern) => {
    expect(patternProblem(pattern)).toMatch(/\w+/);
  });
});

import { writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../support/folder.ts";
import { judged, judgedFile, outcomes, type Written } from "./judged.ts";

const table = `SELECT * FROM (VALUES ('abc', 12, 1.5::DOUBLE, true), ('a%c', 345, 2, false), (NULL, 6, 3, NULL))
  AS t(s, i, f, b)`;

const rule = (name: string, column: string, more: object): Written => [
  `expect_column_values_to_${name}`,
  { column, ...more },
];

describe("values and regular expressions", () => {
  it("match anywhere", async () => {
    const found = await judged(table, [
      rule("match_regex", "s", { regex: "b" }),
      rule("not_match_regex", "s", { regex: "b" }),
      rule("match_regex", "s", {}),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", ["a%c"]],
      ["bad", ["abc"]],
      ["good", []],
    ]);
  });

  it("match any or all of a list", async () => {
    const found = await outcomes(table, [
      rule("match_regex_list", "s", { regex_list: ["b", "%"] }),
      rule("match_regex_list", "s", { regex_list: ["a", "c"], match_on: "all" }),
      rule("match_regex_list", "s", { regex_list: ["a", "b"], match_on: "all" }),
      rule("not_match_regex_list", "s", { regex_list: ["x", "y"] }),
      rule("not_match_regex_list", "s", { regex_list: ["x", "b"] }),
    ]);
    expect(found).toEqual(["good", "good", "bad", "good", "bad"]);
  });

  it("are tested by JavaScript where RE2 cannot, and show the failing values", async () => {
    const found = await judged(table, [
      rule("match_regex", "s", { regex: "^(?!.*%)" }),
      rule("match_regex_list", "s", { regex_list: ["^(?!.*%)", "%"] }),
      rule("not_match_regex", "s", { regex: "(?<=a)%" }),
    ]);
    expect(found.map(({ outcome, result }) => [outcome, result["unexpected_list"]])).toEqual([
      ["bad", ["a%c"]],
      ["good", []],
      ["bad", ["a%c"]],
    ]);
  });

  it("take whole numbers by their text; how floats and truths are written is not settled", async () => {
    const found = await judged(table, [
      rule("match_regex", "i", { regex: "^\\d{1,3}$" }),
      rule("match_regex", "f", { regex: "1" }),
      rule("match_regex", "b", { regex: "T" }),
      rule("match_regex", "s", { regex: "(" }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "error", "error", "error"]);
    expect(found[3]?.message).toContain('"("');
  });

  it("take a CSV as it is written", async () => {
    const file = path.join(temporaryFolder(), "data.csv");
    await writeFile(file, "zip,part\n01234,1.50\n98765,2.25\n");
    const found = await judgedFile(file, [
      rule("match_regex", "zip", { regex: "^\\d{5}$" }),
      rule("match_regex", "part", { regex: "^\\d\\.\\d\\d$" }),
    ]);
    expect(found.map(({ outcome }) => outcome)).toEqual(["good", "good"]);
  });
});

describe("values and LIKE patterns", () => {
  it("match by the whole text, % and _ being any", async () => {
    const found = await outcomes(table, [
      rule("match_like_pattern", "s", { like_pattern: "a_c" }),
      rule("match_like_pattern", "s", { like_pattern: "A_c" }),
      rule("match_like_pattern", "s", { like_pattern: "%b%" }),
      rule("not_match_like_pattern", "s", { like_pattern: "%x" }),
      rule("match_like_pattern_list", "s", { like_pattern_list: ["%b%", "a!%%"], escape: "!" }),
      rule("match_like_pattern_list", "s", { like_pattern_list: ["a%", "%c"], match_on: "all" }),
      rule("not_match_like_pattern_list", "s", { like_pattern_list: ["x", "%b%"] }),
    ]);
    expect(found).toEqual(["good", "bad", "bad", "good", "good", "good", "bad"]);
  });

  it("give a sign its meaning back behind the escape", async () => {
    const escaped = rule("match_like_pattern", "s", { like_pattern: "a!%c", escape: "!" });
    const [found] = await judged(table, [escaped]);
    expect(found?.result).toMatchObject({ unexpected_list: ["abc"] });
  });
});

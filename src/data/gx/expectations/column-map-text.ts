import * as z from "zod";
import type { PlanColumn } from "../../plan/column.ts";
import { and, type Expression, literal, not, or, textOf } from "../../plan/expression.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { optionalText } from "../kwargs.ts";
import { type ColumnMapJudge, columnMap, columnMapKwargs } from "./column-map.ts";
import { translateForJs, translateRegex } from "./regex-translation.ts";
import { RegexProblem } from "./regex-tree.ts";
import { hasText } from "./text-values.ts";

/** Which of several patterns a text has to match. */
type MatchOn = "any" | "all" | "none";

const matchOn = z.enum(["any", "all"]).default("any");
const patterns = z.array(z.string()).min(1, "is empty: there is nothing to match");

/** The patterns for RE2, or for JavaScript where one of them needs it; text says what cannot be used. */
function translated(
  written: readonly string[],
): { readonly engine: "re2" | "js"; readonly patterns: readonly string[] } | string {
  const found = written.map(translateRegex);
  const problem = found.find((one) => "problem" in one);
  if (problem !== undefined && "problem" in problem) return problem.problem;
  const re2 = found.flatMap((one) => ("engine" in one && one.engine === "re2" ? [one.pattern] : []));
  if (re2.length === written.length) return { engine: "re2", patterns: re2 };
  try {
    return { engine: "js", patterns: written.map(translateForJs) };
  } catch (error) {
    if (!(error instanceof RegexProblem)) throw error;
    return `one of the regular expressions cannot be used: ${error.message}`;
  }
}

/** A rule that text matches regular expressions of Python, anywhere in it. */
function regexRule<Shape extends z.ZodObject<typeof columnMapKwargs>>(
  kwargs: Shape,
  read: (kwargs: z.output<Shape>) => { readonly written: readonly string[]; readonly match: MatchOn },
): ExpectationRule {
  return expectationRule({
    kwargs,
    make: (expectation, table) => {
      const { written, match } = read(expectation.kwargs);
      const regexes = translated(written);
      if (typeof regexes === "string") return notEvaluable(regexes);
      return columnMap(expectation, table, (column, present): ColumnMapJudge => {
        if (!hasText(column)) return noText(column);
        const of = textOf(column.name);
        if (regexes.engine === "re2")
          return { expected: matching(of, regexes.patterns, match), isText: true };
        const test = { test: "regex" as const, patterns: regexes.patterns, match };
        return { unexpected: { kind: "failing-test", of, test, where: present }, isText: true };
      });
    },
  });
}

function matching(value: Expression, all: readonly string[], match: MatchOn): Expression {
  const each = all.map((pattern): Expression => ({ op: "matches", value, pattern }));
  return combined(each, match);
}

function combined(each: readonly Expression[], match: MatchOn): Expression {
  if (match === "all") return and(...each) ?? literal(true);
  const any = or(...each) ?? literal(false);
  return match === "none" ? not(any) : any;
}

function noText(column: PlanColumn): ColumnMapJudge {
  const name = JSON.stringify(column.name);
  return { problem: `column ${name} is ${column.type}: how its values are written as text is not settled` };
}

const regexKwargs = z.strictObject({ ...columnMapKwargs, regex: z.string().default("(?s).*") });
const requiredRegex = z.strictObject({ ...columnMapKwargs, regex: z.string() });
const regexList = z.strictObject({ ...columnMapKwargs, regex_list: patterns, match_on: matchOn });
const excludedRegexes = z.strictObject({ ...columnMapKwargs, regex_list: patterns });

/** One character that takes `%` and `_` their meaning. */
const escapeKwarg = optionalText.refine(
  (one) => one === undefined || [...one].length === 1,
  "expected one character",
);

function likeRule<Shape extends z.ZodObject<typeof columnMapKwargs>>(
  kwargs: Shape,
  read: (kwargs: z.output<Shape>) => {
    readonly written: readonly string[];
    readonly match: MatchOn;
    readonly escape: string | undefined;
  },
): ExpectationRule {
  return expectationRule({
    kwargs,
    make: (expectation, table) =>
      columnMap(expectation, table, (column): ColumnMapJudge => {
        if (!hasText(column)) return noText(column);
        const asked = read(expectation.kwargs);
        const value = textOf(column.name);
        const each = asked.written.map(
          (pattern): Expression => ({ op: "like", value, pattern, escape: asked.escape ?? null }),
        );
        return { expected: combined(each, asked.match), isText: true };
      }),
  });
}

const like = z.strictObject({ ...columnMapKwargs, like_pattern: z.string(), escape: escapeKwarg });
const likeList = z.strictObject({
  ...columnMapKwargs,
  like_pattern_list: patterns,
  match_on: matchOn,
  escape: escapeKwarg,
});
const excludedLikes = z.strictObject({
  ...columnMapKwargs,
  like_pattern_list: patterns,
  escape: escapeKwarg,
});

export const textRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_values_to_match_regex: regexRule(regexKwargs, ({ regex }) => ({
    written: [regex],
    match: "any",
  })),
  expect_column_values_to_not_match_regex: regexRule(requiredRegex, ({ regex }) => ({
    written: [regex],
    match: "none",
  })),
  expect_column_values_to_match_regex_list: regexRule(regexList, ({ regex_list, match_on }) => ({
    written: regex_list,
    match: match_on,
  })),
  expect_column_values_to_not_match_regex_list: regexRule(excludedRegexes, ({ regex_list }) => ({
    written: regex_list,
    match: "none",
  })),
  expect_column_values_to_match_like_pattern: likeRule(like, (kwargs) => ({
    written: [kwargs.like_pattern],
    match: "any",
    escape: kwargs.escape,
  })),
  expect_column_values_to_not_match_like_pattern: likeRule(like, (kwargs) => ({
    written: [kwargs.like_pattern],
    match: "none",
    escape: kwargs.escape,
  })),
  expect_column_values_to_match_like_pattern_list: likeRule(likeList, (kwargs) => ({
    written: kwargs.like_pattern_list,
    match: kwargs.match_on,
    escape: kwargs.escape,
  })),
  expect_column_values_to_not_match_like_pattern_list: likeRule(excludedLikes, (kwargs) => ({
    written: kwargs.like_pattern_list,
    match: "none",
    escape: kwargs.escape,
  })),
};

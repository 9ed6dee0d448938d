import { describe, expect, it } from "vitest";
import { allRules } from "../../../../src/data/gx/expectations/all.ts";

function problems(type: string, kwargs: Readonly<Record<string, unknown>>): readonly string[] {
  const read = allRules[type]?.read(kwargs);
  if (read === undefined) throw new Error(`no rule ${type}`);
  return "problems" in read ? read.problems.map(({ message }) => message) : [];
}

const column = "x";

/** Great Expectations 1.24.1 refuses to build a suite with any of them. */
const refused: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["expect_column_values_to_be_between", { column }],
  ["expect_column_values_to_be_between", { column, min_value: "abc" }],
  ["expect_column_values_to_be_between", { column, min_value: 1, mostly: 1.1 }],
  ["expect_column_values_to_be_between", { column, min_value: 1, nonsense: 1 }],
  ["expect_column_values_to_be_between", { min_value: 1 }],
  ["expect_column_value_lengths_to_be_between", { column }],
  ["expect_column_value_lengths_to_be_between", { column, max_value: "quack" }],
  ["expect_column_value_lengths_to_equal", { column, value: null }],
  ["expect_column_values_to_be_in_set", { column, value_set: null }],
  ["expect_column_values_to_be_in_set", { column }],
  ["expect_column_distinct_values_to_be_in_set", { column, value_set: [] }],
  ["expect_column_values_to_match_regex_list", { column, regex_list: [] }],
  ["expect_column_values_to_match_like_pattern_list", { column, like_pattern_list: [] }],
  ["expect_column_values_to_match_like_pattern", { column, like_pattern: "a", escape: "!!" }],
  ["expect_column_value_z_scores_to_be_less_than", { column, threshold: 1 }],
  ["expect_column_value_z_scores_to_be_less_than", { column, threshold: null, double_sided: true }],
  ["expect_column_values_to_not_be_outliers", { column, method: "mad" }],
  ["expect_column_values_to_not_be_outliers", { column, multiplier: -1 }],
  ["expect_column_pair_values_to_be_equal", { column_A: "a", column_B: "b", ignore_row_if: "never" }],
  ["expect_column_pair_values_to_be_in_set", { column_A: "a", column_B: "b", value_pairs_set: [[1]] }],
  ["expect_compound_columns_to_be_unique", { column_list: ["a"] }],
  ["expect_compound_columns_to_be_unique", { column_list: ["a", "b"], ignore_row_if: "neither" }],
  ["expect_multicolumn_sum_to_equal", { column_list: ["a", "b"] }],
  ["expect_column_stdev_to_be_between", { column, min_value: "2020-01-01" }],
  ["expect_column_kl_divergence_to_be_less_than", { column, tail_weight_holdout: 2 }],
  ["expect_table_row_count_to_be_between", { min_value: 2, max_value: 1 }],
  ["expect_table_row_count_to_equal", { value: "hello" }],
  ["expect_table_column_count_to_be_between", { max_value: "quack" }],
];

/** Great Expectations takes them, and makes of them what they mean. */
const taken: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ["expect_column_values_to_be_between", { column, min_value: "3", max_value: null, mostly: true }],
  ["expect_column_values_to_be_between", { column, max_value: "2020-01-02 03:04:05" }],
  ["expect_column_max_to_be_between", { column }],
  ["expect_column_values_to_match_regex", { column }],
  ["expect_column_values_to_be_in_type_list", { column, type_list: null }],
  ["expect_column_values_to_not_be_outliers", { column, multiplier: 0 }],
  ["expect_column_value_z_scores_to_be_less_than", { column, threshold: "2", double_sided: false }],
  ["expect_column_kl_divergence_to_be_less_than", { column, partition_object: null, threshold: null }],
  ["expect_table_columns_to_match_set", {}],
];

describe("kwargs of expectations", () => {
  it.each(refused)("%s %j are refused", (type, kwargs) => {
    expect(problems(type, kwargs)).not.toEqual([]);
  });

  it.each(taken)("%s %j are taken", (type, kwargs) => {
    expect(problems(type, kwargs)).toEqual([]);
  });
});

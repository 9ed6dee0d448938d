import { days, pick, type Random, times, whole, words } from "./gx-random-values.ts";

type Kwargs = Record<string, unknown>;

const all = ["i", "n", "x", "s", "d", "t", "b", "c", "f", "g", "m"];
const anyColumn = (random: Random): string =>
  random() < 0.05 ? pick(random, ["missing", "I"]) : pick(random, all);
const anyValue = (random: Random): unknown =>
  pick<unknown>(random, [0, 1, 2.5, "3", true, "abc", ...days, ...times, null, -1]);
const anyBounds = (random: Random): Kwargs => ({
  column: anyColumn(random),
  min_value: anyValue(random),
  max_value: anyValue(random),
});
/** Text stands for a time in a set for a column of times; pandas finds no time in such a set. */
const noTimes = all.filter((name) => name !== "d" && name !== "t");
const anySet = (random: Random): Kwargs => ({
  column: pick(random, noTimes),
  value_set: Array.from({ length: whole(random, 0, 4) }, () =>
    pick<unknown>(random, [anyValue(random), pick(random, words)]),
  ),
});
/** Of one kind: 1 equals true and no decimal equals a double in Python, which is not the way of SQL. */
const numbers = ["i", "n", "x", "g"];
const aNumber = (random: Random): string => (random() < 0.1 ? "missing" : pick(random, numbers));
const anyList = (random: Random): string[] => {
  const list = random() < 0.7 ? numbers : ["s", "r"];
  return [...new Set(Array.from({ length: whole(random, 1, 3) }, () => pick(random, list)))];
};
const aText = (random: Random): string => pick(random, ["s", "r", "missing", "S"]);
const count = (random: Random): unknown => pick<unknown>(random, [0, 1, 3, 12, "5", null, "abc"]);
const types = [
  "int64",
  "float64",
  "str",
  "object",
  "bool",
  "datetime64",
  "int",
  "float",
  "INTEGER",
  "BIGINT",
  "date",
];
const columnNames = ["i", "n", "x", "y", "s", "r", "d", "t", "b", "c", "f", "g", "m"];
const partition = (random: Random): unknown =>
  pick(random, [
    { values: ["a", "b", "ab"], weights: [0.5, 0.25, 0.25] },
    { values: [1, 2, 3, 4], weights: [0.25, 0.25, 0.25, 0.25] },
    { bins: [-5, 0, 2, 10], weights: [0.25, 0.5, 0.25] },
    { bins: [0, 1, 2, 3], weights: [0.4, 0.2, 0.2], tail_weights: [0.1, 0.1] },
    { values: ["a"], weights: [0.5] },
  ]);

/** Expectations on columns that do not suit them, kwargs that are wrong, infinities, decimals, the rarer types. */
const makes: Readonly<Record<string, (random: Random) => Kwargs>> = {
  expect_column_values_to_be_between: anyBounds,
  expect_column_max_to_be_between: anyBounds,
  expect_column_min_to_be_between: anyBounds,
  expect_column_mean_to_be_between: anyBounds,
  expect_column_median_to_be_between: anyBounds,
  expect_column_sum_to_be_between: (random) => ({ ...anyBounds(random), column: aNumber(random) }),
  expect_column_stdev_to_be_between: anyBounds,
  expect_column_unique_value_count_to_be_between: (random) => ({
    column: anyColumn(random),
    min_value: count(random),
    max_value: count(random),
  }),
  expect_column_proportion_of_unique_values_to_be_between: anyBounds,
  expect_column_proportion_of_non_null_values_to_be_between: anyBounds,
  expect_column_value_lengths_to_be_between: (random) => ({
    column: aText(random),
    min_value: count(random),
    max_value: count(random),
  }),
  expect_table_row_count_to_be_between: (random) => ({ min_value: count(random), max_value: count(random) }),
  expect_table_column_count_to_be_between: (random) => ({ min_value: whole(random, 8, 14), max_value: 14 }),
  expect_table_column_count_to_equal: (random) => ({ value: pick<unknown>(random, [13, 12, "13", null]) }),
  expect_column_values_to_be_in_set: anySet,
  expect_column_values_to_not_be_in_set: anySet,
  expect_column_distinct_values_to_be_in_set: anySet,
  expect_column_distinct_values_to_contain_set: anySet,
  expect_column_distinct_values_to_equal_set: anySet,
  expect_column_most_common_value_to_be_in_set: anySet,
  expect_column_values_to_be_null: (random) => ({
    column: anyColumn(random),
    mostly: pick(random, [0.5, 1, 1.5, true]),
  }),
  expect_column_values_to_not_be_null: (random) => ({
    column: anyColumn(random),
    mostly: pick(random, [0, 0.7, -1]),
  }),
  expect_column_values_to_be_unique: (random) => ({ column: anyColumn(random) }),
  expect_column_values_to_be_increasing: (random) => ({ column: aNumber(random) }),
  expect_column_value_z_scores_to_be_less_than: (random) => ({
    column: aNumber(random),
    threshold: 1,
    double_sided: pick(random, [true, false, null]),
  }),
  expect_column_values_to_not_be_outliers: (random) => ({
    column: pick(random, ["i", "x", "missing"]),
    multiplier: pick(random, [0, 1]),
  }),
  expect_column_values_to_match_regex: (random) => ({
    column: aText(random),
    regex: pick(random, ["1", "^2", "(", "2020"]),
  }),
  expect_column_values_to_match_strftime_format: (random) => ({
    column: aText(random),
    strftime_format: "%Y-%m-%d",
  }),
  expect_column_values_to_be_json_parseable: (random) => ({ column: aText(random) }),
  expect_column_values_to_be_dateutil_parseable: (random) => ({ column: aText(random) }),
  expect_column_values_to_match_json_schema: (random) => ({
    column: pick(random, ["s", "r"]),
    json_schema: { type: "string" },
  }),
  expect_column_values_to_be_of_type: (random) => ({
    column: pick(random, ["i", "x", "b"]),
    type_: pick(random, types),
  }),
  expect_column_values_to_be_in_type_list: (random) => ({
    column: pick(random, ["i", "x", "b"]),
    type_list: [pick(random, types), pick(random, types)],
  }),
  expect_column_to_exist: (random) => ({
    column: anyColumn(random),
    ...(random() < 0.5 ? { column_index: whole(random, -3, 14) } : {}),
  }),
  expect_table_columns_to_match_set: (random) => ({
    column_set: pick<unknown>(random, [columnNames, columnNames.slice(2), [...columnNames, "q"], null]),
    exact_match: random() < 0.5,
  }),
  expect_table_columns_to_match_ordered_list: (random) => ({
    column_list: pick<unknown>(random, [columnNames, columnNames.toReversed(), columnNames.slice(1)]),
  }),
  expect_compound_columns_to_be_unique: (random) => ({ column_list: anyList(random) }),
  expect_multicolumn_sum_to_equal: (random) => ({ column_list: [aNumber(random), "y"], sum_total: 3 }),
  expect_multicolumn_values_to_be_equal: (random) => ({ column_list: anyList(random) }),
  expect_select_column_values_to_be_unique_within_record: (random) => ({ column_list: anyList(random) }),
  expect_column_pair_values_to_be_equal: (random) => ({
    column_A: aNumber(random),
    column_B: pick(random, ["s", "y"]),
  }),
  expect_column_pair_values_a_to_be_greater_than_b: (random) => ({
    column_A: aNumber(random),
    column_B: pick(random, ["i", "y", "missing"]),
  }),
  expect_column_pair_values_to_be_in_set: (random) => ({
    column_A: "i",
    column_B: pick(random, ["n", "r"]),
    value_pairs_set: [
      [1, 2],
      [0, 3],
      [2, "a"],
      [1, null],
    ],
  }),
  expect_column_kl_divergence_to_be_less_than: (random) => ({
    column: pick(random, ["n", "x", "r", "i"]),
    partition_object: partition(random),
    threshold: pick(random, [0.1, 1, null]),
    ...(random() < 0.3 ? { tail_weight_holdout: 0.1 } : {}),
    ...(random() < 0.2 ? { internal_weight_holdout: 0.1 } : {}),
  }),
  expect_column_quantile_values_to_be_between: (random) => ({
    column: anyColumn(random),
    quantile_ranges: {
      quantiles: [0, 0.5, 1],
      value_ranges: [
        [null, 2],
        [0, null],
        [1, 10],
      ],
    },
    ...(random() < 0.5
      ? { allow_relative_error: pick<unknown>(random, ["linear", "lower", "higher", "midpoint", false]) }
      : {}),
  }),
};

export function randomMisfit(random: Random): { readonly type: string; readonly kwargs: Kwargs } {
  const [type, make] = pick(random, Object.entries(makes));
  const kwargs = make(random);
  return { type, kwargs: random() < 0.03 ? { ...kwargs, unknown_kwarg: 1 } : kwargs };
}

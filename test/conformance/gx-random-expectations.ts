import { days, doubles, pick, type Random, times, whole, words } from "./gx-random-values.ts";

const numbers = ["i", "n", "x", "y"];
const texts = ["s", "r"];
const noTimes = [...numbers, ...texts, "b"];
const all = [...noTimes, "d", "t"];

function bounds(random: Random, column: string): Record<string, unknown> {
  const value = () => {
    if (column === "d") return pick(random, days);
    if (column === "t") return pick(random, times);
    return random() < 0.5 ? whole(random, -2, 5) : pick(random, doubles);
  };
  const found: Record<string, unknown> = {};
  if (random() < 0.8) found["min_value"] = value();
  if (random() < 0.8 || !("min_value" in found)) found["max_value"] = value();
  if (random() < 0.2) found["strict_min"] = true;
  if (random() < 0.2) found["strict_max"] = true;
  return found;
}

function members(random: Random, column: string): unknown[] {
  const value = (): unknown => {
    if (random() < 0.05) return null;
    if (texts.includes(column)) return pick(random, words);
    if (column === "b") return pick(random, [true, false, 1, 0]);
    if (column === "d") return pick(random, days);
    if (column === "t") return pick(random, times);
    return pick<unknown>(random, [...doubles, 2, 4, true]);
  };
  return Array.from({ length: whole(random, 1, 6) }, value);
}

function two(random: Random): [string, string] {
  const group = pick(random, [numbers, texts]);
  const first = pick(random, group);
  const rest = group.filter((name) => name !== first);
  return [first, pick(random, rest)];
}

const patterns = [
  "^a",
  "b$",
  "[a-z]+",
  "^\\w+$",
  "\\d{2}",
  "a.b",
  "(a|b)c?",
  "^$",
  "ï",
  "(?i)b",
  "^(?!a)",
  "\\s",
];

type Make = (random: Random) => Record<string, unknown>;
const onColumn =
  (
    names: readonly string[],
    more: (random: Random, column: string) => Record<string, unknown> = () => ({}),
  ): Make =>
  (random) => {
    const column = pick(random, names);
    return { column, ...more(random, column) };
  };
const pair: Make = (random) => {
  const [column_A, column_B] = two(random);
  const ignored = ["both_values_are_missing", "either_value_is_missing", "neither"];
  return { column_A, column_B, ...(random() < 0.6 ? { ignore_row_if: pick(random, ignored) } : {}) };
};
const group: Make = (random) => {
  const ignored = ["all_values_are_missing", "any_value_is_missing", "never"];
  const list = random() < 0.3 ? ["i", "n", "x"] : two(random);
  return { column_list: list, ...(random() < 0.6 ? { ignore_row_if: pick(random, ignored) } : {}) };
};
const set = (random: Random, column: string) => ({ value_set: members(random, column) });
const share = (random: Random) => ({
  min_value: pick(random, [0, 0.3, 0.5]),
  max_value: pick(random, [0.7, 1]),
});
const count = (random: Random) => ({ min_value: whole(random, 0, 6), max_value: whole(random, 3, 30) });
const ranges = (random: Random) => ({
  quantile_ranges: {
    quantiles: [0.1, 0.25, 0.5, 0.9],
    value_ranges: Array.from({ length: 4 }, () => [pick(random, [null, -2, 0]), pick(random, [null, 1, 5])]),
  },
});

const map: Readonly<Record<string, Make>> = {
  expect_column_values_to_be_between: onColumn([...numbers, "d", "t"], bounds),
  expect_column_values_to_be_in_set: onColumn(noTimes, set),
  expect_column_values_to_not_be_in_set: onColumn(noTimes, set),
  expect_column_values_to_be_null: onColumn(all),
  expect_column_values_to_not_be_null: onColumn(all),
  expect_column_values_to_be_unique: onColumn(all),
  expect_column_values_to_match_regex: onColumn(texts, (random) => ({ regex: pick(random, patterns) })),
  expect_column_values_to_not_match_regex: onColumn(texts, (random) => ({ regex: pick(random, patterns) })),
  expect_column_values_to_match_regex_list: onColumn(texts, (random) => ({
    regex_list: [pick(random, patterns), pick(random, patterns)],
    match_on: pick(random, ["any", "all"]),
  })),
  expect_column_values_to_not_match_regex_list: onColumn(texts, (random) => ({
    regex_list: [pick(random, patterns), pick(random, patterns)],
  })),
  expect_column_value_lengths_to_be_between: onColumn(texts, count),
  expect_column_value_lengths_to_equal: onColumn(texts, (random) => ({ value: whole(random, 0, 4) })),
  expect_column_value_z_scores_to_be_less_than: onColumn(numbers, (random) => ({
    threshold: pick(random, [0.5, 1, 2]),
    double_sided: random() < 0.5,
  })),
  expect_column_values_to_not_be_outliers: onColumn(numbers, (random) => ({
    method: pick(random, ["iqr", "std"]),
    multiplier: pick(random, [0.5, 1, 1.5]),
  })),
  expect_column_values_to_be_increasing: onColumn([...numbers, "t"], (random) => ({
    strictly: random() < 0.5,
  })),
  expect_column_values_to_be_decreasing: onColumn([...numbers, "t"], (random) => ({
    strictly: random() < 0.5,
  })),
  expect_column_values_to_be_json_parseable: onColumn(texts),
  expect_column_values_to_match_strftime_format: onColumn(texts, (random) => ({
    strftime_format: pick(random, ["%Y-%m-%d", "%H", "%y%m"]),
  })),
  expect_column_values_to_be_dateutil_parseable: onColumn(texts),
  expect_column_pair_values_to_be_equal: pair,
  expect_column_pair_values_a_to_be_greater_than_b: (random) => ({
    ...pair(random),
    or_equal: random() < 0.5,
  }),
  expect_compound_columns_to_be_unique: group,
  expect_select_column_values_to_be_unique_within_record: group,
  expect_multicolumn_values_to_be_equal: group,
  expect_multicolumn_sum_to_equal: (random) => ({
    ...group(random),
    column_list: ["i", "n"],
    sum_total: whole(random, 0, 6),
  }),
};

const others: Readonly<Record<string, Make>> = {
  expect_column_max_to_be_between: onColumn([...numbers, "t"], bounds),
  expect_column_min_to_be_between: onColumn([...numbers, "t"], bounds),
  expect_column_mean_to_be_between: onColumn([...numbers, "b"], bounds),
  expect_column_median_to_be_between: onColumn(numbers, bounds),
  expect_column_sum_to_be_between: onColumn([...numbers, "b"], bounds),
  expect_column_stdev_to_be_between: onColumn(numbers, bounds),
  expect_column_unique_value_count_to_be_between: onColumn(all, count),
  expect_column_proportion_of_unique_values_to_be_between: onColumn(all, share),
  expect_column_proportion_of_non_null_values_to_be_between: onColumn(all, share),
  expect_column_distinct_values_to_be_in_set: onColumn(noTimes, set),
  expect_column_distinct_values_to_contain_set: onColumn(noTimes, set),
  expect_column_distinct_values_to_equal_set: onColumn(noTimes, set),
  expect_column_most_common_value_to_be_in_set: onColumn(noTimes, (random, column) => ({
    ...set(random, column),
    ties_okay: random() < 0.5,
  })),
  expect_column_quantile_values_to_be_between: onColumn(numbers, ranges),
  expect_table_row_count_to_be_between: count,
  expect_table_row_count_to_equal: (random) => ({ value: pick(random, [0, 1, 2, 5, 12, 30]) }),
};

function condition(random: Random): Record<string, unknown> {
  const old = ['col("i") > 0', 'col("n").notnull()', 'col("r") == "a"', 'col("x") <= 2.5', 'col("i") != 2'];
  const queries = ["i > 0 and n < 4", "r == 'a' or i == 2", "i in [1, 2, 3]"];
  const object = {
    type: "and",
    conditions: [
      { type: "comparison", column: { name: "i" }, operator: ">=", parameter: 0 },
      { type: "nullity", column: { name: "s" }, is_null: random() < 0.5 },
    ],
  };
  const which = random();
  if (which < 0.5) return { row_condition: pick(random, old), condition_parser: "great_expectations" };
  if (which < 0.8) return { row_condition: pick(random, queries), condition_parser: "pandas" };
  return { row_condition: object };
}

/** One of the expectations that Great Expectations has over pandas, with kwargs for the columns of a random table. */
export function randomExpectation(random: Random): {
  readonly type: string;
  readonly kwargs: Readonly<Record<string, unknown>>;
} {
  const isMap = random() < 0.6;
  const [type, make] = pick(random, Object.entries(isMap ? map : others));
  const kwargs = make(random);
  if (isMap && random() < 0.4) kwargs["mostly"] = pick(random, [0, 0.25, 0.5, 0.8, 0.9, 1]);
  return { type, kwargs: random() < 0.25 ? { ...kwargs, ...condition(random) } : kwargs };
}

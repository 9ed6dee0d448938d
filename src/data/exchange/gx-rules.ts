import { isPlain, listAt, numberAt, type Plain, plainAt, textAt } from "./draft.ts";
import { typeOfName } from "./type-names.ts";

/** A rule of a card that an expectation comes to. */
export interface CardRule {
  readonly key: string;
  readonly value: unknown;
}

type Reading = (kwargs: Plain, mostly: number) => readonly CardRule[] | undefined;

/**
 * What an expectation about a column comes to on a card; undefined where a card cannot say the same. `mostly` below 1
 * becomes `allow` of the one rule; a rule with two ends and a tolerance over both has no card.
 */
export const columnReadings: Readonly<Record<string, Reading>> = {
  expect_column_to_exist: (kwargs) => only(kwargs, [], () => [{ key: "required", value: true }]),
  expect_column_values_to_be_of_type: (kwargs, mostly) =>
    only(kwargs, ["type_"], () => (mostly === 1 ? typeRule([kwargs["type_"]]) : undefined)),
  expect_column_values_to_be_in_type_list: (kwargs, mostly) =>
    only(kwargs, ["type_list"], () =>
      mostly === 1 && Array.isArray(kwargs["type_list"]) ? typeRule(kwargs["type_list"]) : undefined,
    ),
  expect_column_values_to_be_between: (kwargs, mostly) =>
    only(kwargs, ["min_value", "max_value", "strict_min", "strict_max"], () => {
      const rules = boundRules(kwargs);
      return mostly < 1 && rules.length > 1 ? undefined : rules;
    }),
  expect_column_values_to_be_in_set: (kwargs) => only(kwargs, ["value_set"], () => setRule("values", kwargs)),
  expect_column_values_to_not_be_in_set: (kwargs) =>
    only(kwargs, ["value_set"], () => setRule("not_values", kwargs)),
  expect_column_values_to_match_regex: (kwargs) =>
    only(kwargs, ["regex"], () => regexRule("pattern", kwargs)),
  expect_column_values_to_not_match_regex: (kwargs) =>
    only(kwargs, ["regex"], () => regexRule("not_pattern", kwargs)),
  expect_column_value_lengths_to_be_between: (kwargs) =>
    only(kwargs, ["min_value", "max_value"], () => rangeRule("length", kwargs)),
  expect_column_value_lengths_to_equal: (kwargs) =>
    only(kwargs, ["value"], () => {
      const value = numberAt(kwargs, "value");
      return value === undefined ? undefined : [{ key: "length", value: { min: value, max: value } }];
    }),
  expect_column_values_to_be_unique: (kwargs) => only(kwargs, [], () => [{ key: "unique", value: true }]),
  expect_column_values_to_be_increasing: order("increasing"),
  expect_column_values_to_be_decreasing: order("decreasing"),
  expect_column_quantile_values_to_be_between: (kwargs) =>
    only(kwargs, ["quantile_ranges", "allow_relative_error"], () => quantilesRule(kwargs)),
  expect_column_mean_to_be_between: aggregate("mean"),
  expect_column_median_to_be_between: aggregate("median"),
  expect_column_stdev_to_be_between: aggregate("stdev"),
  expect_column_sum_to_be_between: aggregate("sum"),
  expect_column_unique_value_count_to_be_between: aggregate("distinct"),
  expect_column_proportion_of_unique_values_to_be_between: aggregate("distinct_ratio"),
};

/** Whether `mostly` lets single rows off: the others judge the whole column. */
export function judgesRows(key: string): boolean {
  return [
    "min",
    "max",
    "greater_than",
    "less_than",
    "values",
    "not_values",
    "pattern",
    "not_pattern",
    "length",
    "unique",
    "order",
  ].includes(key);
}

/** Nothing but `known` may stand in the kwargs: an argument that is not read would be dropped. */
function only(
  kwargs: Plain,
  known: readonly string[],
  read: () => readonly CardRule[] | undefined,
): readonly CardRule[] | undefined {
  const isKnown = (key: string) => key === "column" || known.includes(key);
  const given = Object.entries(kwargs).filter(([, value]) => value !== null);
  if (!given.every(([key, value]) => isKnown(key) && !isParameter(value))) return undefined;
  return read();
}

function isParameter(value: unknown): boolean {
  return isPlain(value) && "$PARAMETER" in value;
}

function boundRules(kwargs: Plain): CardRule[] {
  const ends = [
    { value: kwargs["min_value"], key: kwargs["strict_min"] === true ? "greater_than" : "min" },
    { value: kwargs["max_value"], key: kwargs["strict_max"] === true ? "less_than" : "max" },
  ];
  return ends.flatMap(({ key, value }) => (value === undefined || value === null ? [] : [{ key, value }]));
}

function order(direction: string): Reading {
  return (kwargs) =>
    only(kwargs, ["strictly"], () => [
      { key: "order", value: kwargs["strictly"] === true ? `strictly_${direction}` : direction },
    ]);
}

/** `{quantiles: [0.5], value_ranges: [[20, null]]}`: one range for each share, an open end is null. */
function quantilesRule(kwargs: Plain): CardRule[] | undefined {
  const ranges = plainAt(kwargs, "quantile_ranges");
  const [shares, values] = [listAt(ranges, "quantiles"), listAt(ranges, "value_ranges")];
  const isRelative = kwargs["allow_relative_error"] !== undefined && kwargs["allow_relative_error"] !== null;
  if (shares.length === 0 || shares.length !== values.length || isRelative) return undefined;
  const entries = shares.map((share, index) => {
    const range = values[index];
    const [min, max] = Array.isArray(range) ? range : [];
    const ends = {
      ...(typeof min === "number" ? { min } : {}),
      ...(typeof max === "number" ? { max } : {}),
    };
    return [String(share), ends] as const;
  });
  const isReadable = entries.every(([, ends]) => Object.keys(ends).length > 0);
  return isReadable ? [{ key: "quantiles", value: Object.fromEntries(entries) }] : undefined;
}

function aggregate(key: string): Reading {
  return (kwargs) => only(kwargs, ["min_value", "max_value"], () => rangeRule(key, kwargs));
}

function rangeRule(key: string, kwargs: Plain): CardRule[] | undefined {
  const [min, max] = [numberAt(kwargs, "min_value"), numberAt(kwargs, "max_value")];
  const isPartlyRead = [kwargs["min_value"], kwargs["max_value"]].some(
    (value) => value !== undefined && value !== null && typeof value !== "number",
  );
  if (isPartlyRead || (min === undefined && max === undefined)) return undefined;
  return [{ key, value: { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) } }];
}

/** Missing values are never judged, so a null in the set says nothing. */
function setRule(key: string, kwargs: Plain): CardRule[] | undefined {
  const set = kwargs["value_set"];
  if (!Array.isArray(set)) return undefined;
  const values = set.filter((value) => value !== null);
  const isScalar = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  return values.length > 0 && values.every(isScalar) ? [{ key, value: values }] : undefined;
}

/** `\Z` is Python's; other engines read another letter. */
function regexRule(key: string, kwargs: Plain): CardRule[] | undefined {
  const regex = textAt(kwargs, "regex");
  return regex === undefined || /\\Z|\(\?P[=>]/.test(regex) ? undefined : [{ key, value: regex }];
}

/** Names of several engines for one kind of value; undefined where they are not one kind, or `object`. */
function typeRule(names: readonly unknown[]): CardRule[] | undefined {
  const types = new Set(names.map((name) => (typeof name === "string" ? typeOfName(name) : undefined)));
  const [type] = types;
  return types.size === 1 && type !== undefined ? [{ key: "type", value: type }] : undefined;
}

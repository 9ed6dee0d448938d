import { entryFor, isPlain, type Plain, tidyShare } from "./draft.ts";
import { type Range, type ReadRule, rangeOf } from "./read-contract.ts";

export interface GxExpectation {
  readonly type: string;
  readonly kwargs: Plain;
  /** Whether it takes `mostly`. */
  readonly isRowRule: boolean;
}

/** The expectations that a rule of a card comes to; a text says why there is none. */
export function expectationsOfRule(
  column: string,
  rule: ReadRule,
  columnType: unknown,
): readonly GxExpectation[] | string {
  const { key } = rule;
  const value = columnType === "timestamp" ? instantOf(rule.value) : rule.value;
  const one = (type: string, kwargs: Plain = {}, isRowRule = true): readonly GxExpectation[] => [
    { type, kwargs: { column, ...kwargs }, isRowRule },
  ];
  switch (key) {
    case "required":
      return value === false
        ? "an expectation about a column that is missing cannot be evaluated there"
        : one("expect_column_to_exist", {}, false);
    case "type": {
      const type_list = entryFor(typeLists, String(value));
      return type_list === undefined
        ? `the type ${String(value)} has no name there`
        : one("expect_column_values_to_be_in_type_list", { type_list });
    }
    case "nulls":
      return nullsExpectation(one, Number(value));
    case "min":
      return one(between, { min_value: value });
    case "max":
      return one(between, { max_value: value });
    case "greater_than":
      return one(between, { min_value: value, strict_min: true });
    case "less_than":
      return one(between, { max_value: value, strict_max: true });
    case "values":
      return one("expect_column_values_to_be_in_set", { value_set: value });
    case "not_values":
      return one("expect_column_values_to_not_be_in_set", { value_set: value });
    case "pattern":
      return one("expect_column_values_to_match_regex", { regex: value });
    case "not_pattern":
      return one("expect_column_values_to_not_match_regex", { regex: value });
    case "length":
      return one("expect_column_value_lengths_to_be_between", endsOf(rangeOf(value)));
    case "unique":
      return value === true ? one("expect_column_values_to_be_unique") : [];
    case "order":
      return orderExpectation(one, String(value));
    case "quantiles":
      return quantilesExpectation(one, value);
    default:
      return aggregateExpectation(one, key, value);
  }
}

type One = (type: string, kwargs?: Plain, isRowRule?: boolean) => readonly GxExpectation[];

/** A day is no timestamp there: pandas refuses to compare the two. */
function instantOf(value: unknown): unknown {
  return typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00` : value;
}

const between = "expect_column_values_to_be_between";

/** Names of one type in pandas, in SQL and in Spark; a name that an engine does not know is passed over there. */
const typeLists: Readonly<Record<string, readonly string[]>> = {
  integer: [
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "Int64Dtype",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TINYINT",
    "HUGEINT",
    "IntegerType",
    "LongType",
  ],
  double: [
    "float",
    "float32",
    "float64",
    "Float64Dtype",
    "FLOAT",
    "DOUBLE",
    "REAL",
    "FloatType",
    "DoubleType",
  ],
  decimal: ["DECIMAL", "NUMERIC", "DecimalType"],
  string: ["str", "StringDtype", "VARCHAR", "TEXT", "CHAR", "StringType"],
  boolean: ["bool", "BooleanDtype", "BOOLEAN", "BooleanType"],
  date: ["date", "DATE", "DateType"],
  timestamp: ["datetime64", "datetime64[ns]", "datetime64[us]", "TIMESTAMP", "DATETIME", "TimestampType"],
};

function nullsExpectation(one: One, maxRatio: number): readonly GxExpectation[] {
  if (maxRatio === 1) return [];
  const mostly = maxRatio === 0 ? {} : { mostly: tidyShare(1 - maxRatio) };
  return one("expect_column_values_to_not_be_null", mostly, false);
}

function orderExpectation(one: One, order: string): readonly GxExpectation[] {
  const isStrict = order.startsWith("strictly_");
  const direction = isStrict ? order.slice("strictly_".length) : order;
  return one(`expect_column_values_to_be_${direction}`, isStrict ? { strictly: true } : {});
}

function quantilesExpectation(one: One, value: unknown): readonly GxExpectation[] {
  const shares = Object.entries(isPlain(value) ? value : {}).toSorted(([a], [b]) => Number(a) - Number(b));
  const value_ranges = shares.map(([, range]) => {
    const inner = isPlain(range) && "value" in range ? range["value"] : range;
    const { min = null, max = null } = rangeOf(inner);
    return [min, max];
  });
  const quantile_ranges = { quantiles: shares.map(([at]) => Number(at)), value_ranges };
  return one("expect_column_quantile_values_to_be_between", { quantile_ranges }, false);
}

const aggregates: Readonly<Record<string, string>> = {
  mean: "expect_column_mean_to_be_between",
  median: "expect_column_median_to_be_between",
  stdev: "expect_column_stdev_to_be_between",
  sum: "expect_column_sum_to_be_between",
  distinct: "expect_column_unique_value_count_to_be_between",
  distinct_ratio: "expect_column_proportion_of_unique_values_to_be_between",
};

function aggregateExpectation(one: One, key: string, value: unknown): readonly GxExpectation[] | string {
  const type = entryFor(aggregates, key);
  return type === undefined ? `the rule ${key} has no expectation` : one(type, endsOf(rangeOf(value)), false);
}

function endsOf({ min, max }: Range): Plain {
  return {
    ...(min === undefined ? {} : { min_value: min }),
    ...(max === undefined ? {} : { max_value: max }),
  };
}

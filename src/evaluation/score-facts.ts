import { type scoresDigest, valuesOf } from "./eval-set.ts";
import type { Floats, TableData } from "./read/table-data.ts";

type ScoreColumn = Parameters<typeof scoresDigest>[0][number];

/** All that the model said of the rows. */
export function scoreColumns(data: TableData): ScoreColumn[] {
  const { score, prediction, probabilities, quantiles, intervals, survivals = [] } = data;
  return [
    ...(score === undefined ? [] : [score.values]),
    ...probabilities.map((one) => one.values),
    ...(prediction === undefined ? [] : valuesOf(prediction)),
    ...quantiles.map((one) => one.values),
    ...intervals.flatMap(({ lower, upper }) => [lower, upper]),
    ...survivals.map((one) => one.values),
  ];
}

/** What the scores are, for the result file. */
export function kindOf({ score, probabilities }: TableData): {
  readonly kind: "score" | "prediction";
  readonly dtype: "float32" | "float64";
} {
  const [first] = score === undefined ? probabilities : [score];
  const isNarrow = first?.values instanceof Float32Array;
  return { kind: first === undefined ? "prediction" : "score", dtype: isNarrow ? "float32" : "float64" };
}

/** A column of numbers with its range. */
export function floatsOf(values: Floats["values"]): Floats {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return { values, range: { smallest, largest } };
}

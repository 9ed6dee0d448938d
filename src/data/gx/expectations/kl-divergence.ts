import * as z from "zod";
import type { Judgement } from "../../plan/check.ts";
import type { PlanColumn } from "../../plan/column.ts";
import { column as columnOf, type Expression } from "../../plan/expression.ts";
import type { Measure } from "../../plan/measure.ts";
import { observedResult } from "../aggregate-result.ts";
import { type ExpectationRule, expectationRule, notEvaluable } from "../expectation.ts";
import { boundKwargs, columnName, optionalFlag } from "../kwargs.ts";
import { type Aggregate, aggregate } from "./aggregate.ts";
import { requiredNumber } from "./bounds.ts";
import { isNumeric, unknown } from "./columns.ts";
import { binned, type Holdouts, holdoutProblem, weighBins } from "./kl-bins.ts";
import { type Category, divergence, type Partition, partitionObject, partitionOf } from "./partition.ts";
import { plainValue } from "./values.ts";

/** More categories than this are not compared. */
const maxCategories = 100_000;

const holdout = z.preprocess((written) => written ?? 0, requiredNumber.pipe(z.number().min(0).max(1)));

const klDivergence = expectationRule({
  kwargs: z.strictObject({
    column: columnName,
    partition_object: partitionObject.nullish(),
    threshold: requiredNumber.pipe(z.number().min(0)).nullish(),
    tail_weight_holdout: holdout,
    internal_weight_holdout: holdout,
    bucketize_data: optionalFlag,
    // Great Expectations takes them and does nothing with them.
    min_value: boundKwargs.min_value,
    max_value: boundKwargs.max_value,
  }),
  make: (expectation, table) => {
    const { kwargs } = expectation;
    const { partition_object, bucketize_data = true } = kwargs;
    const threshold = kwargs.threshold ?? undefined;
    const holdouts = { tail: kwargs.tail_weight_holdout, internal: kwargs.internal_weight_holdout };
    if (partition_object === null || partition_object === undefined)
      return aggregate(expectation, table, (column, where) => againstItself(column, where, bucketize_data));
    const partition = partitionOf(partition_object);
    if (typeof partition === "string") return notEvaluable(partition);
    const problem = holdoutProblem(partition, holdouts) ?? bucketProblem(partition, bucketize_data);
    if (problem !== undefined) return notEvaluable(problem);
    const body = aggregate(expectation, table, (column, where) =>
      partition.kind === "categories"
        ? ofCategories(column, where, { partition, holdouts, threshold })
        : ofBins(column, where, { partition, holdouts, threshold }),
    );
    return { ...body, comparison: "<=", limit: threshold ?? null };
  },
});

function bucketProblem(partition: Partition, bucketizes: boolean): string | undefined {
  if (partition.kind === "categories" || bucketizes) return undefined;
  return "a partition of bins needs bucketize_data";
}

/** Without a partition the column is compared with itself. */
function againstItself(column: PlanColumn, where: Expression, bucketizes: boolean): Aggregate {
  const rows: Measure = { kind: "count", where };
  const problem =
    bucketizes && !isNumeric(column)
      ? `column ${JSON.stringify(column.name)} is ${column.type}: it cannot be put into bins`
      : undefined;
  return {
    measures: [rows],
    judge: (answers) => {
      const isEmpty = problem !== undefined || answers.count(rows) === 0;
      return observedResult(isEmpty ? null : 0, !isEmpty);
    },
    problem,
  };
}

interface Asked<Kind extends Partition["kind"]> {
  readonly partition: Extract<Partition, { readonly kind: Kind }>;
  readonly holdouts: Holdouts;
  readonly threshold: number | undefined;
}

interface Weighed {
  readonly observed: readonly number[];
  readonly expected: readonly number[];
  readonly details: Readonly<Record<string, unknown>>;
}

/** Without a threshold every divergence is good, also one that is infinite. */
function judged({ observed, expected, details }: Weighed, threshold: number | undefined): Judgement {
  const found = divergence(observed, expected);
  const success = threshold === undefined || found <= threshold;
  return observedResult(Number.isFinite(found) ? found : null, success, { details });
}

function ofCategories(
  column: PlanColumn,
  where: Expression,
  { partition, holdouts, threshold }: Asked<"categories">,
): Aggregate {
  const measure: Measure = { kind: "frequencies", of: [columnOf(column.name)], where, limit: maxCategories };
  return {
    measures: [measure],
    judge: (answers) => {
      const answer = answers.get(measure);
      if (answer.kind !== "frequencies") return unknown(`${answer.kind} is no list of categories`);
      if (answer.hasMore) return unknown(`there are more than ${maxCategories} distinct values`);
      const seen = new Map(
        answer.frequencies.map(({ values, count }) => {
          const value = plainValue(values[0] ?? null, column);
          return [keyOf(value), { value, count }];
        }),
      );
      return judged(weighCategories(partition, [...seen], holdouts), threshold);
    },
  };
}

/** The expected categories in their order, then those that only occur, which share the holdout. */
function weighCategories(
  partition: Extract<Partition, { readonly kind: "categories" }>,
  found: readonly (readonly [string, { readonly value: unknown; readonly count: number }])[],
  { tail }: Holdouts,
): Weighed {
  const seen = new Map(found);
  const total = found.reduce((sum, [, { count }]) => sum + count, 0);
  const known = new Set(partition.values.map(keyOf));
  const extra = found.filter(([key]) => !known.has(key));
  const scale = extra.length === 0 ? 1 : 1 - tail;
  const values = [...partition.values, ...extra.map(([, { value }]) => value)];
  const share = (count: number) => (total === 0 ? 0 : count / total);
  const observed = values.map((value) => share(seen.get(keyOf(value))?.count ?? 0));
  const expected = [...partition.weights.map((one) => one * scale), ...extra.map(() => tail / extra.length)];
  const details = {
    observed_partition: { values, weights: observed },
    expected_partition: { values, weights: expected },
  };
  return { observed, expected, details };
}

/** Numbers and truths are equal as in Python. */
function keyOf(value: unknown): string {
  const category: Category = typeof value === "string" ? value : Number(value);
  return JSON.stringify(category);
}

function ofBins(
  column: PlanColumn,
  where: Expression,
  { partition, holdouts, threshold }: Asked<"bins">,
): Aggregate {
  const counted = binned(column, where, partition.bins);
  const problem = isNumeric(column)
    ? undefined
    : `column ${JSON.stringify(column.name)} is ${column.type}: it cannot be put into bins`;
  return {
    measures: counted.measures,
    judge: (answers) => {
      const counts = problem === undefined ? counted.read(answers) : [];
      return judged(weighBins(partition, counts, holdouts), threshold);
    },
    problem,
  };
}

export const klDivergenceRules: Readonly<Record<string, ExpectationRule>> = {
  expect_column_kl_divergence_to_be_less_than: klDivergence,
};

import { describe, expect, it } from "vitest";
import { binaryMetrics } from "../../src/metrics/binary/binary.ts";
import { forecastMetrics } from "../../src/metrics/forecasting/forecasting.ts";
import { multiclassMetrics } from "../../src/metrics/multiclass/multiclass.ts";
import { multilabelMetrics } from "../../src/metrics/multilabel/multilabel.ts";
import { quantileMetrics } from "../../src/metrics/quantile/quantile.ts";
import { rankingMetrics } from "../../src/metrics/ranking/ranking.ts";
import { regressionMetrics } from "../../src/metrics/regression/regression.ts";
import { survivalMetrics } from "../../src/metrics/survival/survival.ts";
import { fc } from "../support/fast-check.ts";

/** What a row may have in its columns: 0 and -0 are one number, and yet two patterns of bits. */
interface Row {
  readonly truth: number;
  readonly prediction: number;
  readonly low: number;
  readonly high: number;
  readonly score: number;
  readonly other: number;
  readonly weight: number;
  readonly label: number;
  readonly group: number;
}

const signed = fc.constantFrom(0, -0, 0, -0, -1, 1, 0.25, -3, 5e-324, -5e-324);
const share = fc.constantFrom(0, -0, 0, -0, 0.5, 1, 5e-324);
const tables = fc.array(
  fc.record<Row>({
    ...{ truth: signed, prediction: signed, low: signed, high: signed, score: share, other: share },
    ...{ weight: fc.constantFrom(0, -0, 1, 2), label: fc.nat(1), group: fc.nat(2) },
  }),
  { minLength: 1, maxLength: 40 },
);

type Column = (of: (row: Row) => number) => Float64Array;

/** What every task says of the rows. */
const tasks: Record<string, (column: Column, grouping: Grouping, weights?: Float64Array) => unknown> = {
  "two classes": (column, grouping, weights) =>
    binaryMetrics(
      {
        ...{ labels: Uint8Array.from(column((row) => row.label)), scores: column((row) => row.score) },
        ...{ weights, threshold: 0 },
      },
      [grouping],
    ),
  "two classes, scores of both signs": (column, grouping, weights) =>
    binaryMetrics(
      {
        ...{ labels: Uint8Array.from(column((row) => row.label)), scores: column((row) => row.truth) },
        ...{ weights, threshold: null },
      },
      [grouping],
    ),
  "several classes": (column, grouping, weights) =>
    multiclassMetrics(
      {
        ...{ classes: ["a", "b"], labels: Uint32Array.from(column((row) => row.label)) },
        ...{
          probabilities: [column((row) => row.score), column((row) => row.other)],
          predictions: undefined,
          weights,
        },
      },
      [grouping],
    ),
  labels: (column, grouping, weights) =>
    multilabelMetrics(
      {
        labels: [
          {
            ...{ name: "a", truths: Uint8Array.from(column((row) => row.label)) },
            ...{ scores: column((row) => row.score), predictions: undefined },
          },
          {
            ...{ name: "b", truths: Uint8Array.from(column((row) => row.group % 2)) },
            ...{ scores: column((row) => row.truth), predictions: undefined },
          },
        ],
        ...{ weights, threshold: 0.5 },
      },
      [grouping],
    ),
  regression: (column, grouping, weights) =>
    regressionMetrics(
      { truths: column((row) => row.truth), predictions: column((row) => row.prediction), weights },
      [grouping],
    ),
  quantiles: (column, grouping, weights) =>
    quantileMetrics(
      {
        truths: column((row) => row.truth),
        quantiles: [
          { level: 0.1, values: column((row) => row.low) },
          { level: 0.9, values: column((row) => row.high) },
        ],
        ...{ intervals: [], weights },
      },
      [grouping],
    ),
  ranking: (column) =>
    rankingMetrics({
      ...{ relevances: column((row) => row.label), scores: column((row) => row.truth) },
      ...{ queries: Uint32Array.from(column((row) => row.group)), queryCount: 3, ks: [1, 5] },
    }),
  forecasts: (column, grouping, weights) =>
    forecastMetrics(
      {
        ...{ truths: column((row) => row.truth), predictions: column((row) => row.prediction), weights },
        series: { codes: Uint32Array.from(column((row) => row.group)), count: 3 },
        scales: { mae: column(() => 1), rmse: column(() => 2) },
        ...{ quantiles: [{ level: 0.5, values: column((row) => row.low) }], intervals: [] },
      },
      [grouping],
    ),
  survival: (column, grouping, weights) =>
    survivalMetrics(
      {
        durations: column((row) => row.score),
        events: Uint8Array.from(column((row) => row.label)),
        ...{ risks: column((row) => row.truth), weights, taus: [1] },
        survivals: [{ time: 0.5, values: column((row) => row.other) }],
      },
      [grouping],
    ),
};

interface Grouping {
  readonly codes: Uint32Array;
  readonly count: number;
}

/** Rows that count nothing leave no rows at all where all are such: another rule, with tests of its own. */
const weighed = (rows: readonly Row[]) =>
  rows.map((row, index) => (index === 0 ? { ...row, weight: 1 } : row));

async function measured(measure: (typeof tasks)[string], rows: readonly Row[], isWeighted: boolean) {
  const column: Column = (of) => Float64Array.from(rows, of);
  const grouping = { codes: Uint32Array.from(column((row) => row.group)), count: 3 };
  return await measure(column, grouping, isWeighted ? column((row) => row.weight) : undefined);
}

describe("the order of rows with zeros of both signs changes nothing, bit for bit", () => {
  it.each(Object.entries(tasks))("%s", async (_, measure) => {
    await fc.assert(
      fc.asyncProperty(tables, fc.boolean(), async (some, isWeighted) => {
        const rows = weighed(some);
        expect(await measured(measure, rows.toReversed(), isWeighted)).toEqual(
          await measured(measure, rows, isWeighted),
        );
      }),
    );
  });
});

import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import { functionOf, type Linearised, ratioOf } from "../../metrics/paired/linear.ts";
import { unitDeviance } from "../../metrics/regression/deviance-terms.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { type Found, valuesOf, weightsOf } from "./row-term.ts";

/** scikit-learn's denominator of MAPE is at least this. */
const smallestTruth = Number.EPSILON;

interface Errors {
  truth(row: number): number;
  given(row: number): number;
}

/** Of a table of numbers: errors, and the shares of a spread that a model explains. */
export function regressionTerms(kept: KeptRows, { metrics }: Pick<EvaluationResults, "metrics">): Found {
  const { labels, prediction } = kept.data;
  if (labels.kind !== "numbers" || prediction?.kind !== "numbers") return [];
  const truth = (row: number) => labels.values[row] ?? Number.NaN;
  const given = (row: number) => prediction.values[row] ?? Number.NaN;
  const error = (row: number) => given(row) - truth(row);
  const squared = (row: number) => error(row) ** 2;
  const logError = (row: number) => (Math.log1p(truth(row)) - Math.log1p(given(row))) ** 2;
  const relative = (row: number) => Math.abs(error(row)) / Math.max(Math.abs(truth(row)), smallestTruth);
  const symmetric = (row: number) => {
    const size = Math.abs(truth(row)) / 2 + Math.abs(given(row)) / 2;
    return size === 0 ? 0 : Math.abs(error(row)) / size;
  };
  return [
    ["rmse", { kind: "root", at: squared }],
    ["mse", { kind: "mean", at: squared }],
    ["mae", { kind: "mean", at: (row) => Math.abs(error(row)) }],
    ["bias", { kind: "mean", at: error }],
    ["rmsle", { kind: "root", at: logError }],
    ["msle", { kind: "mean", at: logError }],
    ["mape", { kind: "mean", at: relative }],
    ["smape", { kind: "mean", at: symmetric }],
    ...shareTerms(kept, { truth, given }),
    ...devianceTerms(kept, { truth, given }, Object.keys(metrics)),
  ];
}

function shareTerms(kept: KeptRows, { truth, given }: Errors): Found {
  const error = (row: number) => given(row) - truth(row);
  const linear = (name: string, figure: (rows: Uint32Array) => Linearised): Found[number] => [
    name,
    { kind: "linear", figure },
  ];
  const ratio = (rows: Uint32Array, above: (row: number) => number, below: (row: number) => number) =>
    ratioOf(rows.length, {
      above: (place) => above(rows[place] ?? 0),
      below: (place) => below(rows[place] ?? 0),
      weights: weightsOf(kept, rows),
    });
  const meanOf = (rows: Uint32Array, of: (row: number) => number) => ratio(rows, of, () => 1).value;
  // The means in the two spreads move them in the second order only.
  const explained = (rows: Uint32Array, bias: number) => {
    const mean = meanOf(rows, truth);
    const spread = (row: number) => (truth(row) - mean) ** 2;
    return oneMinus(ratio(rows, (row) => (error(row) - bias) ** 2, spread));
  };
  return [
    linear("wape", (rows) =>
      ratio(
        rows,
        (row) => Math.abs(error(row)),
        (row) => Math.abs(truth(row)),
      ),
    ),
    linear("r2", (rows) => explained(rows, 0)),
    linear("explained_variance", (rows) => explained(rows, meanOf(rows, error))),
    linear("pearson", (rows) =>
      correlation(rows.length, {
        one: valuesOf(rows, truth),
        other: valuesOf(rows, given),
        weights: weightsOf(kept, rows),
      }),
    ),
  ];
}

function oneMinus(figure: Linearised): Linearised {
  return functionOf(figure, { value: 1 - figure.value, slope: -1 });
}

/** Each row moves it by the product of the two standardised values, less half the correlation times the sum of their squares. */
function correlation(
  rows: number,
  {
    one,
    other,
    weights,
  }: { readonly one: Float64Array; readonly other: Float64Array; readonly weights: Float64Array | undefined },
): Linearised {
  const mean = (at: (row: number) => number) => ratioOf(rows, { above: at, weights }).value;
  const standard = (values: Float64Array) => {
    const centre = mean((row) => values[row] ?? Number.NaN);
    const spread = Math.sqrt(mean((row) => ((values[row] ?? Number.NaN) - centre) ** 2));
    return values.map((value) => (value - centre) / spread);
  };
  const [a, b] = [standard(one), standard(other)];
  const product = (row: number) => (a[row] ?? Number.NaN) * (b[row] ?? Number.NaN);
  const value = mean(product);
  const figure = ratioOf(rows, {
    above: (row) => product(row) - (value / 2) * ((a[row] ?? Number.NaN) ** 2 + (b[row] ?? Number.NaN) ** 2),
    weights,
  });
  return { value, influences: figure.influences };
}

function devianceTerms(kept: KeptRows, { truth, given }: Errors, names: readonly string[]): Found {
  const powerOf = (name: string) => {
    if (name === "mean_poisson_deviance") return 1;
    return name === "mean_gamma_deviance"
      ? 2
      : Number(/^(?:mean_tweedie_deviance|d2_tweedie)@(.+)$/.exec(name)?.[1]);
  };
  return names.flatMap((name): Found => {
    const power = powerOf(name);
    if (Number.isNaN(power)) return [];
    const deviance = unitDeviance(power);
    const own = (row: number) => deviance(truth(row), given(row));
    if (!name.startsWith("d2_")) return [[name, { kind: "mean", at: own }]];
    const figure = (rows: Uint32Array) => {
      const weights = weightsOf(kept, rows);
      const at = (of: (row: number) => number) => (place: number) => of(rows[place] ?? 0);
      const mean = ratioOf(rows.length, { above: at(truth), weights }).value;
      const whole = at((row) => deviance(truth(row), mean));
      // The mean is where the deviance of one number is least: it moves it in the second order only.
      return oneMinus(ratioOf(rows.length, { above: at(own), below: whole, weights }));
    };
    return [[name, { kind: "linear", figure }]];
  });
}

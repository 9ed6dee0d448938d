import type { Decile, Density, Histogram, MeasurementDetails } from "../details.ts";
import { plainQuantile } from "../weighted-quantile.ts";
import { lorenzCurve, stepsBy } from "./insurance-gini.ts";
import type { RegressionSample } from "./regression-sample.ts";

const innerBins = 40;
const densityBins = 40;

/** What a person looks at: actual against expected by tenths, residuals, predicted against actual, the Lorenz curve. */
export function regressionDetails(sample: RegressionSample): MeasurementDetails {
  if (sample.truths.length === 0) return {};
  const { truths, predictions } = sample;
  const residuals = truths.map((truth, row) => (predictions[row] ?? Number.NaN) - truth);
  const lorenz = lorenzCurve(sample);
  return {
    deciles: decilesOf(sample),
    // A difference of two huge numbers is beyond a double, and no place on an axis.
    ...(residuals.every(Number.isFinite) ? { residuals: histogramOf(residuals) } : {}),
    predictedActual: densityOf(predictions, truths),
    ...(lorenz === undefined ? {} : { lorenz }),
  };
}

/** Tenths of the weight by prediction, lowest first; rows of one prediction stay together, where the middle of their weight lies. */
function decilesOf(sample: RegressionSample): Decile[] {
  const found = Array.from({ length: 10 }, () => ({ count: 0, weight: 0, prediction: 0, amount: 0 }));
  let below = 0;
  for (const { rows, value, weight, amount } of stepsBy(sample, sample.predictions)) {
    const place = Math.floor((10 * (below + weight / 2)) / sample.weight);
    const decile = found[Math.min(9, place)];
    below += weight;
    if (decile === undefined) continue;
    decile.count += rows.length;
    decile.weight += weight;
    decile.prediction += weight * value;
    decile.amount += amount;
  }
  return found.flatMap(({ count, weight, prediction, amount }, index) =>
    count === 0 || !Number.isFinite(prediction) || !Number.isFinite(amount)
      ? []
      : [
          {
            decile: index + 1,
            count,
            weight,
            meanPrediction: prediction / weight,
            meanTruth: amount / weight,
          },
        ],
  );
}

/** Even bins between the half-percent quantiles, so that one wild value does not flatten the rest; the outermost reach to the ends. */
function histogramOf(values: Float64Array): Histogram {
  const sorted = Float64Array.from(values).sort();
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const [low, high] = [plainQuantile(sorted, 0.005), plainQuantile(sorted, 0.995)];
  const edges = [...new Set([least, ...evenEdges(low, high, innerBins), most])].sort((a, b) => a - b);
  if (edges.length < 2) return { edges: [least, most], counts: [values.length] };
  const counts = edges.slice(1).map(() => 0);
  let bin = 0;
  for (const value of sorted) {
    while (bin < counts.length - 1 && value > (edges[bin + 1] ?? 0)) bin += 1;
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges, counts };
}

function densityOf(x: Float64Array, y: Float64Array): Density {
  const [xEdges, yEdges] = [edgesOf(x), edgesOf(y)];
  const counts = Array.from({ length: xEdges.length - 1 }, () =>
    Array.from({ length: yEdges.length - 1 }, () => 0),
  );
  const [xBin, yBin] = [binner(xEdges), binner(yEdges)];
  for (let row = 0; row < x.length; row += 1) {
    const column = counts[xBin(x[row] ?? 0)];
    const place = yBin(y[row] ?? 0);
    if (column !== undefined) column[place] = (column[place] ?? 0) + 1;
  }
  return { xEdges, yEdges, counts };
}

function edgesOf(values: Float64Array): number[] {
  const least = values.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = values.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  return least === most ? [least, most] : evenEdges(least, most, densityBins);
}

/** Without overflow where the range itself is beyond a double. */
function evenEdges(low: number, high: number, bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, index) => low * (1 - index / bins) + high * (index / bins));
}

function binner(edges: readonly number[]): (value: number) => number {
  const [low, high, last] = [edges[0] ?? 0, edges.at(-1) ?? 0, edges.length - 2];
  const width = high / edges.length - low / edges.length;
  if (!(width > 0)) return () => 0;
  return (value) => {
    const share = (value / edges.length - low / edges.length) / width;
    return Math.max(0, Math.min(last, Math.floor(share * (edges.length - 1))));
  };
}

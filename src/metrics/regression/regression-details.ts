import type { Density, Histogram, MeasurementDetails } from "../details.ts";
import type { FirstFigures, Range } from "./first-sums.ts";
import { blocksOf, type RegressionRows } from "./regression-sample.ts";

const innerBins = 40;
const densityBins = 40;

/** Shares of the rows whose residuals the inner bins lie between: one wild value does not flatten the rest. */
export const residualShares = [0.005, 0.995] as const;

/**
 * Counts residuals, and predictions against truths, of rows that come some at a time. `inner`: the quantiles of `residualShares`; undefined
 * where a residual is beyond a double.
 */
export class ResidualCounts {
  readonly #residuals: { readonly edges: readonly number[]; readonly counts: Float64Array } | undefined;
  readonly #density: Density & { readonly counts: readonly number[][] };
  readonly #bins: readonly [Binner, Binner];

  constructor({ error, prediction, truth }: FirstFigures, inner: readonly [number, number] | undefined) {
    this.#residuals = inner === undefined ? undefined : residualBins(error, inner);
    const [xEdges, yEdges] = [edgesOf(prediction), edgesOf(truth)];
    const counts = Array.from({ length: xEdges.length - 1 }, () =>
      Array.from({ length: yEdges.length - 1 }, () => 0),
    );
    this.#density = { xEdges, yEdges, counts };
    this.#bins = [binner(xEdges), binner(yEdges)];
  }

  take(rows: RegressionRows): void {
    for (const block of blocksOf(rows)) {
      this.#countResiduals(block);
      this.#countPairs(block);
    }
  }

  /** When all rows were taken. */
  get details(): Pick<MeasurementDetails, "residuals" | "predictedActual"> {
    const residuals = this.#residuals;
    return {
      ...(residuals === undefined ? {} : { residuals: histogramOf(residuals) }),
      predictedActual: this.#density,
    };
  }

  #countResiduals({ truths, predictions }: RegressionRows): void {
    if (this.#residuals === undefined) return;
    const { edges, counts } = this.#residuals;
    const last = counts.length - 1;
    for (let row = 0; row < truths.length; row += 1) {
      const value = (predictions[row] ?? Number.NaN) - (truths[row] ?? Number.NaN);
      let [low, high] = [0, last];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (value > (edges[middle + 1] ?? 0)) low = middle + 1;
        else high = middle;
      }
      counts[low] = (counts[low] ?? 0) + 1;
    }
  }

  #countPairs({ truths, predictions }: RegressionRows): void {
    const [xBin, yBin] = this.#bins;
    for (let row = 0; row < truths.length; row += 1) {
      const column = this.#density.counts[xBin(predictions[row] ?? 0)];
      const place = yBin(truths[row] ?? 0);
      if (column !== undefined) column[place] = (column[place] ?? 0) + 1;
    }
  }
}

/** Even bins between the inner ends; the outermost reach to the ends. */
function residualBins({ smallest, largest }: Range, [low, high]: readonly [number, number]) {
  const all = [...new Set([smallest, ...evenEdges(low, high, innerBins), largest])].sort((a, b) => a - b);
  const edges = all.length < 2 ? [smallest, largest] : all;
  return { edges, counts: new Float64Array(edges.length - 1) };
}

function histogramOf({
  edges,
  counts,
}: {
  readonly edges: readonly number[];
  readonly counts: Float64Array;
}): Histogram {
  return { edges, counts: [...counts] };
}

function edgesOf({ smallest, largest }: Range): number[] {
  return smallest === largest ? [smallest, largest] : evenEdges(smallest, largest, densityBins);
}

/** Without overflow where the range itself is beyond a double. */
function evenEdges(low: number, high: number, bins: number): number[] {
  return Array.from({ length: bins + 1 }, (_, index) => low * (1 - index / bins) + high * (index / bins));
}

type Binner = (value: number) => number;

function binner(edges: readonly number[]): Binner {
  const [low, high, last] = [edges[0] ?? 0, edges.at(-1) ?? 0, edges.length - 2];
  const width = high / edges.length - low / edges.length;
  if (!(width > 0)) return () => 0;
  return (value) => {
    const share = (value / edges.length - low / edges.length) / width;
    return Math.max(0, Math.min(last, Math.floor(share * (edges.length - 1))));
  };
}

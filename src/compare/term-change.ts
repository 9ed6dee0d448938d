import { pairedAreas } from "../metrics/paired/areas.ts";
import { functionOf, type Linearised, pairedLinear, ratioOf } from "../metrics/paired/linear.ts";
import { pairedMeans, pairedRoots } from "../metrics/paired/means.ts";
import type { PairedChange } from "../metrics/paired/paired-change.ts";
import { areaInfluences } from "../metrics/paired/rank-influences.ts";
import { pairedShares } from "../metrics/paired/shares.ts";
import { codesOf, type PlainTerm, type RowTerm, valuesOf } from "./terms/row-term.ts";

/** Rows of one side in the order of their ids. */
export interface TermRows {
  readonly rows: Uint32Array;
  readonly weights: Float64Array | undefined;
  /** 1 or 0; 0 where the task has no two classes. */
  label(row: number): number;
  /** What rows that depend on each other belong to, 0 to `clusterCount` - 1; undefined: each row is by itself. */
  readonly clusters: { readonly codes: Uint32Array; readonly count: number } | undefined;
}

export interface TermSide {
  readonly term: RowTerm;
  readonly of: TermRows;
}

/** Fewer series that do not depend on each other say too little of how they vary. */
const fewestClusters = 10;

/** The change of a metric between the same rows of two sides. Undefined for one that is resampled, and where nothing can be said. */
export function termChange(first: TermSide, other: TermSide): PairedChange | undefined {
  const [one, two] = [first.term, other.term];
  if (one.kind === "units" && two.kind === "units") {
    const [before, after] = [one.values(first.of.rows), two.values(other.of.rows)];
    return before.length === after.length ? pairedMeans(before, after) : undefined;
  }
  const { clusters } = first.of;
  const isPlain = clusters === undefined && first.of.weights === undefined;
  if (isPlain && one.kind === two.kind && isPlainTerm(one) && isPlainTerm(two))
    return plainChange({ term: one, of: first.of }, { term: two, of: other.of });
  const [before, after] = [linearOf(first), linearOf(other)];
  if (before === undefined || after === undefined) return undefined;
  if (clusters === undefined) return pairedLinear(before, after);
  if (clusters.count < fewestClusters) return undefined;
  return pairedLinear(byCluster(before, clusters), byCluster(after, clusters));
}

function isPlainTerm(term: RowTerm): term is PlainTerm {
  return term.kind !== "linear" && term.kind !== "units" && term.kind !== "resampled";
}

/** Of rows that all count once and do not depend on each other. */
function plainChange(
  first: { readonly term: PlainTerm; readonly of: TermRows },
  other: { readonly term: PlainTerm; readonly of: TermRows },
): PairedChange | undefined {
  const { term } = first;
  const [before, after] = [valuesOf(first.of.rows, first.term.at), valuesOf(other.of.rows, other.term.at)];
  const labels = codesOf(first.of.rows, (row) => first.of.label(row) === 1);
  switch (term.kind) {
    case "area":
      return scaled(pairedAreas(labels, before, after), term.scale);
    case "mean":
      return pairedMeans(before, after);
    case "root":
      return pairedRoots(before, after);
    case "share":
      return scaled(sharesOf(before, after, { labels, only: term.only }), term.scale);
  }
}

function scaled(change: PairedChange | undefined, scale = 1): PairedChange | undefined {
  if (change === undefined) return undefined;
  const ends = [change.low * scale, change.high * scale];
  return {
    change: change.change * scale,
    se: change.se === null ? null : change.se * Math.abs(scale),
    low: Math.min(...ends),
    high: Math.max(...ends),
    method: change.method,
  };
}

function sharesOf(
  first: Float64Array,
  other: Float64Array,
  { labels, only }: { readonly labels: Uint8Array; readonly only: 0 | 1 | undefined },
): PairedChange | undefined {
  const counts = { both: 0, onlyFirst: 0, onlyOther: 0, neither: 0 };
  for (let row = 0; row < first.length; row += 1) {
    if (only !== undefined && labels[row] !== only) continue;
    if (first[row] === 1) counts[other[row] === 1 ? "both" : "onlyFirst"] += 1;
    else counts[other[row] === 1 ? "onlyOther" : "neither"] += 1;
  }
  return pairedShares(counts);
}

/** Any term by the influences of its rows, as weights and clusters want it. */
function linearOf({ term, of }: TermSide): Linearised | undefined {
  const { rows, weights } = of;
  switch (term.kind) {
    case "linear":
      return term.figure(rows);
    case "units":
    case "resampled":
      return undefined;
    case "area": {
      const labels = codesOf(rows, (row) => of.label(row) === 1);
      const area = areaInfluences({ labels, scores: valuesOf(rows, term.at), weights });
      return area && scaledFigure(area, term.scale);
    }
    default: {
      const { only } = term;
      const counts = (place: number) => (only === undefined || of.label(rows[place] ?? 0) === only ? 1 : 0);
      const mean = ratioOf(rows.length, {
        above: (place) => counts(place) * term.at(rows[place] ?? 0),
        below: counts,
        weights,
      });
      if (term.kind !== "root") return scaledFigure(mean, term.scale);
      const root = Math.sqrt(mean.value);
      return functionOf(mean, { value: root, slope: 1 / (2 * root) });
    }
  }
}

/** Only changes matter: what is added to the metric on both sides is left out. */
function scaledFigure({ value, influences }: Linearised, scale = 1): Linearised {
  return { value: value * scale, influences: influences.map((one) => one * scale) };
}

/** The clusters are the units: what their rows move the figure by, together. */
function byCluster(
  { value, influences }: Linearised,
  { codes, count }: NonNullable<TermRows["clusters"]>,
): Linearised {
  const sums = new Float64Array(count);
  for (const [row, one] of influences.entries()) {
    const code = codes[row] ?? 0;
    sums[code] = (sums[code] ?? 0) + (one * count) / influences.length;
  }
  return { value, influences: sums };
}

import { normal975 } from "../intervals/proportion.ts";
import { descendingOrder } from "../score-order.ts";
import { RunningSum, runLength } from "../sums/running-sum.ts";
import type { PairedChange } from "./paired-change.ts";

/** Two areas under ROC curves on the same rows: variances and covariance after DeLong, DeLong & Clarke-Pearson (1988). */
export interface PairedAreas extends PairedChange {
  readonly variances: readonly [first: number, other: number];
  readonly covariance: number;
}

/**
 * The change of `roc_auc`, by placement values from one sort a model (Sun & Xu 2014). Labels are 0 or 1, scores finite. Undefined with
 * fewer than two rows of a class, and where the variance is 0 though the areas differ.
 */
export function pairedAreas(
  labels: Uint8Array,
  first: Float64Array,
  other: Float64Array,
): PairedAreas | undefined {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives < 2 || negatives < 2) return undefined;
  const [a, b] = [placementsOf(labels, first, positives), placementsOf(labels, other, positives)];
  const ofPositives = spreadsOf(a, b, { labels, label: 1, rows: positives });
  const ofNegatives = spreadsOf(a, b, { labels, label: 0, rows: negatives });
  const part = (of: "first" | "other" | "both") =>
    ofPositives[of] / (2 * negatives) ** 2 / positives + ofNegatives[of] / (2 * positives) ** 2 / negatives;
  const [variance, otherVariance, covariance] = [part("first"), part("other"), part("both")];
  const change = (ofPositives.otherMean - ofPositives.firstMean) / (2 * negatives);
  const squared = variance + otherVariance - 2 * covariance;
  const se = change === 0 && isSame(a, b) ? 0 : Math.sqrt(Math.max(0, squared));
  if (se === 0 && change !== 0) return undefined;
  return {
    change,
    se,
    low: Math.max(-1, change - normal975 * se),
    high: Math.min(1, change + normal975 * se),
    method: "delong",
    variances: [variance, otherVariance],
    covariance,
  };
}

/**
 * Of a positive twice the negatives below it, ties once each; of a negative twice the positives above it, ties once each: whole
 * numbers, so that the sums below are those of counts.
 */
function placementsOf(labels: Uint8Array, scores: Float64Array, positives: number): Float64Array {
  const order = descendingOrder(scores);
  const placements = new Float64Array(labels.length);
  const negatives = labels.length - positives;
  let [above, falsely] = [0, 0];
  for (let start = 0, end = 0; start < order.length; start = end) {
    const score = scores[order[start] ?? 0];
    let up = 0;
    for (end = start; end < order.length && scores[order[end] ?? 0] === score; end += 1)
      up += labels[order[end] ?? 0] ?? 0;
    const down = end - start - up;
    const below = negatives - falsely - down;
    for (let place = start; place < end; place += 1) {
      const row = order[place] ?? 0;
      placements[row] = labels[row] === 1 ? 2 * below + down : 2 * above + up;
    }
    above += up;
    falsely += down;
  }
  return placements;
}

interface Spreads {
  readonly firstMean: number;
  readonly otherMean: number;
  /** Variances and covariance, ddof 1. */
  readonly first: number;
  readonly other: number;
  readonly both: number;
}

/** Of the rows of one class, in runs: their plain sums go into sums that lose no digits. */
function spreadsOf(
  a: Float64Array,
  b: Float64Array,
  { labels, label, rows }: { readonly labels: Uint8Array; readonly label: number; readonly rows: number },
): Spreads {
  const sums = (terms: readonly ((row: number) => number)[]) => {
    const totals = terms.map(() => new RunningSum());
    for (let start = 0; start < labels.length; start += runLength) {
      const end = Math.min(labels.length, start + runLength);
      for (const [place, term] of terms.entries()) {
        let run = 0;
        for (let row = start; row < end; row += 1) if (labels[row] === label) run += term(row);
        totals[place]?.add(run);
      }
    }
    return totals.map((total) => total.value);
  };
  const [firstSum = 0, otherSum = 0] = sums([(row) => a[row] ?? 0, (row) => b[row] ?? 0]);
  const [firstMean, otherMean] = [firstSum / rows, otherSum / rows];
  const off = (row: number) => (a[row] ?? 0) - firstMean;
  const otherOff = (row: number) => (b[row] ?? 0) - otherMean;
  const [first = 0, other = 0, both = 0] = sums([
    (row) => off(row) ** 2,
    (row) => otherOff(row) ** 2,
    (row) => off(row) * otherOff(row),
  ]);
  const scale = 1 / (rows - 1);
  return { firstMean, otherMean, first: first * scale, other: other * scale, both: both * scale };
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a.every((placement, row) => placement === b[row]);
}

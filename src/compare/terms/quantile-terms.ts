import type { KeptRows } from "../../evaluation/kept/read-kept.ts";
import type { Found } from "./row-term.ts";

/** Of predicted quantiles and intervals. */
export function quantileTerms(kept: KeptRows): Found {
  const { labels, quantiles, intervals } = kept.data;
  if (labels.kind !== "numbers") return [];
  const truth = (row: number) => labels.values[row] ?? Number.NaN;
  const found: Found = [];
  for (const { level, values } of quantiles) {
    const at = (row: number) => values[row] ?? Number.NaN;
    const loss = (row: number) =>
      Math.max(level * (truth(row) - at(row)), (1 - level) * (at(row) - truth(row)));
    found.push(
      [`pinball@${level}`, { kind: "mean", at: loss }],
      [`coverage@${level}`, { kind: "share", at: (row) => (truth(row) <= at(row) ? 1 : 0) }],
    );
  }
  for (const { level, lower, upper } of intervals) {
    const low = (row: number) => lower[row] ?? Number.NaN;
    const high = (row: number) => upper[row] ?? Number.NaN;
    const width = (row: number) => high(row) - low(row);
    const outside = (row: number) => Math.max(low(row) - truth(row), truth(row) - high(row), 0);
    const score = (row: number) => width(row) + (2 / (1 - level)) * outside(row);
    found.push(
      [`interval_coverage@${level}`, { kind: "share", at: (row) => (outside(row) === 0 ? 1 : 0) }],
      [`interval_width@${level}`, { kind: "mean", at: width }],
      [`winkler@${level}`, { kind: "mean", at: score }],
    );
  }
  return found;
}

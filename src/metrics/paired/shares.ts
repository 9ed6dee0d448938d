import { wilson } from "../intervals/proportion.ts";
import type { PairedChange } from "./paired-change.ts";

/** Rows by what two models made of them. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlyOther: number;
  readonly neither: number;
}

/**
 * Of a metric that is a share of rows (accuracy, recall): Newcombe's interval of the difference of paired proportions (Statistics in
 * Medicine 17 (1998) 2635, method 10: Wilson's intervals put together by their correlation, with his continuity correction).
 * Undefined without rows.
 */
export function pairedShares({
  both,
  onlyFirst,
  onlyOther,
  neither,
}: PairedCounts): PairedChange | undefined {
  const rows = both + onlyFirst + onlyOther + neither;
  if (rows === 0) return undefined;
  const [first, other] = [both + onlyFirst, both + onlyOther];
  const [before, after] = [wilson(first, rows), wilson(other, rows)];
  const correlation = correlationOf({ both, onlyFirst, onlyOther, neither }, rows);
  const change = (onlyOther - onlyFirst) / rows;
  const reach = (up: number, down: number) =>
    Math.sqrt(Math.max(0, up ** 2 - 2 * correlation * up * down + down ** 2));
  const [p, q] = [other / rows, first / rows];
  return {
    change,
    se: null,
    low: Math.max(-1, change - reach(p - after.low, before.high - q)),
    high: Math.min(1, change + reach(after.high - p, q - before.low)),
    method: "newcombe",
  };
}

/** Phi of the four counts; a positive one is drawn towards 0 by half a row. 0 where a margin is empty. */
function correlationOf({ both, onlyFirst, onlyOther, neither }: PairedCounts, rows: number): number {
  const margins =
    Math.sqrt(both + onlyFirst) *
    Math.sqrt(onlyOther + neither) *
    Math.sqrt(both + onlyOther) *
    Math.sqrt(onlyFirst + neither);
  if (margins === 0) return 0;
  const product = both * neither - onlyFirst * onlyOther;
  return (product > 0 ? Math.max(0, product - rows / 2) : product) / margins;
}

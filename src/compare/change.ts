import type { MetricInterval } from "../metrics/metric-set.ts";
import type { PairedChange } from "../metrics/paired/paired-change.ts";

/** `unclear`: the interval holds no change too; `changed`: the metric has no direction that is known. */
type ChangeWord = "better" | "worse" | "unclear" | "same" | "changed";

export interface Change {
  /** The other side minus the first. */
  readonly change: number;
  /** 95 %; null where none can be had. */
  readonly low: number | null;
  readonly high: number | null;
  /** True: of the differences row by row. False: as if the two sides were of different rows. */
  readonly paired: boolean;
  /** What the interval was made by, where it is paired: `delong`, `paired-t`, `newcombe`, `delta`, `bootstrap`. */
  readonly method: string | null;
  readonly word: ChangeWord;
}

/** A metric of one side. */
export interface Cell {
  readonly value: number | null;
  readonly interval: MetricInterval | undefined;
}

/** The normal quantile of 0.975. */
const z = 1.959963984540054;

/** Beyond this the paired change is not the one of the two values: then it says nothing of them. */
const rounding = 1e-9;

/** Null where one of the two has no value. */
export function changeOf(
  first: Cell,
  other: Cell,
  known: { readonly higherIsBetter: boolean | null; readonly paired: PairedChange | undefined },
): Change | null {
  if (first.value === null || other.value === null) return null;
  const change = other.value - first.value;
  const { higherIsBetter, paired } = known;
  const isPaired =
    paired !== undefined &&
    Math.abs(paired.change - change) <= rounding * Math.max(1, Math.abs(first.value), Math.abs(other.value));
  const range = isPaired ? paired : rangeOf(first, other);
  return {
    change,
    low: range?.low ?? null,
    high: range?.high ?? null,
    paired: isPaired,
    method: isPaired ? paired.method : null,
    word: wordOf(change, { range, higherIsBetter }),
  };
}

interface Range {
  readonly low: number;
  readonly high: number;
}

/**
 * Of the difference of two independent figures: from their standard errors, or for shares from their own intervals (Newcombe 1998,
 * method 10).
 */
function rangeOf(first: Cell, other: Cell): Range | null {
  const [a, b] = [first.interval, other.interval];
  if (a === undefined || b === undefined || first.value === null || other.value === null) return null;
  const change = other.value - first.value;
  if (a.se !== null && b.se !== null) {
    const spread = z * Math.hypot(a.se, b.se);
    return { low: change - spread, high: change + spread };
  }
  return {
    low: change - Math.hypot(other.value - b.low, a.high - first.value),
    high: change + Math.hypot(b.high - other.value, first.value - a.low),
  };
}

function wordOf(
  change: number,
  { range, higherIsBetter }: { readonly range: Range | null; readonly higherIsBetter: boolean | null },
): ChangeWord {
  if (change === 0) return "same";
  if (higherIsBetter === null) return "changed";
  if (range !== null && range.low <= 0 && range.high >= 0) return "unclear";
  return change > 0 === higherIsBetter ? "better" : "worse";
}

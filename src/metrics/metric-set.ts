/** A metric's value, or the reason why it has none. An undefined metric is never a number. */
export type MetricOutcome = number | { readonly undefined: string };

/** Values by name; null where undefined, and then the reason stands in `undefined`. */
export interface MetricSet {
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly undefined: Readonly<Record<string, string>>;
}

/** How sure a figure is, for a fixed model on rows drawn at random. */
export interface MetricInterval {
  /** Standard error; null where the interval is not made of one. */
  readonly se: number | null;
  readonly low: number;
  readonly high: number;
  /** 0.95. */
  readonly level: number;
  /** `delong`, `wilson`, `mean`, `delta`. */
  readonly method: string;
}

/** What is known of all rows, or of the rows of one subgroup. */
export interface GroupMetrics extends MetricSet {
  readonly count: number;
  /** Sum of the weights; absent without weights. */
  readonly weight?: number;
  /** By metric, where one can be had in closed form. */
  readonly intervals?: Readonly<Record<string, MetricInterval>>;
  /** Null where the task has no classes. */
  readonly positives: number | null;
  readonly negatives: number | null;
}

/** Which subgroup each row belongs to, for one subgroup column. */
export interface Grouping {
  /** A byte a row where that is enough. */
  readonly codes: Uint8Array | Uint32Array;
  readonly count: number;
}

/** A number that is not finite is no value either: it overflowed the range of doubles. */
export function metricSet(outcomes: Readonly<Record<string, MetricOutcome>>): MetricSet {
  const values: [string, number | null][] = [];
  const reasons: [string, string][] = [];
  for (const [name, outcome] of Object.entries(outcomes)) {
    if (typeof outcome === "number" && Number.isFinite(outcome)) values.push([name, outcome]);
    else {
      values.push([name, null]);
      reasons.push([
        name,
        typeof outcome === "number" ? "overflow: beyond what a double holds" : outcome.undefined,
      ]);
    }
  }
  return { metrics: Object.fromEntries(values), undefined: Object.fromEntries(reasons) };
}

/** `numerator / denominator`, or undefined with `reason` where the denominator is 0. */
export function ratio(numerator: number, denominator: number, reason: string): MetricOutcome {
  return denominator === 0 ? { undefined: reason } : numerator / denominator;
}

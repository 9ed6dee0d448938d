/** One measured point. `value` may be NaN; infinities are stored as the largest finite number, as MLflow does. */
export interface MetricPoint {
  readonly timestamp: number;
  readonly step: number;
  readonly value: number;
}

/** A point as it stands in a journal: JSON has no NaN. */
export interface StoredMetric {
  readonly key: string;
  readonly timestamp: number;
  readonly step: number;
  readonly value: number | "NaN";
  readonly modelId?: string;
  readonly datasetName?: string;
  readonly datasetDigest?: string;
}

export interface MetricSeries<Point extends MetricPoint = MetricPoint> {
  /** In the order of arrival, without equal points. */
  readonly points: Point[];
  /** The last one by step, then timestamp, then value (NaN counts as 0): what MLflow shows as "the" value. */
  latest: Point;
  readonly identities: Set<string>;
}

/** What makes two points the same one. */
export function metricIdentity(point: MetricPoint): string {
  return `${point.timestamp} ${point.step} ${Object.is(point.value, -0) ? 0 : point.value}`;
}

/** Adds a point unless an equal one is there. */
export function addPoint<Point extends MetricPoint>(
  series: Map<string, MetricSeries<Point>>,
  key: string,
  entry: { readonly point: Point; readonly identity: string },
): void {
  const { point, identity } = entry;
  const known = series.get(key);
  if (known === undefined) {
    series.set(key, { points: [point], latest: point, identities: new Set([identity]) });
    return;
  }
  if (known.identities.has(identity)) return;
  known.identities.add(identity);
  known.points.push(point);
  if (compareLatest(point, known.latest) > 0) known.latest = point;
}

function compareLatest(left: MetricPoint, right: MetricPoint): number {
  return (
    left.step - right.step || left.timestamp - right.timestamp || orderValue(left) - orderValue(right) || 0
  );
}

function orderValue(point: MetricPoint): number {
  return Number.isNaN(point.value) ? 0 : point.value;
}

/** The order of a metric's history: timestamp, step, value. */
export function compareHistory(left: MetricPoint, right: MetricPoint): number {
  return (
    left.timestamp - right.timestamp || left.step - right.step || orderValue(left) - orderValue(right) || 0
  );
}

export function readStoredValue(value: number | "NaN"): number {
  return value === "NaN" ? Number.NaN : value;
}

export function toStoredValue(value: number): number | "NaN" {
  if (Number.isNaN(value)) return "NaN";
  return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, value));
}

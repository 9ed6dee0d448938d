import { type Chart, type ChartSide, framed, quantitative, share, sideColor, strokeLegend } from "./chart.ts";

interface Point {
  readonly side: string;
  /** `ndcg` of `ndcg@5`. */
  readonly metric: string;
  readonly k: number;
  readonly value: number;
}

/** Of a ranking: each metric by the number of first rows that count; of several results NDCG alone. Undefined for fewer than two k. */
export function atKChart(sides: readonly ChartSide[]): Chart | undefined {
  const points = sides.flatMap(pointsOf);
  const values = sides.length > 1 ? points.filter((point) => point.metric === "ndcg") : points;
  const ks = [...new Set(values.map((point) => point.k))].sort((a, b) => a - b);
  if (ks.length < 2) return undefined;
  const metrics = [...new Set(values.map((point) => point.metric))];
  const color =
    sides.length > 1
      ? sideColor(sides)
      : { field: "metric", type: "nominal", title: null, scale: { domain: metrics }, legend: strokeLegend };
  const place = {
    x: { field: "k", type: "ordinal", title: "first rows of a query", sort: ks, axis: { labelAngle: 0 } },
    y: quantitative("value", sides.length > 1 ? "ndcg" : "mean over the queries", share),
    color,
  };
  return framed(
    {
      name: "at-k",
      title: sides.length > 1 ? "NDCG by k" : "Metrics by k",
      note: "How good the first rows of each query are, by how many of them count.",
    },
    { width: 360, height: 260 },
    {
      data: { values },
      layer: [
        { mark: { type: "line" }, encoding: place },
        { mark: { type: "point", filled: true, size: 30, opacity: 1 }, encoding: place },
      ],
    },
  );
}

function pointsOf({ label, results }: ChartSide): Point[] {
  if (results.task !== "ranking") return [];
  return Object.entries(results.metrics).flatMap(([name, value]) => {
    const [, metric = "", k] = /^(\w+)@(\d+)$/.exec(name) ?? [];
    return k === undefined || value === null ? [] : [{ side: label, metric, k: Number(k), value }];
  });
}

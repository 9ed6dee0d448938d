import {
  type Chart,
  type ChartSide,
  colors,
  framed,
  quantitative,
  referenceLine,
  share,
  sideColor,
} from "./chart.ts";

const square = { width: 320, height: 320 };
const diagonal = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

/** Observed rates by score, with intervals, and the isotonic curve. */
export function calibrationChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.calibration?.bins ?? []).map((bin) => ({ side: label, ...bin })),
  );
  if (values.length === 0) return undefined;
  const isotonic = sides.flatMap(({ label, results }) => {
    const curve = results.calibration?.isotonic;
    return (curve?.x ?? []).map((x, place) => ({ side: label, x, y: curve?.y[place] ?? null, place }));
  });
  const color = sideColor(sides);
  const x = quantitative("meanScore", "mean score", share);
  const recipe = sides[0]?.results.calibration?.recipe ?? "";
  return {
    name: "calibration",
    title: "Calibration",
    note: `Points: observed rate of each bin of scores (${recipe}) with its 95 % interval; stepped line: isotonic fit; dashed: perfect.`,
    spec: framed(
      {
        layer: [
          referenceLine(diagonal),
          ...(isotonic.length === 0
            ? []
            : [
                {
                  data: { values: isotonic },
                  mark: { type: "line", strokeWidth: 1, opacity: 0.6, interpolate: "step-after" },
                  encoding: {
                    x: { field: "x", type: "quantitative" },
                    y: { field: "y", type: "quantitative" },
                    order: { field: "place", type: "quantitative" },
                    color,
                  },
                },
              ]),
          {
            data: { values: values.filter((bin) => bin.low !== null) },
            mark: { type: "rule", strokeWidth: 1.5 },
            encoding: {
              x,
              y: { field: "low", type: "quantitative" },
              y2: { field: "high" },
              color,
            },
          },
          {
            data: { values },
            mark: { type: "point", filled: true, size: 50, opacity: 1 },
            encoding: { x, y: quantitative("observedRate", "observed rate", share), color },
          },
        ],
      },
      square,
    ),
  };
}

/** How the scores of the two classes are spread; of one result only. */
export function scoreHistogramChart({ results }: ChartSide): Chart | undefined {
  const histogram = results.scoreHistogram;
  if (histogram === null || histogram === undefined) return undefined;
  const values = (["negatives", "positives"] as const).flatMap((kind) =>
    histogram[kind].map((count, place) => ({
      class: kind === "positives" ? "positive" : "negative",
      from: histogram.edges[place] ?? null,
      to: histogram.edges[place + 1] ?? null,
      count,
      // Bars of two classes beside each other would need a scale of names; drawn over each other they keep the axis.
      zero: 0,
    })),
  );
  return {
    name: "scores",
    title: "Scores by class",
    note: "Rows by score; where the two colours lie over each other the model does not tell the classes apart.",
    spec: framed(
      {
        data: { values },
        mark: { type: "bar", opacity: 0.55, binSpacing: 0 },
        encoding: {
          x: { field: "from", type: "quantitative", title: "score", bin: { binned: true } },
          x2: { field: "to" },
          y: { field: "count", type: "quantitative", title: "rows", stack: null },
          color: {
            field: "class",
            type: "nominal",
            title: null,
            scale: { domain: ["negative", "positive"], range: [colors.main, colors.second] },
          },
        },
      },
      { width: 420, height: 220 },
    ),
  };
}

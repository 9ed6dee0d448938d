import {
  amountWord,
  type Chart,
  type ChartSide,
  colors,
  diagonal,
  framed,
  quantitative,
  referenceLine,
  share,
  sideColor,
  square,
} from "./chart.ts";

/** Observed rates by score, with intervals, and the isotonic curve. */
export function calibrationChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.calibration?.bins ?? []).map((bin) => ({ side: label, ...bin })),
  );
  if (values.length === 0) return undefined;
  const recipe = sides.find(({ results }) => results.calibration)?.results.calibration?.recipe ?? "";
  const color = sideColor(sides);
  const x = quantitative("meanScore", "mean score", share);
  const bounded = values.filter((bin) => bin.low !== null);
  const intervals = bounded.length === 0 ? "" : " with its 95 % interval";
  const isotonic = isotonicLayer(sides);
  return framed(
    {
      name: "calibration",
      title: "Calibration",
      note: `Points: observed rate of each bin of scores (${recipe})${intervals};${isotonic.length === 0 ? "" : " thin line: isotonic fit;"} dashed: perfect.`,
    },
    square,
    {
      layer: [
        ...referenceLine(diagonal),
        ...isotonic,
        {
          data: { values: bounded },
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x, y: { field: "low", type: "quantitative" }, y2: { field: "high" }, color },
        },
        {
          data: { values },
          mark: { type: "point", filled: true, size: 50, opacity: 1 },
          encoding: { x, y: quantitative("observedRate", "observed rate", share), color },
        },
      ],
    },
  );
}

function isotonicLayer(sides: readonly ChartSide[]) {
  const values = sides.flatMap(({ label, results }) => {
    const curve = results.calibration?.isotonic;
    return (curve?.x ?? []).map((x, place) => ({ side: label, x, y: curve?.y[place] ?? null, place }));
  });
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: "line", strokeWidth: 1, strokeOpacity: 0.6 },
      encoding: {
        x: { field: "x", type: "quantitative" },
        y: { field: "y", type: "quantitative" },
        order: { field: "place", type: "quantitative" },
        color: sideColor(sides),
      },
    },
  ];
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
    })),
  );
  const word = amountWord(results);
  return framed(
    {
      name: "scores",
      title: "Scores by class",
      note: `${word === "rows" ? "Rows" : "Weight"} by score; where the two colours lie over each other the model does not tell the classes apart.`,
    },
    { width: 420, height: 220 },
    {
      data: { values },
      mark: { type: "bar", opacity: 0.55, binSpacing: 0 },
      encoding: {
        x: {
          field: "from",
          type: "quantitative",
          title: "score",
          bin: { binned: true },
          axis: { tickCount: 10 },
        },
        x2: { field: "to" },
        y: { field: "count", type: "quantitative", title: word, stack: null },
        color: {
          field: "class",
          type: "nominal",
          title: null,
          scale: { domain: ["negative", "positive"], range: [colors.main, colors.second] },
        },
      },
    },
  );
}

/** Of a quantile task: how often the truth lies at or below each predicted quantile. */
export function coverageChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.levels ?? []).flatMap(({ level, coverage }) =>
      coverage === null ? [] : [{ side: label, level, coverage }],
    ),
  );
  if (values.length === 0) return undefined;
  return framed(
    {
      name: "coverage",
      title: "Coverage of the quantiles",
      note: "Share of truths at or below each predicted quantile; on the dashed line it is what was promised.",
    },
    square,
    {
      layer: [
        ...referenceLine(diagonal),
        {
          data: { values },
          mark: { type: "line", strokeWidth: 1.5, point: { filled: true, size: 50 } },
          encoding: {
            x: quantitative("level", "level of the quantile", share),
            y: quantitative("coverage", "share of truths at or below", share),
            color: sideColor(sides),
          },
        },
      ],
    },
  );
}

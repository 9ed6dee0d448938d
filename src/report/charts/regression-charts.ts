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

/** Predicted against actual, residuals, actual and expected by tenths, the Lorenz curve. */
export function regressionCharts(sides: readonly ChartSide[]): Chart[] {
  const [first] = sides;
  const alone = first === undefined || sides.length > 1 ? [] : [densityChart(first), residualChart(first)];
  return [...alone, decileChart(sides), lorenzChart(sides)].flatMap((chart) =>
    chart === undefined ? [] : [chart],
  );
}

function densityChart({ results }: ChartSide): Chart | undefined {
  const density = results.predictedActual;
  if (density === undefined) return undefined;
  const { xEdges, yEdges, counts } = density;
  const values = counts.flatMap((column, x) =>
    column.flatMap((count, y) =>
      count === 0 ? [] : [{ x: xEdges[x], x2: xEdges[x + 1], y: yEdges[y], y2: yEdges[y + 1], count }],
    ),
  );
  const low = Math.max(xEdges[0] ?? 0, yEdges[0] ?? 0);
  const high = Math.min(xEdges.at(-1) ?? 0, yEdges.at(-1) ?? 0);
  return {
    name: "predicted-actual",
    title: "Predicted against actual",
    note: "Darker: more rows. On the dashed line a prediction is right.",
    spec: framed(
      {
        layer: [
          {
            data: { values },
            mark: { type: "rect" },
            encoding: {
              x: quantitative("x", "predicted", { scale: { zero: false } }),
              x2: { field: "x2" },
              y: quantitative("y", "actual", { scale: { zero: false } }),
              y2: { field: "y2" },
              color: {
                field: "count",
                type: "quantitative",
                title: "rows",
                scale: { type: "log", scheme: "blues" },
              },
            },
          },
          ...(high > low
            ? [
                referenceLine([
                  { x: low, y: low },
                  { x: high, y: high },
                ]),
              ]
            : []),
        ],
      },
      { width: 320, height: 320 },
    ),
  };
}

function residualChart({ results }: ChartSide): Chart | undefined {
  const residuals = results.residuals;
  if (residuals === undefined) return undefined;
  const { edges, counts } = residuals;
  const values = counts.map((count, place) => ({ from: edges[place], to: edges[place + 1], count, zero: 0 }));
  return {
    name: "residuals",
    title: "Residuals",
    note: "Rows by prediction - truth; the outermost bars hold the half percent beyond on each side.",
    spec: framed(
      {
        layer: [
          {
            data: { values },
            mark: { type: "rect", color: colors.main, opacity: 0.8 },
            encoding: {
              x: quantitative("from", "prediction - truth", { scale: { zero: false } }),
              x2: { field: "to" },
              y: quantitative("count", "rows"),
              y2: { field: "zero" },
            },
          },
          {
            data: { values: [{ zero: 0 }] },
            mark: { type: "rule", color: colors.reference, strokeDash: [4, 4] },
            encoding: { x: { field: "zero", type: "quantitative" } },
          },
        ],
      },
      { width: 420, height: 220 },
    ),
  };
}

function decileChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.deciles ?? []).flatMap(({ decile, meanPrediction, meanTruth }) => [
      { side: label, decile, what: "expected", value: meanPrediction },
      { side: label, decile, what: "actual", value: meanTruth },
    ]),
  );
  if (values.length === 0) return undefined;
  const lines =
    sides.length > 1
      ? { color: sideColor(sides), strokeDash: { field: "what", type: "nominal", title: null } }
      : {
          color: {
            field: "what",
            type: "nominal",
            title: null,
            scale: { domain: ["actual", "expected"], range: [colors.second, colors.main] },
          },
        };
  return {
    name: "deciles",
    title: "Actual and expected by decile",
    note: "Tenths of the rows (of the weight) by prediction, lowest first: where the lines part the model is biased.",
    spec: framed(
      {
        data: { values },
        mark: { type: "line", point: true },
        encoding: {
          x: { field: "decile", type: "ordinal", title: "decile of the prediction", axis: { labelAngle: 0 } },
          y: quantitative("value", "mean", { scale: { zero: false } }),
          ...lines,
        },
      },
      { width: 420, height: 260 },
    ),
  };
}

function lorenzChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.lorenz?.x ?? []).map((x, place) => ({ side: label, x, y: results.lorenz?.y[place], place })),
  );
  if (values.length === 0) return undefined;
  return {
    name: "lorenz",
    title: "Lorenz curve",
    note: "Cumulative truth over cumulative weight, lowest predictions first; twice the area to the dashed line is the Gini.",
    spec: framed(
      {
        layer: [
          referenceLine([
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ]),
          {
            data: { values },
            mark: { type: "line", strokeWidth: 2 },
            encoding: {
              x: quantitative("x", "share of the weight", share),
              y: quantitative("y", "share of the truth", share),
              order: { field: "place", type: "quantitative" },
              color: sideColor(sides),
            },
          },
        ],
      },
      { width: 320, height: 320 },
    ),
  };
}

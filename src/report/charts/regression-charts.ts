import type { Histogram } from "../../metrics/details.ts";
import {
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
  strokeLegend,
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
  const line = high > low ? [low, high].map((value) => ({ x: value, y: value })) : [];
  return framed(
    {
      name: "predicted-actual",
      title: "Predicted against actual",
      note: `Darker: more rows.${line.length === 0 ? "" : " On the dashed line a prediction is right."}`,
    },
    square,
    {
      layer: [
        {
          data: { values },
          mark: { type: "rect" },
          encoding: {
            x: quantitative("x", "predicted", { scale: { zero: false }, axis: { tickCount: 6 } }),
            x2: { field: "x2" },
            y: quantitative("y", "actual", { scale: { zero: false }, axis: { tickCount: 6 } }),
            y2: { field: "y2" },
            color: {
              field: "count",
              type: "quantitative",
              title: "rows",
              scale: { type: "log", scheme: "blues", domainMin: 1 },
              legend: { tickCount: 3, format: "~s" },
            },
          },
        },
        ...referenceLine(line),
      ],
    },
  );
}

/** The outermost bins reach to the ends, however far: they are drawn as wide as the others, and pale. */
function residualBars({ edges, counts }: Histogram) {
  const widths = counts.map((_, place) => (edges[place + 1] ?? 0) - (edges[place] ?? 0));
  const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  return counts.map((count, place) => {
    const [from, to] = [edges[place] ?? 0, edges[place + 1] ?? 0];
    const isWide = (widths[place] ?? 0) > usual * 1.01;
    const bar = { from, to, count, kind: isWide ? "beyond" : "inside" };
    if (isWide && place === 0) return { ...bar, from: to - usual };
    return isWide && place === counts.length - 1 ? { ...bar, to: from + usual } : bar;
  });
}

function residualChart({ results }: ChartSide): Chart | undefined {
  const residuals = results.residuals;
  if (residuals === undefined) return undefined;
  const values = residualBars(residuals);
  const [least, most] = [residuals.edges[0] ?? 0, residuals.edges.at(-1) ?? 0];
  const ends = values.some((bar) => bar.kind === "beyond")
    ? ` The pale bars hold all that lies beyond, to ${figure(least)} and ${figure(most)}.`
    : "";
  return framed(
    {
      name: "residuals",
      title: "Residuals",
      note: `Rows by prediction - truth; at 0 a prediction is right.${ends}`,
    },
    { width: 420, height: 220 },
    {
      layer: [
        {
          data: { values },
          mark: { type: "bar", binSpacing: 1 },
          encoding: {
            x: quantitative("from", "prediction - truth", {
              bin: { binned: true },
              scale: { zero: false, nice: false },
              axis: { tickCount: 8 },
            }),
            x2: { field: "to" },
            y: quantitative("count", "rows"),
            color: {
              field: "kind",
              type: "nominal",
              legend: null,
              scale: { domain: ["inside", "beyond"], range: [colors.main, colors.pale] },
            },
          },
        },
        {
          data: { values: [{ zero: 0 }] },
          mark: { type: "rule", color: colors.reference, strokeDash: [4, 4] },
          encoding: { x: { field: "zero", type: "quantitative" } },
        },
      ],
    },
  );
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function decileChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.deciles ?? []).flatMap(({ decile, meanPrediction, meanTruth }) => [
      { side: label, decile, what: "expected", value: meanPrediction },
      { side: label, decile, what: "actual", value: meanTruth },
    ]),
  );
  if (values.length === 0) return undefined;
  const what = { field: "what", type: "nominal", title: null };
  const lines =
    sides.length > 1
      ? {
          color: sideColor(sides),
          strokeDash: {
            ...what,
            scale: { domain: ["actual", "expected"] },
            legend: { ...strokeLegend, symbolStrokeColor: "#555555" },
          },
        }
      : {
          color: {
            ...what,
            legend: strokeLegend,
            scale: { domain: ["actual", "expected"], range: [colors.second, colors.main] },
          },
        };
  const place = {
    x: { field: "decile", type: "ordinal", title: "decile of the prediction", axis: { labelAngle: 0 } },
    y: quantitative("value", "mean", { scale: { zero: false } }),
  };
  return framed(
    {
      name: "deciles",
      title: "Actual and expected by decile",
      note: "Tenths of the rows (of the weight) by prediction, lowest first: where the lines part the model is biased.",
    },
    { width: 420, height: 260 },
    {
      data: { values },
      layer: [
        { mark: { type: "line" }, encoding: { ...place, ...lines } },
        {
          mark: { type: "point", filled: true, size: 30, opacity: 1 },
          encoding: { ...place, color: lines.color },
        },
      ],
    },
  );
}

function lorenzChart(sides: readonly ChartSide[]): Chart | undefined {
  const values = sides.flatMap(({ label, results }) =>
    (results.lorenz?.x ?? []).map((x, place) => ({ side: label, x, y: results.lorenz?.y[place], place })),
  );
  if (values.length === 0) return undefined;
  return framed(
    {
      name: "lorenz",
      title: "Lorenz curve",
      note: "Cumulative truth over cumulative weight, lowest predictions first; twice the area to the dashed line is the Gini.",
    },
    square,
    {
      layer: [
        ...referenceLine(diagonal),
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
  );
}

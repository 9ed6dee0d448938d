import type { TopLevelSpec } from "vega-lite";
import type { EvaluationResults } from "../../results/evaluation-results.ts";

/** A chart as Vega-Lite has it, with its data inside: others can restyle it. */
export interface Chart {
  /** For files and anchors: `roc`, `calibration`, `subgroups-sex`. */
  readonly name: string;
  readonly title: string;
  /** One sentence below the chart: how to read it. */
  readonly note: string;
  readonly spec: TopLevelSpec;
}

/** One result of a chart: alone, or laid over others. */
export interface ChartSide {
  /** Empty where it is alone. */
  readonly label: string;
  readonly results: EvaluationResults;
}

type Spec = Record<string, unknown>;

/** Colours that most people tell apart (Okabe and Ito 2008), and one font that the PNG has too. */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const font = "DejaVu Sans, sans-serif";

export const colors = { main: "#0072B2", second: "#D55E00", reference: "#999999", band: "#BDD7EE" } as const;

/** Puts a part into the frame that all charts share. */
export function framed(part: Spec, size: { readonly width: number; readonly height: number }): TopLevelSpec {
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...size,
    background: "white",
    ...part,
    config: {
      font,
      view: { stroke: "#dddddd" },
      range: { category: palette },
      axis: { gridColor: "#eeeeee", labelFontSize: 11, titleFontSize: 12, titleFontWeight: "normal" },
      legend: { labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" },
      text: { font },
    },
  };
  // Vega-Lite's own compiler judges it; its type cannot be met by parts that are put together.
  return spec as unknown as TopLevelSpec;
}

/** An axis of its title; shares run from 0 to 1. */
export function quantitative(field: string, title: string, more: Spec = {}): Spec {
  return { field, type: "quantitative", title, ...more };
}

export const share = { scale: { domain: [0, 1] } } as const;

/** The colour of a side; none where it is alone. */
export function sideColor(sides: readonly ChartSide[]): Spec {
  return sides.length < 2
    ? { value: colors.main }
    : {
        field: "side",
        type: "nominal",
        title: null,
        scale: { domain: sides.map((side) => side.label), range: palette },
      };
}

/** A grey dashed line through the given points. */
export function referenceLine(values: readonly { readonly x: number; readonly y: number }[]): Spec {
  return {
    data: { values },
    mark: { type: "line", color: colors.reference, strokeDash: [4, 4], strokeWidth: 1 },
    encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
  };
}

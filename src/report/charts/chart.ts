import type { TopLevelSpec } from "vega-lite";
import { printable } from "../../printable.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";

/** A chart as Vega-Lite has it, with its data inside: others can restyle it. */
export interface Chart {
  /** For files and anchors: `roc`, `calibration`, `subgroups-sex`. */
  readonly name: string;
  readonly title: string;
  /** A sentence or two below the chart: how to read it. */
  readonly note: string;
  readonly spec: TopLevelSpec;
}

/** One result of a chart: alone, or laid over others. */
export interface ChartSide {
  /** Empty where it is alone. */
  readonly label: string;
  readonly results: EvaluationResults;
}

/** The key of a specification's `usermeta` by which a chart of ours is known again. */
export const madeBy = "mlops-chart";

type Spec = Record<string, unknown>;

/** Colours that most people tell apart (Okabe and Ito 2008), and one font that the PNG has too. */
const palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];
const font = "DejaVu Sans, sans-serif";

export const colors = { main: "#0072B2", second: "#D55E00", reference: "#888888", pale: "#9CC7E3" } as const;

export const square = { width: 320, height: 320 } as const;

/** Puts the parts of a chart into the frame that all charts share. */
export function framed(
  head: Omit<Chart, "spec">,
  size: { readonly width: number; readonly height: number },
  part: Spec,
): Chart {
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    title: head.title,
    description: head.note,
    usermeta: { [madeBy]: head.name },
    ...size,
    background: "white",
    padding: 10,
    ...part,
    config: {
      font,
      aria: false,
      view: { stroke: "#dddddd" },
      range: { category: palette },
      title: { anchor: "start", frame: "group", fontSize: 14, offset: 10 },
      axis: {
        gridColor: "#eeeeee",
        domainColor: "#888888",
        tickColor: "#888888",
        labelFontSize: 11,
        labelLimit: 240,
        titleFontSize: 12,
        titleFontWeight: "normal",
      },
      axisX: { labelFlush: false },
      legend: { labelFontSize: 11, labelLimit: 240, titleFontSize: 11, titleFontWeight: "normal" },
    },
  };
  // Vega-Lite's own compiler judges it; its type cannot be met by parts that are put together.
  return { ...head, spec: spec as unknown as TopLevelSpec };
}

/** A name of the data as a chart shows it: one line, no control characters, not without end. */
export function shownName(text: string, length = 28): string {
  const letters = [...printable(text.toWellFormed())];
  return letters.length <= length ? letters.join("") : `${letters.slice(0, length - 1).join("")}…`;
}

/** Names as a chart shows them, each still one of its own: those that look the same are numbered. */
export function shownNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    names.map((name) => {
      const shown = shownName(name);
      const times = (taken.get(shown) ?? 0) + 1;
      taken.set(shown, times);
      return [name, times === 1 ? shown : `${shown} (${times})`];
    }),
  );
}

/** An axis of its title. */
export function quantitative(field: string, title: string, more: Spec = {}): Spec {
  return { field, type: "quantitative", title, ...more };
}

/** An axis of shares, from 0 to 1. */
export const share = {
  scale: { domain: [0, 1] },
  axis: { values: [0, 0.2, 0.4, 0.6, 0.8, 1], format: ".1f" },
} as const;

/** Above the drawing, where it meets no figures at the edge. */
export const strokeLegend = {
  orient: "top",
  symbolType: "stroke",
  symbolStrokeWidth: 2.5,
  symbolSize: 300,
  symbolOpacity: 1,
} as const;

/** The colour of a side; none where it is alone. */
export function sideColor(sides: readonly ChartSide[]): Spec {
  return sides.length < 2
    ? { value: colors.main }
    : {
        field: "side",
        type: "nominal",
        title: null,
        scale: { domain: sides.map((side) => side.label) },
        legend: strokeLegend,
      };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

export const diagonal: readonly Point[] = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

/** A grey dashed line through the given points; no layer where there are none. */
export function referenceLine(values: readonly Point[]): Spec[] {
  if (values.length === 0) return [];
  return [
    {
      data: { values },
      mark: { type: "line", color: colors.reference, strokeDash: [4, 4], strokeWidth: 1 },
      encoding: { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } },
    },
  ];
}

/** `rows`, or `weight` where rows count differently. */
export function amountWord({ weight }: EvaluationResults): string {
  return weight === undefined ? "rows" : "weight";
}

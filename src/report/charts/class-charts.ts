import type { ClassCurves, Curve } from "../../metrics/details.ts";
import {
  type Chart,
  type ChartSide,
  diagonal,
  framed,
  quantitative,
  referenceLine,
  share,
  shownNames,
  sideColor,
  square,
  strokeLegend,
} from "./chart.ts";

/** More curves than this are a knot: the first classes are drawn, and the note says so. */
const mostCurves = 7;

/** ROC, precision and recall, and gain; of a multiclass task one curve a class. */
export function classCharts(sides: readonly ChartSide[]): Chart[] {
  const prevalence = prevalenceLine(sides);
  return [
    curveChart(sides, {
      name: "roc",
      title: "ROC",
      x: "false positive rate",
      y: "true positive rate",
      curveOf: (curves) => curves.roc,
      interpolate: "linear",
      reference: diagonal,
      note: "The dashed line is a coin toss; the area under the curve is ROC AUC.",
    }),
    curveChart(sides, {
      name: "precision-recall",
      title: "Precision and recall",
      x: "recall",
      y: "precision",
      curveOf: (curves) => curves.precisionRecall,
      // The area under the steps is average precision.
      interpolate: "step-before",
      reference: prevalence,
      note: `The area under the curve is average precision.${prevalence.length === 0 ? "" : " The dashed line is the share of positives, which chance reaches."}`,
    }),
    curveChart(sides, {
      name: "gain",
      title: "Cumulative gain",
      x: "share of rows, highest scores first",
      y: "share of the positives found",
      curveOf: (curves) => curves.gain,
      interpolate: "linear",
      reference: diagonal,
      note: "How many of the positives are among the rows with the highest scores; the dashed line is chance.",
    }),
  ].flatMap((chart) => (chart === undefined ? [] : [chart]));
}

interface CurveKind {
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly curveOf: (curves: ClassCurves) => Curve | null;
  readonly interpolate: "linear" | "step-before";
  readonly reference: Parameters<typeof referenceLine>[0];
  readonly note: string;
}

interface Line {
  readonly side: string;
  /** Empty for a binary task. */
  readonly class: string;
  readonly curve: Curve;
}

function curveChart(sides: readonly ChartSide[], kind: CurveKind): Chart | undefined {
  const { lines, left } = linesOf(sides, kind.curveOf);
  if (lines.length === 0) return undefined;
  const values = lines.flatMap(({ side, class: name, curve }) =>
    curve.x.map((x, place) => ({ side, class: name, x, y: curve.y[place] ?? null, place })),
  );
  return framed(
    {
      name: kind.name,
      title: kind.title,
      note:
        left === 0
          ? kind.note
          : `${kind.note} ${left} more ${left === 1 ? "class is" : "classes are"} not drawn.`,
    },
    square,
    {
      layer: [
        ...referenceLine(kind.reference),
        {
          data: { values },
          mark: { type: "line", strokeWidth: 2, interpolate: kind.interpolate },
          encoding: {
            x: quantitative("x", kind.x, share),
            y: quantitative("y", kind.y, share),
            order: { field: "place", type: "quantitative" },
            detail: [
              { field: "class", type: "nominal" },
              { field: "side", type: "nominal" },
            ],
            ...distinction(sides, lines),
          },
        },
      ],
    },
  );
}

/** What tells curves apart: the side, or the class, and then the dashes are the side. */
function distinction(sides: readonly ChartSide[], lines: readonly Line[]) {
  const classes = [...new Set(lines.map((line) => line.class))];
  if (classes.every((name) => name === "")) return { color: sideColor(sides) };
  const color = {
    field: "class",
    type: "nominal",
    title: "class",
    scale: { domain: classes },
    legend: { symbolType: "stroke", symbolStrokeWidth: 2.5, orient: "bottom", columns: 2, labelLimit: 220 },
  };
  const dash = {
    field: "side",
    type: "nominal",
    title: null,
    scale: { domain: sides.map((side) => side.label) },
    legend: { ...strokeLegend, symbolStrokeColor: "#555555" },
  };
  return sides.length > 1 ? { color, strokeDash: dash } : { color };
}

/** The curves that are drawn, and how many classes are not. */
function linesOf(
  sides: readonly ChartSide[],
  curveOf: CurveKind["curveOf"],
): { readonly lines: readonly Line[]; readonly left: number } {
  const all = sides.flatMap(({ label, results }) =>
    (results.curves ?? []).flatMap((curves) => {
      const curve = curveOf(curves);
      return curve === null ? [] : [{ side: label, class: curves.class, curve }];
    }),
  );
  const classes = shownNames([...new Set(all.flatMap((line) => line.class ?? []))]);
  const shown = new Set([...classes.values()].slice(0, Math.max(1, Math.floor(mostCurves / sides.length))));
  const lines = all
    .map((line) => ({ ...line, class: line.class === null ? "" : (classes.get(line.class) ?? "") }))
    .filter((line) => line.class === "" || shown.has(line.class));
  // The result itself holds the curves of its first classes only.
  const most = Math.max(...sides.map(({ results }) => results.perClass?.length ?? 0), classes.size);
  return { lines, left: classes.size === 0 ? 0 : most - shown.size };
}

function prevalenceLine(sides: readonly ChartSide[]) {
  const results = sides[0]?.results;
  // With weights the numbers of rows do not say it, the confusion does.
  const { confusion, weight, positives = null, count = 0 } = results ?? {};
  const weighted =
    confusion === null || confusion === undefined
      ? undefined
      : confusion.truePositives + confusion.falseNegatives;
  const part = weight === undefined ? (positives ?? undefined) : weighted;
  const whole = weight ?? count;
  if (part === undefined || whole === 0) return [];
  return [0, 1].map((x) => ({ x, y: part / whole }));
}

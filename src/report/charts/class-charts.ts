import type { ClassCurves, Curve } from "../../metrics/details.ts";
import {
  type Chart,
  type ChartSide,
  framed,
  quantitative,
  referenceLine,
  share,
  sideColor,
} from "./chart.ts";

const square = { width: 320, height: 320 };
/** More curves than this are a knot: the first classes are drawn, and the note says so. */
const mostClasses = 7;

/** ROC, precision and recall, and gain; of a multiclass task one curve a class. */
export function classCharts(sides: readonly ChartSide[]): Chart[] {
  return [
    curveChart(sides, {
      name: "roc",
      title: "ROC",
      x: "false positive rate",
      y: "true positive rate",
      curveOf: (curves) => curves.roc,
      reference: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
      note: "The dashed line is a coin toss; the area under the curve is ROC AUC.",
    }),
    curveChart(sides, {
      name: "precision-recall",
      title: "Precision and recall",
      x: "recall",
      y: "precision",
      curveOf: (curves) => curves.precisionRecall,
      reference: prevalenceLine(sides),
      note: "The dashed line is the share of positives, which chance reaches.",
    }),
    curveChart(sides, {
      name: "gain",
      title: "Cumulative gain",
      x: "share of rows, highest scores first",
      y: "share of the positives found",
      curveOf: (curves) => curves.gain,
      reference: [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ],
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
  readonly reference: readonly { readonly x: number; readonly y: number }[];
  readonly note: string;
}

function curveChart(sides: readonly ChartSide[], kind: CurveKind): Chart | undefined {
  const lines = sides.flatMap(({ label, results }) =>
    (results.curves ?? []).slice(0, mostClasses).flatMap((curves) => {
      const curve = kind.curveOf(curves);
      return curve === null ? [] : [{ side: label, class: curves.class, curve }];
    }),
  );
  if (lines.length === 0) return undefined;
  const isMulticlass = lines.some((line) => line.class !== null);
  const values = lines.flatMap(({ side, class: name, curve }) =>
    curve.x.map((x, place) => ({ side, class: name ?? "", x, y: curve.y[place] ?? null, place })),
  );
  const color = isMulticlass ? { field: "class", type: "nominal", title: "class" } : sideColor(sides);
  const dash =
    isMulticlass && sides.length > 1 ? { strokeDash: { field: "side", type: "nominal", title: null } } : {};
  const left = Math.max(0, ...sides.map(({ results }) => (results.curves ?? []).length - mostClasses));
  return {
    name: kind.name,
    title: kind.title,
    note: left > 0 ? `${kind.note} ${left} more classes are not drawn.` : kind.note,
    spec: framed(
      {
        layer: [
          ...(kind.reference.length > 0 ? [referenceLine(kind.reference)] : []),
          {
            data: { values },
            mark: { type: "line", strokeWidth: 2, interpolate: "linear" },
            encoding: {
              x: quantitative("x", kind.x, share),
              y: quantitative("y", kind.y, share),
              order: { field: "place", type: "quantitative" },
              detail: [
                { field: "class", type: "nominal" },
                { field: "side", type: "nominal" },
              ],
              color,
              ...dash,
            },
          },
        ],
      },
      square,
    ),
  };
}

function prevalenceLine(sides: readonly ChartSide[]) {
  const [first] = sides;
  if (first === undefined || first.results.positives === null || first.results.count === 0) return [];
  const y = first.results.positives / first.results.count;
  return [
    { x: 0, y },
    { x: 1, y },
  ];
}

/** The confusion matrix at the threshold, or of all classes; of one result only. */
export function confusionChart({ results }: ChartSide): Chart | undefined {
  const { confusion, confusionMatrix } = results;
  const matrix =
    confusionMatrix ??
    (confusion === null
      ? undefined
      : {
          classes: ["0", "1"],
          matrix: [
            [confusion.trueNegatives, confusion.falsePositives],
            [confusion.falseNegatives, confusion.truePositives],
          ],
        });
  // A matrix of many classes is unreadable on a page; the result file has it.
  if (matrix === undefined || matrix.classes.length > 30) return undefined;
  const { classes } = matrix;
  const values = matrix.matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, prediction) => ({
      truth: classes[truth],
      prediction: classes[prediction],
      count,
      share: total === 0 ? 0 : count / total,
    }));
  });
  const size = Math.max(200, Math.min(600, classes.length * 40));
  const axes = {
    x: { field: "prediction", type: "nominal", title: "predicted", sort: classes, axis: { labelAngle: 0 } },
    y: { field: "truth", type: "nominal", title: "truth", sort: classes },
  };
  const at = results.threshold === null ? "" : ` at score >= ${results.threshold}`;
  return {
    name: "confusion",
    title: `Confusion matrix${at}`,
    note: "Rows by truth and prediction; the shade is the share of the truth's rows.",
    spec: framed(
      {
        data: { values },
        encoding: axes,
        layer: [
          {
            mark: "rect",
            encoding: {
              color: {
                field: "share",
                type: "quantitative",
                legend: null,
                scale: { domain: [0, 1], scheme: "blues" },
              },
            },
          },
          {
            mark: { type: "text", fontSize: classes.length > 12 ? 8 : 12 },
            encoding: {
              text: { field: "count", type: "quantitative", format: ",.6~g" },
              color: { condition: { test: "datum.share > 0.5", value: "white" }, value: "black" },
            },
          },
        ],
      },
      { width: size, height: size },
    ),
  };
}

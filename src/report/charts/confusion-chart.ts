import type { ConfusionMatrix } from "../../metrics/details.ts";
import type { EvaluationResults } from "../../results/evaluation-results.ts";
import { amountWord, type Chart, type ChartSide, framed, shownNames } from "./chart.ts";

/** A larger matrix is unreadable on a page; the result file has it. */
const mostClasses = 30;
/** In larger ones a cell has no room for the share below its count. */
const mostWithShares = 10;

/** The confusion matrix at the threshold, or of all classes; of one result only. */
export function confusionChart({ results }: ChartSide): Chart | undefined {
  const matrix = results.confusionMatrix ?? binaryMatrix(results);
  if (matrix === undefined || matrix.classes.length > mostClasses) return undefined;
  const { values, classes } = cellsOf(matrix);
  const size = Math.max(240, Math.min(660, classes.length * 56));
  const at = results.threshold === null ? "" : ` at score ≥ ${results.threshold}`;
  const withShares = classes.length <= mostWithShares;
  const ink = { condition: { test: "datum.share > 0.6", value: "white" }, value: "#1d2430" };
  const lettersOfCell = size / classes.length / 7;
  const axis = { labelAngle: classes.some((name) => name.length > lettersOfCell) ? -45 : 0 };
  return framed(
    {
      name: "confusion",
      title: `Confusion matrix${at}`,
      note: `${amountWord(results) === "rows" ? "Rows" : "Weight"} by truth and prediction; the shade is the share of the truth's ${amountWord(results)}.`,
    },
    { width: size, height: size },
    {
      data: { values },
      encoding: {
        x: { field: "prediction", type: "nominal", title: "predicted", sort: classes, axis },
        y: { field: "truth", type: "nominal", title: "truth", sort: classes },
      },
      layer: [
        {
          mark: { type: "rect", stroke: "white" },
          encoding: {
            color: {
              field: "share",
              type: "quantitative",
              legend: null,
              scale: { domain: [0, 1], scheme: "blues" },
            },
          },
        },
        textLayer({
          field: "count",
          format: ",.6~g",
          fontSize: classes.length > 12 ? 8 : 13,
          ink,
          dy: withShares ? -6 : 0,
        }),
        ...(withShares ? [textLayer({ field: "share", format: ".1%", fontSize: 10, ink, dy: 10 })] : []),
      ],
    },
  );
}

function textLayer({
  field,
  format,
  fontSize,
  ink,
  dy,
}: {
  readonly field: string;
  readonly format: string;
  readonly fontSize: number;
  readonly ink: unknown;
  readonly dy: number;
}) {
  return {
    mark: { type: "text", fontSize, dy },
    encoding: { text: { field, type: "quantitative", format }, color: ink },
  };
}

function binaryMatrix({ confusion, columns }: EvaluationResults): ConfusionMatrix | undefined {
  if (confusion === null) return undefined;
  const positive = columns.positiveClass;
  return {
    classes: positive === null ? ["0", "1"] : [`not ${positive}`, positive],
    matrix: [
      [confusion.trueNegatives, confusion.falsePositives],
      [confusion.falseNegatives, confusion.truePositives],
    ],
  };
}

function cellsOf({ classes, matrix }: ConfusionMatrix) {
  const names = shownNames(classes);
  const values = matrix.flatMap((row, truth) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, prediction) => ({
      truth: names.get(classes[truth] ?? ""),
      prediction: names.get(classes[prediction] ?? ""),
      count,
      share: total === 0 ? 0 : count / total,
    }));
  });
  return { values, classes: [...names.values()] };
}

import { MlopsError } from "../errors.ts";
import type { EvaluationColumns } from "./columns.ts";

/** Throws `usage` where the truth would be its own prediction: it would be measured as perfect. */
export function refuseTwins(columns: EvaluationColumns, uri: string): void {
  const truths = [columns.label, columns.event, ...columns.labels.map((one) => one.label)];
  const predictions = [
    ["score", columns.score],
    ["prediction", columns.prediction],
    ...columns.probabilities.map(({ column }) => ["probability", column] as const),
    ...columns.labels.flatMap((one) => [
      ["score", one.score] as const,
      ["prediction", one.prediction] as const,
    ]),
    ...columns.survivals.map(({ column }) => ["survival-at", column] as const),
    ...columns.quantiles.map(({ column }) => ["quantile", column] as const),
    ...columns.intervals.flatMap(({ lower, upper }) => [
      ["interval", lower] as const,
      ["interval", upper] as const,
    ]),
  ] as const;
  const twin = predictions.find(([, column]) => column !== undefined && truths.includes(column));
  if (twin === undefined) return;
  throw new MlopsError({
    kind: "usage",
    code: "LABEL_IS_PREDICTION",
    message: `${uri}: the column ${JSON.stringify(twin[1])} is the label and the ${twin[0]} at once.`,
    hint: `Name two columns, with --label and --${twin[0]}.`,
  });
}

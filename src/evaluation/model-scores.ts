import { MlopsError } from "../errors.ts";
import type { ModelScores } from "../scoring/score-model.ts";
import type { Floats, TableData } from "./read/read-table.ts";
import type { Task } from "./task.ts";

/**
 * The table with what a model made of it. Without a task: binary for scores, and for predicted classes where the labels are classes
 * too; else regression. Throws `not-evaluable` for labels and predictions that are not the task's.
 */
export function withScores(
  data: TableData,
  scores: Pick<ModelScores, "values" | "dtype" | "kind">,
  uri: string,
): { readonly task: Task; readonly data: TableData } {
  const { values, kind } = scores;
  const hasClasses = data.labels.kind === "binary";
  if (kind === "score") {
    if (!hasClasses)
      throw notBinary(`${uri}: the model gives probabilities, and the label is not 0 or 1 in every row`);
    return { task: "binary", data: { ...data, score: floatsOf(scores) } };
  }
  const isZeroOne = values.every((value) => value === 0 || value === 1);
  const task = data.task ?? (hasClasses && isZeroOne ? "binary" : "regression");
  if (task === "regression" || !hasClasses)
    return { task, data: { ...data, prediction: { kind: "numbers", values } } };
  if (!isZeroOne) {
    const row = values.findIndex((value) => value !== 0 && value !== 1);
    throw notBinary(`${uri}: the model predicts ${values[row]} for row ${row + 1}, which is not 0 or 1`);
  }
  return { task, data: { ...data, prediction: { kind: "binary", codes: Uint8Array.from(values) } } };
}

function floatsOf({ values, dtype }: Pick<ModelScores, "values" | "dtype">): Floats {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return { values: dtype === "float32" ? Float32Array.from(values) : values, range: { smallest, largest } };
}

function notBinary(message: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code: "LABELS_NOT_BINARY",
    message: `${message}.`,
    hint: "Name the class that counts as 1 with --positive-class, or say --task regression.",
  });
}

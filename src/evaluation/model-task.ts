import { MlopsError } from "../errors.ts";
import type { ScoreArray } from "../scoring/arrow.ts";
import type { ModelScores } from "../scoring/scorer.ts";
import { areOtherKind, canonicalClass, shownClasses } from "./read/class-names.ts";
import type { Labels } from "./read/labels.ts";
import type { Task } from "./task.ts";

/** The table that a model has scored. */
export interface AskedTable {
  readonly uri: string;
  readonly task: Task | undefined;
  readonly labels: Labels;
}

/** The first value that is not 0 or 1, and the row that it is of, counted from 0. */
export interface OtherValue {
  readonly value: number;
  readonly row: number;
}

/** Looks for a value that is not 0 or 1, some rows at a time. */
export class OtherValues {
  first: OtherValue | undefined;

  /** Of the rows from `from` on. */
  take(values: ScoreArray, from: number): void {
    if (this.first !== undefined) return;
    const row = values.findIndex((value) => value !== 0 && value !== 1);
    if (row >= 0) this.first = { value: values[row] ?? Number.NaN, row: from + row };
  }
}

/**
 * What a model's answers are measured as. Without a task: multiclass for probabilities or predictions of several classes, binary for
 * scores, and for predicted classes where the labels are 0 and 1 too; else regression. `other`: of the predictions. Throws
 * `not-evaluable` for labels and predictions that are not the task's.
 */
export function taskOfAnswers(
  { kind, classes }: Pick<ModelScores, "kind" | "classes">,
  { uri, task, labels }: AskedTable,
  other: OtherValue | undefined,
): Task {
  if (task === "ranking" || task === "survival") return task;
  if (labels.kind === "several") return "multilabel";
  if (kind === "probabilities" || task === "multiclass" || classes.length > 2) {
    if (kind !== "score") return "multiclass";
    throw notEvaluable(
      `${uri}: the model gives one score a row, and several classes want a probability each`,
    );
  }
  const hasClasses = labels.kind === "binary";
  if (kind === "score") {
    if (hasClasses) return "binary";
    throw notBinary(`${uri}: the model gives probabilities, and the label is not 0 or 1 in every row`);
  }
  const chosen = task ?? (hasClasses && other === undefined ? "binary" : "regression");
  if (chosen === "regression" || !hasClasses) {
    if (labels.kind !== "classes") return chosen;
    throw notBinary(
      `${uri}: the model predicts numbers, and the label holds ${shownClasses(labels.classes)}`,
    );
  }
  if (other === undefined) return chosen;
  throw notBinary(`${uri}: the model predicts ${other.value} for row ${other.row + 1}, which is not 0 or 1`);
}

/** Throws `not-evaluable` for labels that are none of the classes that the model knows. */
export function refuseOtherClasses(uri: string, names: readonly string[], classes: readonly string[]): void {
  const known = new Set(classes.map(canonicalClass));
  const strange = names.filter((name) => !known.has(canonicalClass(name)));
  if (strange.length > 0)
    throw notEvaluable(
      `${uri}: the label holds ${shownClasses(strange)}, and the model knows ${shownClasses(classes)}`,
    );
}

/** Throws `not-evaluable` for predicted classes that are numbers where the labels are names, or the other way round. */
export function refuseOtherKind(uri: string, names: readonly string[], predicted: readonly string[]): void {
  if (!areOtherKind(names, predicted)) return;
  throw notEvaluable(
    `${uri}: the model predicts ${shownClasses(predicted)}, and the label holds ${shownClasses(names)}`,
    "LABELS_UNKNOWN",
    "Is it a regression, or a model of encoded labels? Write the label as the model was trained on it.",
  );
}

function notBinary(message: string): MlopsError {
  return notEvaluable(
    message,
    "LABELS_NOT_BINARY",
    "Name the class that counts as 1 with --positive-class, or say --task regression.",
  );
}

function notEvaluable(message: string, code = "LABELS_UNKNOWN", hint?: string): MlopsError {
  return new MlopsError({
    kind: "not-evaluable",
    code,
    message: `${message}.`,
    ...(hint === undefined ? {} : { hint }),
  });
}

import { MlopsError } from "../errors.ts";
import type { ScoreArray } from "../scoring/arrow.ts";
import type { ModelScores } from "../scoring/scorer.ts";
import { canonicalClass, classList, shownClasses } from "./read/class-names.ts";
import { type PlainLabels, plainLabels } from "./read/labels.ts";
import type { Floats, TableData } from "./read/read-table.ts";
import type { Task } from "./task.ts";

type Given = Pick<ModelScores, "values" | "kind" | "classes">;

interface Scored {
  readonly task: Task;
  readonly data: TableData;
}

/**
 * The table with what a model made of it. Without a task: multiclass for probabilities or predictions of several classes, binary for
 * scores, and for predicted classes where the labels are 0 and 1 too; else regression. Throws `not-evaluable` for labels and
 * predictions that are not the task's.
 */
export function withScores(data: TableData, scores: Given, uri: string): Scored {
  const { kind, classes } = scores;
  if (data.task === "ranking")
    return { task: "ranking", data: { ...data, score: floatsOf(scores.values[0]) } };
  if (kind === "probabilities" || data.task === "multiclass" || classes.length > 2)
    return ofClasses(data, scores, uri);
  return kind === "score" ? ofScores(data, scores, uri) : ofPredictions(data, scores, uri);
}

function ofClasses(data: TableData, { kind, values, classes }: Given, uri: string): Scored {
  if (kind === "probabilities") {
    const labels = inClasses(plainLabels(data.labels), classes, `${uri}: the label holds`);
    return {
      task: "multiclass",
      data: {
        ...data,
        labels,
        probabilities: values.map((one) => ({ values: one, range: { smallest: 0, largest: 1 } })),
      },
    };
  }
  if (kind === "score")
    throw notEvaluable(
      `${uri}: the model gives one score a row, and several classes want a probability each`,
    );
  const all = classList([...classes, ...namesOf(plainLabels(data.labels))]);
  const places = Uint32Array.from(classes, (name) => all.indexOf(canonicalClass(name)));
  const codes = Uint32Array.from(values[0], (place) => places[place] ?? 0);
  const labels = inClasses(plainLabels(data.labels), all, `${uri}: the label holds`);
  return {
    task: "multiclass",
    data: { ...data, labels, prediction: { kind: "classes", codes, classes: all } },
  };
}

/** The labels as places in `classes`; throws for one that is none of them. */
function inClasses(labels: PlainLabels, classes: readonly string[], what: string): PlainLabels {
  const places = new Map(classes.map((name, place) => [canonicalClass(name), place]));
  const strange = namesOf(labels).filter((name) => !places.has(canonicalClass(name)));
  if (strange.length > 0)
    throw notEvaluable(`${what} ${shownClasses(strange)}, and the model knows ${shownClasses(classes)}`);
  const codeOf = (name: string) => places.get(canonicalClass(name)) ?? 0;
  if (labels.kind === "numbers")
    return {
      kind: "classes",
      classes,
      codes: Uint32Array.from(labels.values, (value) => codeOf(String(value))),
    };
  const table = Uint32Array.from(labels.kind === "binary" ? ["0", "1"] : labels.classes, codeOf);
  return { kind: "classes", classes, codes: Uint32Array.from(labels.codes, (code) => table[code] ?? 0) };
}

function namesOf(labels: PlainLabels): string[] {
  if (labels.kind === "classes") return [...labels.classes];
  return labels.kind === "binary"
    ? ["0", "1"].filter((_, code) => labels.codes.includes(code))
    : Array.from(new Set(labels.values), String);
}

function ofScores(data: TableData, { values: [values] }: Given, uri: string): Scored {
  if (data.labels.kind !== "binary")
    throw notBinary(`${uri}: the model gives probabilities, and the label is not 0 or 1 in every row`);
  return { task: "binary", data: { ...data, score: floatsOf(values) } };
}

/** Whether what a model makes may be measured as two classes. */
export function isBinaryAnswer({ kind, classes }: Omit<Given, "values">, task: Task | undefined): boolean {
  return kind !== "probabilities" && classes.length <= 2 && (task === undefined || task === "binary");
}

/**
 * Predictions of some rows as classes 0 and 1. Without a task undefined for numbers, which are those of a regression; throws
 * `not-evaluable` for them where the task is binary. `row` is the number of the first one.
 */
export function predictedClasses(
  values: ScoreArray,
  { uri, row }: { readonly uri: string; readonly row: number },
  task: Task | undefined,
): Uint8Array | undefined {
  const wrong = values.findIndex((value) => value !== 0 && value !== 1);
  if (wrong < 0) return Uint8Array.from(values);
  if (task === undefined) return undefined;
  throw notBinary(
    `${uri}: the model predicts ${values[wrong]} for row ${row + wrong + 1}, which is not 0 or 1`,
  );
}

function ofPredictions(data: TableData, { values: [given] }: Given, uri: string): Scored {
  const values = given instanceof Float64Array ? given : Float64Array.from(given);
  const hasClasses = data.labels.kind === "binary";
  const isZeroOne = values.every((value) => value === 0 || value === 1);
  const task = data.task ?? (hasClasses && isZeroOne ? "binary" : "regression");
  if (task === "regression" || !hasClasses) {
    if (data.labels.kind === "classes")
      throw notBinary(
        `${uri}: the model predicts numbers, and the label holds ${shownClasses(data.labels.classes)}`,
      );
    return { task, data: { ...data, prediction: { kind: "numbers", values } } };
  }
  const codes = predictedClasses(values, { uri, row: 0 }, task) ?? new Uint8Array();
  return { task, data: { ...data, prediction: { kind: "binary", codes } } };
}

function floatsOf(values: Float64Array | Float32Array): Floats {
  let [smallest, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < smallest) smallest = value;
    if (value > largest) largest = value;
  }
  return { values, range: { smallest, largest } };
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

import type { ModelScores } from "../scoring/scorer.ts";
import { ofLabels } from "./model-labels.ts";
import { OtherValues, refuseOtherClasses, refuseOtherKind, taskOfAnswers } from "./model-task.ts";
import { canonicalClass, classList } from "./read/class-names.ts";
import { type PlainLabels, plainLabels } from "./read/labels.ts";
import type { TableData } from "./read/table-data.ts";
import { floatsOf } from "./score-facts.ts";
import type { Task } from "./task.ts";

type Given = Pick<ModelScores, "values" | "kind" | "classes">;

interface Scored {
  readonly task: Task;
  readonly data: TableData;
  /** For a person: what was taken for what. */
  readonly note?: string;
}

/** The table with what a model made of it, as the task that `taskOfAnswers` says. Throws `not-evaluable` for labels that the model does not know. */
export function withScores(data: TableData, scores: Given, uri: string): Scored {
  const [values] = scores.values;
  const task = taskOfAnswers(scores, { uri, task: data.task, labels: data.labels }, otherOf(scores));
  if (task === "multilabel") return { task, ...ofLabels(data, scores, uri) };
  if (task === "multiclass") return { task, data: ofClasses(data, scores, uri) };
  if (task === "ranking" || scores.kind === "score")
    return { task, data: { ...data, score: floatsOf(values) } };
  return { task, data: { ...data, prediction: predictionOf(values, task) } };
}

function otherOf({ kind, values: [values] }: Given): OtherValues["first"] {
  const others = new OtherValues();
  if (kind === "prediction") others.take(values, 0);
  return others.first;
}

function predictionOf(values: Given["values"][0], task: Task): TableData["prediction"] {
  if (task === "binary") return { kind: "binary", codes: Uint8Array.from(values) };
  const own = values instanceof Float64Array ? values : Float64Array.from(values);
  return { kind: "numbers", values: own };
}

function ofClasses(data: TableData, { kind, values, classes }: Given, uri: string): TableData {
  const truths = plainLabels(data.labels);
  if (kind === "probabilities") {
    refuseOtherClasses(uri, namesOf(truths), classes);
    const probabilities = values.map((one) => ({ values: one, range: { smallest: 0, largest: 1 } }));
    return { ...data, labels: inClasses(truths, classes), probabilities };
  }
  const names = namesOf(truths);
  refuseOtherKind(uri, names, classes);
  const all = classList([...classes, ...names]);
  const places = Uint32Array.from(classes, (name) => all.indexOf(canonicalClass(name)));
  const codes = Uint32Array.from(values[0], (place) => places[place] ?? 0);
  const prediction = { kind: "classes", codes, classes: all } as const;
  return { ...data, labels: inClasses(truths, all), prediction };
}

/** The labels as places in `classes`, which has all of them. */
function inClasses(labels: PlainLabels, classes: readonly string[]): PlainLabels {
  const places = new Map(classes.map((name, place) => [canonicalClass(name), place]));
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

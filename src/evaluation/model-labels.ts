import { MlopsError } from "../errors.ts";
import type { ModelScores } from "../scoring/scorer.ts";
import { shownClasses } from "./read/class-names.ts";
import type { TableData } from "./read/read-table.ts";
import { floatsOf } from "./score-facts.ts";

/**
 * The table with what a model made of its labels: by their names where the model names all of them so, else in their order. Throws
 * `not-evaluable` where there are more or fewer.
 */
export function ofLabels(
  data: TableData,
  { kind, values, classes }: Pick<ModelScores, "values" | "kind" | "classes">,
  uri: string,
): { readonly data: TableData; readonly note: string } {
  const { labels } = data;
  if (labels.kind !== "several") throw new RangeError("one label, expected several");
  const { names } = labels;
  if (values.length !== names.length)
    throw new MlopsError({
      kind: "not-evaluable",
      code: "LABELS_UNKNOWN",
      message: `${uri}: there are ${names.length} labels (${shownClasses(names)}), and the model gives ${values.length} columns.`,
      hint: "Name the labels of the training, in its order, with --class once a label.",
    });
  const isNamed = names.every((name) => classes.includes(name));
  const places = names.map((name, place) => (isNamed ? classes.indexOf(name) : place));
  const own = places.flatMap((place) => values[place] ?? []);
  const note = isNamed
    ? "what the model gives was taken for the labels by their names"
    : `the columns that the model gives${classes.length === 0 ? "" : ` (${shownClasses(classes)})`} were taken for the labels in this order: ${shownClasses(names)}`;
  if (kind === "label-scores")
    return { data: { ...data, probabilities: own.map(floatsOf) }, note: `${note}${doubtOf(own)}` };
  const columns = own.map((column) => Uint8Array.from(column));
  return { data: { ...data, prediction: { kind: "several", names, columns } }, note };
}

/** Probabilities of classes, of which a row has one, add up to 1; those of labels as a rule do not. */
function doubtOf(columns: readonly (Float64Array | Float32Array)[]): string {
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of columns) sum += column[row] ?? 0;
    if (Math.abs(sum - 1) > 1e-5) return "";
  }
  return "; they add up to 1 in every row, as those of one class among several: is that --task multiclass?";
}

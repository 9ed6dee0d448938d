import { MlopsError } from "../errors.ts";
import type { ModelScores } from "../scoring/scorer.ts";
import { shownClasses } from "./read/class-names.ts";
import type { TableData } from "./read/table-data.ts";
import { floatsOf } from "./score-facts.ts";

type Given = Pick<ModelScores, "values" | "kind" | "classes">;

/** Which of a model's columns is of which label. */
export interface LabelPlaces {
  /** By label: the place of its column. */
  readonly places: readonly number[];
  /** For a person: what was taken for what. */
  readonly note: string;
}

/**
 * The columns that a model gives are those of the labels by their names where the model names all of them so, else in their order.
 * Throws `not-evaluable` where there are more or fewer. `columns`: how many it gives.
 */
export function labelPlaces(
  names: readonly string[],
  { classes, columns }: { readonly classes: readonly string[]; readonly columns: number },
  uri: string,
): LabelPlaces {
  if (columns !== names.length)
    throw new MlopsError({
      kind: "not-evaluable",
      code: "LABELS_UNKNOWN",
      message: `${uri}: there are ${names.length} labels (${shownClasses(names)}), and the model gives ${columns} columns.`,
      hint: "Name the labels of the training, in its order, with --class once a label.",
    });
  const isNamed = names.every((name) => classes.includes(name));
  const note = isNamed
    ? "what the model gives was taken for the labels by their names"
    : `the columns that the model gives${classes.length === 0 ? "" : ` (${shownClasses(classes)})`} were taken for the labels in this order: ${shownClasses(names)}`;
  return { places: names.map((name, place) => (isNamed ? classes.indexOf(name) : place)), note };
}

/** The table with what a model made of its labels. Throws as `labelPlaces`. */
export function ofLabels(
  data: TableData,
  { kind, values, classes }: Given,
  uri: string,
): { readonly data: TableData; readonly note: string } {
  const { labels } = data;
  if (labels.kind !== "several") throw new RangeError("one label, expected several");
  const { names } = labels;
  const { places, note } = labelPlaces(names, { classes, columns: values.length }, uri);
  const own = places.flatMap((place) => values[place] ?? []);
  if (kind === "label-scores") {
    const doubt = addUpToOne(own) ? doubtOfOnes : "";
    return { data: { ...data, probabilities: own.map(floatsOf) }, note: `${note}${doubt}` };
  }
  const columns = own.map((column) => Uint8Array.from(column));
  return { data: { ...data, prediction: { kind: "several", names, columns } }, note };
}

export const doubtOfOnes =
  "; they add up to 1 in every row, as those of one class among several: is that --task multiclass?";

/** Probabilities of classes, of which a row has one, add up to 1; those of labels as a rule do not. */
export function addUpToOne(columns: readonly (Float64Array | Float32Array)[]): boolean {
  const rows = columns[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    let sum = 0;
    for (const column of columns) sum += column[row] ?? 0;
    if (Math.abs(sum - 1) > 1e-5) return false;
  }
  return true;
}

import type { ModelScores } from "../../../scoring/scorer.ts";
import type { EvaluationColumns } from "../../columns.ts";
import type { ArrayColumn } from "../../kept/write-arrays.ts";
import { labelPlaces } from "../../model-labels.ts";
import type { Task } from "../../task.ts";

type Values = ModelScores["values"];

/** A model's answers as columns of the table that it scored. */
export interface AnswerColumns {
  /** Those of the table, and those of the answers. */
  readonly columns: EvaluationColumns;
  /** The columns of some rows. */
  arraysOf(values: Values): ArrayColumn[];
  /** For a person: what was taken for what. */
  readonly note: string | undefined;
}

/** What is known of the table before its task is. */
interface AskedColumns {
  readonly uri: string;
  readonly task: Task | undefined;
  readonly columns: EvaluationColumns;
  /** How many arrays the model gives. */
  readonly given: number;
}

/** Under names that no other column has. Throws as `labelPlaces`. */
export function answerColumns(
  { kind, classes }: Pick<ModelScores, "kind" | "classes">,
  asked: AskedColumns,
): AnswerColumns {
  const { columns, task } = asked;
  if (kind === "probabilities") {
    const probabilities = classes.map((name, place) => ({ class: name, column: nameOf(columns, place) }));
    return {
      columns: { ...columns, probabilities },
      arraysOf: (values) => values.map((one, place) => ({ name: nameOf(columns, place), values: one })),
      note: undefined,
    };
  }
  if (kind === "label-scores" || kind === "label-predictions") return ofLabels({ kind, classes }, asked);
  const name = nameOf(columns, 0);
  const isScore = kind === "score" || task === "ranking";
  const isClass = !isScore && (task === "multiclass" || classes.length > 2);
  return {
    columns: { ...columns, ...(isScore ? { score: name } : { prediction: name }) },
    arraysOf: ([values]) => [
      isClass ? { name, codes: Uint32Array.from(values), texts: classes } : { name, values },
    ],
    note: undefined,
  };
}

function ofLabels(
  { kind, classes }: Pick<ModelScores, "kind" | "classes">,
  { columns, uri, given }: AskedColumns,
): AnswerColumns {
  const names = columns.labels.map((one) => one.class);
  const { places, note } = labelPlaces(names, { classes, columns: given }, uri);
  const isScore = kind === "label-scores";
  const labels = columns.labels.map((one, place) => {
    const name = nameOf(columns, place);
    return { ...one, ...(isScore ? { score: name } : { prediction: name }) };
  });
  return {
    columns: { ...columns, labels },
    arraysOf: (values) =>
      places.flatMap((place, index) => {
        const own = values[place];
        const name = nameOf(columns, index);
        if (own === undefined) return [];
        return [isScore ? { name, values: own } : { name, codes: Uint8Array.from(own) }];
      }),
    note,
  };
}

function nameOf(columns: EvaluationColumns, place: number): string {
  return freeName(columns, `answer_${place}`);
}

/** A name that no column of the table has which is measured. */
export function freeName(columns: EvaluationColumns, wanted: string): string {
  const taken = new Set(namesOf(columns).map((name) => name.toLowerCase()));
  let name = wanted;
  while (taken.has(name)) name = `_${name}`;
  return name;
}

/** The columns of the table that are measured beside what a model makes. */
export function namesOf(columns: EvaluationColumns): string[] {
  const { label, labels, event, forecast, weight, query, rowId, subgroups } = columns;
  const scales = [forecast?.trainingMae, forecast?.trainingRmse].filter((one) => typeof one === "string");
  const names = [
    ...[label, event, weight, query, rowId, forecast?.series, forecast?.horizon, ...scales],
    ...labels.map((one) => one.label),
    ...subgroups.flatMap((subgroup) => subgroup.columns),
  ];
  return [...new Set(names.filter((name) => name !== undefined))];
}

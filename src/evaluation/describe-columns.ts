import { printable } from "../printable.ts";
import type { EvaluationColumns } from "./columns.ts";

const mostShown = 8;

/** For a person: `label death, score p (label found by name)`. */
export function describeColumns(columns: EvaluationColumns): string {
  const { score, prediction, probabilities, quantiles, intervals, weight, query, rowId, subgroups } = columns;
  const one = (role: string, name: string | undefined) => (name === undefined ? [] : [`${role} ${name}`]);
  const many = (role: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`${role} ${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`];
  const taken = [
    ...truthOf(columns),
    ...one("score", score),
    ...one("prediction", prediction),
    ...many(
      "probabilities",
      probabilities.map(({ class: name, column }) => `${column} (${name})`),
    ),
    ...many(
      "quantiles",
      quantiles.map(({ level, column }) => `${column} (${level})`),
    ),
    ...many(
      "intervals",
      intervals.map(({ level, lower, upper }) => `${lower} to ${upper} (${level})`),
    ),
    ...one("weight", weight),
    ...one("query", query),
    ...one("horizon", columns.forecast?.horizon),
    ...one("series", columns.forecast?.series),
    ...one("training MAE", textOf(columns.forecast?.trainingMae)),
    ...one("training RMSE", textOf(columns.forecast?.trainingRmse)),
    ...one("row id", rowId),
    ...many(
      "subgroups",
      subgroups.map((subgroup) => subgroup.name),
    ),
  ];
  const found = columns.guessed.length === 0 ? "" : ` (${columns.guessed.join(" and ")} found by name)`;
  return printable(`${taken.join(", ")}${found}`);
}

function truthOf({ label, labels, event }: EvaluationColumns): string[] {
  if (labels.length > 0)
    return [
      `labels ${labels
        .slice(0, mostShown)
        .map(
          (one) =>
            `${one.class} (${[one.label, one.score, one.prediction].filter((name) => name !== undefined).join(", ")})`,
        )
        .join(", ")}${labels.length > mostShown ? ", …" : ""}`,
    ];
  return event === undefined ? [`label ${label}`] : [`duration ${label}`, `event ${event}`];
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

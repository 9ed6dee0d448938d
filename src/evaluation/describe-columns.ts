import { printable } from "../printable.ts";
import type { EvaluationColumns } from "./columns.ts";
import { shownName } from "./shown-name.ts";

const mostShown = 8;

/** For a person: `label death, score p (label found by name)`. */
export function describeColumns(columns: EvaluationColumns): string {
  const { score, prediction, probabilities, quantiles, intervals, weight, query, rowId, subgroups } = columns;
  const one = (role: string, name: string | undefined) =>
    name === undefined ? [] : [`${role} ${shownName(name)}`];
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
      probabilities.map(({ class: name, column }) => `${shownName(column)} (${shownName(name)})`),
    ),
    ...many(
      "quantiles",
      quantiles.map(({ level, column }) => `${shownName(column)} (${level})`),
    ),
    ...many(
      "intervals",
      intervals.map(({ level, lower, upper }) => `${shownName(lower)} to ${shownName(upper)} (${level})`),
    ),
    ...many(
      "survival probabilities",
      columns.survivals.map(({ time, column }) => `${shownName(column)} (${time})`),
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
      subgroups.map((subgroup) => shownName(subgroup.name)),
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
            `${shownName(one.class)} (${[one.label, one.score, one.prediction]
              .filter((name) => name !== undefined)
              .map(shownName)
              .join(", ")})`,
        )
        .join(", ")}${labels.length > mostShown ? ", …" : ""}`,
    ];
  return event === undefined
    ? [`label ${shownName(label)}`]
    : [`duration ${shownName(label)}`, `event ${shownName(event)}`];
}

function textOf(value: string | number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

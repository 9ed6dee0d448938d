import { printable } from "../printable.ts";
import type { EvaluationColumns } from "./columns.ts";
import { shownName } from "./shown-name.ts";

const mostShown = 8;

/** For a person: `label death, score p (label found by name)`. */
export function describeColumns(columns: EvaluationColumns): string {
  const { label, score, prediction, probabilities, quantiles, intervals, weight, query, rowId, subgroups } =
    columns;
  const one = (role: string, name: string | undefined) =>
    name === undefined ? [] : [`${role} ${shownName(name)}`];
  const many = (role: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`${role} ${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`];
  const taken = [
    `label ${shownName(label)}`,
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
    ...one("weight", weight),
    ...one("query", query),
    ...one("row id", rowId),
    ...many(
      "subgroups",
      subgroups.map((subgroup) => shownName(subgroup.name)),
    ),
  ];
  const found = columns.guessed.length === 0 ? "" : ` (${columns.guessed.join(" and ")} found by name)`;
  return printable(`${taken.join(", ")}${found}`);
}

import { printable } from "../printable.ts";
import type { EvaluationColumns } from "./columns.ts";

const mostShown = 8;

/** As it is, or in quotes where one would not see where it ends. */
function shown(name: string): string {
  return /^[\p{L}\p{N}_.*@-]+$/u.test(name) ? name : JSON.stringify(printable(name));
}

/** For a person: `label death, score p (label found by name)`. */
export function describeColumns(columns: EvaluationColumns): string {
  const { label, score, prediction, probabilities, quantiles, intervals, weight, query, rowId, subgroups } =
    columns;
  const one = (role: string, name: string | undefined) =>
    name === undefined ? [] : [`${role} ${shown(name)}`];
  const many = (role: string, names: readonly string[]) =>
    names.length === 0
      ? []
      : [`${role} ${names.slice(0, mostShown).join(", ")}${names.length > mostShown ? ", …" : ""}`];
  const taken = [
    `label ${shown(label)}`,
    ...one("score", score),
    ...one("prediction", prediction),
    ...many(
      "probabilities",
      probabilities.map(({ class: name, column }) => `${shown(column)} (${shown(name)})`),
    ),
    ...many(
      "quantiles",
      quantiles.map(({ level, column }) => `${shown(column)} (${level})`),
    ),
    ...many(
      "intervals",
      intervals.map(({ level, lower, upper }) => `${shown(lower)} to ${shown(upper)} (${level})`),
    ),
    ...one("weight", weight),
    ...one("query", query),
    ...one("row id", rowId),
    ...many(
      "subgroups",
      subgroups.map((subgroup) => shown(subgroup.name)),
    ),
  ];
  const found = columns.guessed.length === 0 ? "" : ` (${columns.guessed.join(" and ")} found by name)`;
  return printable(`${taken.join(", ")}${found}`);
}

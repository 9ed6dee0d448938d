import leven from "leven";
import { MlopsError } from "../errors.ts";

/** Which column of the table is what. */
export interface EvaluationColumns {
  readonly label: string;
  /** A score per row, or undefined where the model makes them or `prediction` is given. */
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly string[];
  /** The roles that were found by a well-known name and not by a setting. */
  readonly guessed: readonly string[];
}

export interface GivenColumns {
  readonly label: string | undefined;
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly string[];
}

const wellKnown = {
  label: ["label", "target", "y_true"],
  score: ["score", "probability"],
  prediction: ["prediction"],
} as const;

/**
 * Chooses the columns: what was named, else a well-known name. `uri` is the table's, for messages; `needsScores` is false where
 * a model makes them. Throws one `not-evaluable` error that lists all that is missing, with the columns that there are.
 */
export function chooseColumns(
  names: readonly string[],
  given: GivenColumns,
  table: { readonly uri: string; readonly needsScores: boolean },
): EvaluationColumns {
  const problems: string[] = [];
  const check = (flag: string, name: string | undefined): string | undefined => {
    if (name !== undefined && !names.includes(name))
      problems.push(
        `${table.uri} has no column ${JSON.stringify(name)} (--${flag})${didYouMean(name, names)}`,
      );
    return name;
  };
  const find = (role: keyof typeof wellKnown) => wellKnown[role].find((name) => names.includes(name));
  const label = check("label", given.label) ?? find("label");
  if (label === undefined)
    problems.push(
      `${table.uri} has no column called ${wellKnown.label.join(", ")}: say which holds the truth with --label`,
    );
  const isGiven = given.score !== undefined || given.prediction !== undefined;
  const score = check("score", given.score) ?? (table.needsScores && !isGiven ? find("score") : undefined);
  const prediction =
    check("prediction", given.prediction) ??
    (table.needsScores && score === undefined ? find("prediction") : undefined);
  if (table.needsScores && score === undefined && prediction === undefined) {
    const known = [...wellKnown.score, ...wellKnown.prediction].join(", ");
    problems.push(`${table.uri} has no column called ${known}: name one with --score or --prediction`);
  }
  const rowId = check("row-id", given.rowId);
  const subgroups = [...new Set(given.subgroups)];
  for (const subgroup of subgroups) check("subgroup", subgroup);
  if (problems.length > 0 || label === undefined) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "COLUMN_MISSING",
      message: problems.map((problem) => `${problem}.`).join("\n"),
      hint: `Its columns: ${names.join(", ")}.`,
    });
  }
  const guessed = [
    ...(given.label === undefined ? ["label"] : []),
    ...(isGiven || !table.needsScores ? [] : [score === undefined ? "prediction" : "score"]),
  ];
  return { label, score, prediction, rowId, subgroups, guessed };
}

/** For a person: `label death, score p (label found by name)`. */
export function describeColumns(columns: EvaluationColumns): string {
  const { label, score, prediction, rowId, subgroups, guessed } = columns;
  const taken = [
    `label ${label}`,
    ...(score === undefined ? [] : [`score ${score}`]),
    ...(prediction === undefined ? [] : [`prediction ${prediction}`]),
    ...(rowId === undefined ? [] : [`row id ${rowId}`]),
    ...(subgroups.length === 0 ? [] : [`subgroups ${subgroups.join(", ")}`]),
  ];
  const found = guessed.length === 0 ? "" : ` (${guessed.join(" and ")} found by name)`;
  return `${taken.join(", ")}${found}`;
}

function didYouMean(word: string, names: readonly string[]): string {
  const nearest = names
    .map((name) => ({ name, distance: leven(word.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.distance - b.distance)[0];
  if (nearest === undefined || nearest.distance > Math.max(2, Math.floor(word.length / 3))) return "";
  return `; did you mean ${JSON.stringify(nearest.name)}`;
}

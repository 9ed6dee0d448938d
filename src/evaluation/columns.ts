import { MlopsError } from "../errors.ts";
import { didYouMean } from "./did-you-mean.ts";
import { findByName, wellKnown } from "./known-columns.ts";
import {
  choosePredictions,
  type GivenPredictions,
  nothingMade,
  type PredictionColumns,
  type PredictionTask,
} from "./prediction-columns.ts";
import { shownName } from "./shown-name.ts";
import {
  type ForecastColumns,
  forecastColumns,
  type GivenTaskColumns,
  type LabelColumns,
  multilabelColumns,
  survivalColumns,
} from "./task-columns.ts";

/** One subgroup column, or several crossed. */
export interface SubgroupColumns {
  /** `sex`, `sex*region`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** Which column of the table is what. */
export interface EvaluationColumns extends PredictionColumns {
  /** Of a survival task the duration, of a multilabel one the first label. */
  readonly label: string;
  /** Of a multilabel task, else empty. */
  readonly labels: readonly LabelColumns[];
  /** Of a survival task. */
  readonly event: string | undefined;
  readonly forecast: ForecastColumns | undefined;
  readonly weight: string | undefined;
  readonly query: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly SubgroupColumns[];
  /** The roles that were found by a well-known name and not by a setting. */
  readonly guessed: readonly string[];
}

export interface GivenColumns extends GivenPredictions {
  readonly label: string | undefined;
  readonly weight: string | undefined;
  readonly query: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly string[];
  readonly more?: GivenTaskColumns;
}

interface TableFacts extends PredictionTask {
  /** False where a model makes the scores. */
  readonly needsScores: boolean;
}

/**
 * Chooses the columns: what was named, else a well-known name. Throws one `not-evaluable` error that lists all that is missing, with
 * the columns that there are.
 */
export function chooseColumns(
  names: readonly string[],
  given: GivenColumns,
  table: TableFacts,
): EvaluationColumns {
  const problems = missingColumns(names, given, table);
  const truth = chooseTruth(names, given, table);
  const query = given.query ?? (table.task === "ranking" ? findByName("query", names) : undefined);
  if (table.task === "ranking" && query === undefined)
    problems.push(
      `${table.uri} has no column called ${wellKnown.query.join(", ")}: say which names the query of a row with --query`,
    );
  const made = table.needsScores ? choosePredictions(names, given, table) : nothingMade;
  const forecast =
    table.task === "forecasting" ? forecastColumns(names, given.more, table.uri) : { forecast: undefined };
  for (const part of [truth, made, forecast]) if ("problem" in part) problems.push(part.problem);
  if (problems.length > 0 || "problem" in truth || "problem" in made || "problem" in forecast) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "COLUMN_MISSING",
      message: problems.map((problem) => `${problem}.`).join("\n"),
      hint: `Its columns: ${names.map(shownName).join(", ")}.`,
    });
  }
  const guessed = [
    ...truth.guessed,
    ...made.guessed,
    ...(given.query === undefined && query !== undefined ? ["query"] : []),
  ];
  const { weight, rowId } = given;
  return {
    ...truth,
    ...made,
    forecast: "forecast" in forecast ? undefined : forecast,
    weight,
    query,
    rowId,
    subgroups: subgroupsOf(names, given.subgroups),
    guessed,
  };
}

type Truth = Pick<EvaluationColumns, "label" | "labels" | "event" | "guessed">;

/** The columns that hold what was to be predicted. */
function chooseTruth(
  names: readonly string[],
  given: GivenColumns,
  { uri, task, needsScores }: TableFacts,
): Truth | { readonly problem: string } {
  const none = { labels: [], event: undefined };
  if (task === "multilabel") {
    const chosen = multilabelColumns(names, given, { uri, needsScores });
    if ("problem" in chosen) return chosen;
    return { ...none, ...chosen, label: chosen.labels[0]?.label ?? "" };
  }
  if (task === "survival") {
    const chosen = survivalColumns(names, { label: given.label, more: given.more }, uri);
    return "problem" in chosen ? chosen : { ...none, ...chosen };
  }
  const label = given.label ?? findByName("label", names);
  if (label !== undefined) return { ...none, label, guessed: given.label === undefined ? ["label"] : [] };
  return {
    problem: `${uri} has no column called ${wellKnown.label.join(", ")}: say which holds the truth with --label`,
  };
}

function missingColumns(names: readonly string[], given: GivenColumns, { uri, task }: TableFacts): string[] {
  // Of a multilabel task these are patterns.
  const { label, score, prediction } =
    task === "multilabel" ? { label: undefined, score: undefined, prediction: undefined } : given;
  const wanted: (readonly [string, string | undefined])[] = [
    ["label", label],
    ["score", score],
    ["prediction", prediction],
    ["duration", given.more?.duration],
    ["event", given.more?.event],
    ["horizon", given.more?.horizon],
    ["series", given.more?.series],
    ...given.probabilities.map((column) => ["probability", column] as const),
    ...given.quantiles.map(({ column }) => ["quantile", column] as const),
    ...given.intervals.flatMap(({ lower, upper }) => [
      ["interval", lower] as const,
      ["interval", upper] as const,
    ]),
    ...(given.survivals ?? []).map(({ column }) => ["survival-at", column] as const),
    ["weight", given.weight],
    ["query", given.query],
    ["row-id", given.rowId],
    ...subgroupsOf(names, given.subgroups).flatMap(({ columns }) =>
      columns.map((column) => ["subgroup", column] as const),
    ),
  ];
  return wanted.flatMap(([flag, name]) =>
    name === undefined || names.includes(name)
      ? []
      : [`${uri} has no column ${JSON.stringify(name)} (--${flag})${didYouMean(name, names)}`],
  );
}

/** `sex*region` is two columns crossed, unless one column is called that. */
function subgroupsOf(names: readonly string[], given: readonly string[]): SubgroupColumns[] {
  return [...new Set(given)].map((name) => {
    const parts = name
      .split("*")
      .map((part) => part.trim())
      .filter((part) => part !== "");
    const isCrossed = !names.includes(name) && parts.length > 1;
    return isCrossed ? { name: parts.join("*"), columns: parts } : { name, columns: [name] };
  });
}

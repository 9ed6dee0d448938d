import { MlopsError } from "../errors.ts";
import { didYouMean } from "./did-you-mean.ts";
import {
  findByName,
  type ProbabilityColumn,
  probabilitiesByName,
  type QuantileColumn,
  quantilesByName,
  wellKnown,
} from "./known-columns.ts";
import { shownName } from "./shown-name.ts";
import type { Task } from "./task.ts";

interface IntervalColumns {
  /** 0.8: eight of ten truths should lie inside. */
  readonly level: number;
  readonly lower: string;
  readonly upper: string;
}

/** One subgroup column, or several crossed. */
export interface SubgroupColumns {
  /** `sex`, `sex*region`. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** Which column of the table is what. */
export interface EvaluationColumns {
  readonly label: string;
  /** A score per row, or undefined where the model makes them or something else is given. */
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly probabilities: readonly ProbabilityColumn[];
  readonly quantiles: readonly QuantileColumn[];
  readonly intervals: readonly IntervalColumns[];
  readonly weight: string | undefined;
  readonly query: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly SubgroupColumns[];
  /** The roles that were found by a well-known name and not by a setting. */
  readonly guessed: readonly string[];
}

export interface GivenColumns {
  readonly label: string | undefined;
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly probabilities: readonly string[];
  /** Of the probabilities, in their order; or alone, to find them by name. */
  readonly classes: readonly string[];
  readonly quantiles: readonly QuantileColumn[];
  readonly intervals: readonly IntervalColumns[];
  readonly weight: string | undefined;
  readonly query: string | undefined;
  readonly rowId: string | undefined;
  readonly subgroups: readonly string[];
}

interface TableFacts {
  /** For messages. */
  readonly uri: string;
  /** False where a model makes the scores. */
  readonly needsScores: boolean;
  readonly task: Task | undefined;
  readonly positiveClass: string | undefined;
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
  const problems = missingColumns(names, given, table.uri);
  const label = given.label ?? findByName("label", names);
  if (label === undefined)
    problems.push(
      `${table.uri} has no column called ${wellKnown.label.join(", ")}: say which holds the truth with --label`,
    );
  const query = given.query ?? (table.task === "ranking" ? findByName("query", names) : undefined);
  if (table.task === "ranking" && query === undefined)
    problems.push(
      `${table.uri} has no column called ${wellKnown.query.join(", ")}: say which names the query of a row with --query`,
    );
  const made = table.needsScores ? choosePredictions(names, given, table) : nothingMade;
  if ("problem" in made) problems.push(made.problem);
  if (problems.length > 0 || label === undefined || "problem" in made) {
    throw new MlopsError({
      kind: "not-evaluable",
      code: "COLUMN_MISSING",
      message: problems.map((problem) => `${problem}.`).join("\n"),
      hint: `Its columns: ${names.map(shownName).join(", ")}.`,
    });
  }
  const guessed = [
    ...(given.label === undefined ? ["label"] : []),
    ...made.guessed,
    ...(given.query === undefined && query !== undefined ? ["query"] : []),
  ];
  const { weight, rowId } = given;
  const subgroups = subgroupsOf(names, given.subgroups);
  return { label, ...made, weight, query, rowId, subgroups, guessed };
}

function missingColumns(names: readonly string[], given: GivenColumns, uri: string): string[] {
  const wanted: (readonly [string, string | undefined])[] = [
    ["label", given.label],
    ["score", given.score],
    ["prediction", given.prediction],
    ...given.probabilities.map((column) => ["probability", column] as const),
    ...given.quantiles.map(({ column }) => ["quantile", column] as const),
    ...given.intervals.flatMap(({ lower, upper }) => [
      ["interval", lower] as const,
      ["interval", upper] as const,
    ]),
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

type Made = Pick<
  EvaluationColumns,
  "score" | "prediction" | "probabilities" | "quantiles" | "intervals" | "guessed"
>;

const nothingMade: Made = {
  score: undefined,
  prediction: undefined,
  probabilities: [],
  quantiles: [],
  intervals: [],
  guessed: [],
};

/** The columns that the model made, by what was given and else by what the task wants. */
function choosePredictions(
  names: readonly string[],
  given: GivenColumns,
  table: TableFacts,
): Made | { readonly problem: string } {
  const { score, prediction, quantiles, intervals } = given;
  const { task, uri } = table;
  if (quantiles.length + intervals.length > 0) return { ...nothingMade, quantiles, intervals };
  if (task === "quantile") {
    const found = quantilesByName(names);
    if (found.length > 0) return { ...nothingMade, quantiles: found, guessed: ["quantiles"] };
    return {
      problem: `${uri}: say which columns hold quantiles: --quantile 0.9=COLUMN or --interval 0.8=LOW:HIGH`,
    };
  }
  if (given.probabilities.length > 0 || (given.classes.length > 0 && score === undefined))
    return givenProbabilities(names, given, uri);
  if (score !== undefined || prediction !== undefined) return { ...nothingMade, score, prediction };
  return foundPredictions(names, table);
}

function givenProbabilities(
  names: readonly string[],
  given: GivenColumns,
  uri: string,
): Made | { readonly problem: string } {
  const { probabilities: columns, classes, prediction } = given;
  if (columns.length > 0) {
    const probabilities = columns.map((column, index) => ({
      class: classes[index] ?? classOf(column),
      column,
    }));
    return { ...nothingMade, prediction, probabilities };
  }
  const found = probabilitiesByName(names, true);
  const byClass = classes.map((name) => found.find((one) => one.class === name));
  const probabilities = byClass.filter((one) => one !== undefined);
  if (probabilities.length === classes.length)
    return { ...nothingMade, prediction, probabilities, guessed: ["probabilities"] };
  if (prediction !== undefined) return { ...nothingMade, prediction };
  const missing = classes.filter((_, index) => byClass[index] === undefined);
  return {
    problem: `${uri} has no column called probability_${missing.join(", probability_")}: say which hold them with --probability, once a class`,
  };
}

/** `probability_cat` is the class cat; another name is the class itself. */
function classOf(column: string): string {
  return probabilitiesByName([column], true)[0]?.class ?? column;
}

function foundPredictions(names: readonly string[], table: TableFacts): Made | { readonly problem: string } {
  const { task, uri, positiveClass } = table;
  const score = findByName("score", names);
  const prediction = findByName("prediction", names);
  const probabilities = probabilitiesByName(names, task === "multiclass");
  const wantsClasses = task === undefined || task === "multiclass";
  const ofPositive = probabilities.find((one) => one.class === (positiveClass ?? "1"));
  if (task !== "multiclass" && task !== "regression" && score !== undefined)
    return { ...nothingMade, score, guessed: ["score"] };
  const isBinary = task === "binary" || (task === undefined && probabilities.length === 2);
  if (isBinary && ofPositive !== undefined)
    return { ...nothingMade, score: ofPositive.column, guessed: ["score"] };
  if (wantsClasses && probabilities.length > 1)
    return { ...nothingMade, probabilities, prediction, guessed: ["probabilities"] };
  if (prediction !== undefined) return { ...nothingMade, prediction, guessed: ["prediction"] };
  if (task === "regression" && score !== undefined)
    return { ...nothingMade, prediction: score, guessed: ["prediction"] };
  if (task === "multiclass")
    return {
      problem: `${uri} has no columns called probability_CLASS, and none called ${wellKnown.prediction.join(", ")}: name them with --probability and --class, once a class, or one with --prediction`,
    };
  const known = [...wellKnown.score, ...wellKnown.prediction].join(", ");
  return {
    problem: `${uri} has no column called ${known}: name one with --score or --prediction, or one for each class with --probability and --class`,
  };
}

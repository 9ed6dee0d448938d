import {
  findByName,
  type ProbabilityColumn,
  probabilitiesByName,
  type QuantileColumn,
  quantilesByName,
  type SurvivalColumn,
  survivalsByName,
  wellKnown,
} from "./known-columns.ts";
import type { Task } from "./task.ts";

interface IntervalColumns {
  /** 0.8: eight of ten truths should lie inside. */
  readonly level: number;
  readonly lower: string;
  readonly upper: string;
}

/** The columns that the model made. */
export interface PredictionColumns {
  /** A score per row, or undefined where the model makes them or something else is given. */
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly probabilities: readonly ProbabilityColumn[];
  readonly quantiles: readonly QuantileColumn[];
  readonly intervals: readonly IntervalColumns[];
  /** Of a survival task. */
  readonly survivals: readonly SurvivalColumn[];
}

export interface GivenPredictions {
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly probabilities: readonly string[];
  /** Of the probabilities, in their order; or alone, to find them by name. */
  readonly classes: readonly string[];
  readonly quantiles: readonly QuantileColumn[];
  readonly intervals: readonly IntervalColumns[];
  readonly survivals?: readonly SurvivalColumn[];
}

export interface PredictionTask {
  /** For messages. */
  readonly uri: string;
  readonly task: Task | undefined;
  readonly positiveClass: string | undefined;
}

type Made = PredictionColumns & {
  /** What was found by a well-known name. */
  readonly guessed: readonly string[];
};

export const nothingMade: Made = {
  score: undefined,
  prediction: undefined,
  probabilities: [],
  quantiles: [],
  intervals: [],
  survivals: [],
  guessed: [],
};

/** The columns that the model made, by what was given and else by what the task wants. */
export function choosePredictions(
  names: readonly string[],
  given: GivenPredictions,
  table: PredictionTask,
): Made | { readonly problem: string } {
  const { score, prediction, quantiles, intervals } = given;
  const { task, uri } = table;
  // Its scores are chosen with its labels.
  if (task === "multilabel") return nothingMade;
  if (task === "survival") return chooseRisk(names, given, uri);
  if (task === "forecasting") return chooseForecast(names, given, uri);
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
  given: GivenPredictions,
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

function foundPredictions(
  names: readonly string[],
  table: PredictionTask,
): Made | { readonly problem: string } {
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

/** A risk, which is higher where the event comes sooner, or a predicted time, which is lower there. */
function chooseRisk(
  names: readonly string[],
  { score, prediction, survivals: given = [] }: GivenPredictions,
  uri: string,
): Made | { readonly problem: string } {
  const survivals =
    given.length > 0 ? given.toSorted((one, other) => one.time - other.time) : survivalsByName(names);
  const guessed = given.length === 0 && survivals.length > 0 ? ["survival probabilities"] : [];
  const made = { ...nothingMade, survivals, guessed };
  if (score !== undefined || prediction !== undefined) return { ...made, score, prediction };
  const risk = findByName("risk", names);
  if (risk !== undefined) return { ...made, score: risk, guessed: ["score", ...guessed] };
  return {
    problem: `${uri} has no column called ${wellKnown.risk.join(", ")}: name the risk with --score (higher is sooner), or the predicted time with --prediction`,
  };
}

/** The point forecast is the prediction, else the median among the quantiles. */
function chooseForecast(
  names: readonly string[],
  given: GivenPredictions,
  uri: string,
): Made | { readonly problem: string } {
  const { intervals } = given;
  const isFound = given.quantiles.length + intervals.length === 0;
  const quantiles = isFound ? quantilesByName(names) : given.quantiles;
  const byName = isFound && quantiles.length > 0 ? ["quantiles"] : [];
  const named = given.prediction ?? given.score;
  if (named !== undefined)
    return { ...nothingMade, prediction: named, quantiles, intervals, guessed: byName };
  const prediction = findByName("forecast", names) ?? quantiles.find((one) => one.level === 0.5)?.column;
  if (prediction !== undefined)
    return { ...nothingMade, prediction, quantiles, intervals, guessed: ["prediction", ...byName] };
  return {
    problem: `${uri} has no column called ${wellKnown.forecast.join(", ")} and no median among quantiles: name the forecast with --prediction`,
  };
}

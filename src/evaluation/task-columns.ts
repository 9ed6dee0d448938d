import { didYouMean } from "./did-you-mean.ts";
import { findByName, type ProbabilityColumn, probabilitiesByName, wellKnown } from "./known-columns.ts";

/** The columns of one label of a multilabel task. */
export interface LabelColumns {
  readonly class: string;
  readonly label: string;
  /** All labels have one, or none. */
  readonly score: string | undefined;
  /** All labels have one, or none. */
  readonly prediction: string | undefined;
}

/** The columns of a forecast beside truth and prediction. */
export interface ForecastColumns {
  readonly horizon: string | undefined;
  readonly series: string | undefined;
  /** Error of the seasonal naive forecast in the training series: a column, or one for all. */
  readonly trainingMae: string | number | undefined;
  readonly trainingRmse: string | number | undefined;
}

export interface GivenTaskColumns {
  /** Of a survival task. */
  readonly duration: string | undefined;
  readonly event: string | undefined;
  /** Of a forecast. */
  readonly horizon: string | undefined;
  readonly series: string | undefined;
  /** Names of columns, or numbers as written. */
  readonly trainingMae: string | undefined;
  readonly trainingRmse: string | undefined;
}

type Found<T> = T | { readonly problem: string };

/** What a multilabel task is told; `*` in a pattern stands for the name of a label. */
interface GivenLabels {
  readonly label: string | undefined;
  readonly score: string | undefined;
  readonly prediction: string | undefined;
  readonly probabilities: readonly string[];
  readonly classes: readonly string[];
}

const truthPatterns = wellKnown.label.map((name) => `${name}_*`);
const scorePatterns = ["probability_*", "proba_*", "prob_*", "score_*"];
const predictionPatterns = wellKnown.prediction.map((name) => `${name}_*`);

interface LabelTable {
  /** For messages. */
  readonly uri: string;
  /** False where a model makes the scores. */
  readonly needsScores: boolean;
}

/**
 * The columns of each label: by the patterns that were given, else by well-known ones (`label_rain`, `score_rain`), for the labels that
 * were named, else for all that the pattern of the truth finds.
 */
export function multilabelColumns(
  names: readonly string[],
  given: GivenLabels,
  { uri, needsScores }: LabelTable,
): Found<{ readonly labels: readonly LabelColumns[]; readonly guessed: readonly string[] }> {
  const patterns = Object.entries({ label: given.label, score: given.score, prediction: given.prediction });
  for (const [flag, pattern] of patterns)
    if (pattern !== undefined && pattern.split("*").length !== 2)
      return {
        problem: `--${flag} is ${JSON.stringify(pattern)}, expected a pattern with one * for the name of a label of --task multilabel, such as ${JSON.stringify(`${flag}_*`)}`,
      };
  const classes = classesOf(names, given);
  if (classes.length < 2)
    return {
      problem: `${uri} has ${classes.length === 0 ? "no labels" : `one label (${classes[0]})`} by the names ${patternsOf(given.label, truthPatterns)}: say how the columns of the truths are called with --label PATTERN, or name the labels with --class; one label alone is --task binary`,
    };
  const truths = given.label === undefined ? [...truthPatterns, "*"] : [given.label];
  const labels = classes.map((name, place) => ({
    class: name,
    label: found(names, truths, name),
    score:
      given.probabilities[place] ??
      (needsScores ? found(names, listOf(given.score, scorePatterns), name) : undefined),
    prediction: needsScores ? found(names, listOf(given.prediction, predictionPatterns), name) : undefined,
  }));
  return wholeLabels(labels, { names, given, table: { uri, needsScores } });
}

type Sought = Omit<LabelColumns, "label"> & { readonly label: string | undefined };

/** Throws nothing away but what was found by name for some labels only. */
function wholeLabels(
  sought: readonly Sought[],
  {
    names,
    given,
    table: { uri, needsScores },
  }: { readonly names: readonly string[]; readonly given: GivenLabels; readonly table: LabelTable },
): Found<{ readonly labels: readonly LabelColumns[]; readonly guessed: readonly string[] }> {
  const lacking = (role: "label" | "score" | "prediction") => sought.filter((one) => one[role] === undefined);
  const problemOf = (role: "label" | "score" | "prediction", patterns: readonly string[]) => {
    const missing = lacking(role).slice(0, 5);
    const columns = missing.map((one) => (patterns[0] ?? "*").replace("*", one.class));
    return `${uri} has no column ${columns.map((name) => JSON.stringify(name)).join(", ")} (--${role})${didYouMean(columns[0] ?? "", names)}`;
  };
  if (lacking("label").length > 0) return { problem: problemOf("label", listOf(given.label, truthPatterns)) };
  const hasScores = lacking("score").length === 0;
  const hasPredictions = lacking("prediction").length === 0;
  if (given.score !== undefined && !hasScores) return { problem: problemOf("score", [given.score]) };
  if (given.prediction !== undefined && !hasPredictions)
    return { problem: problemOf("prediction", [given.prediction]) };
  if (needsScores && !hasScores && !hasPredictions)
    return {
      problem: `${uri} has neither a score nor a prediction for each label (${problemOf("score", scorePatterns).slice(uri.length + 1)}): say how the columns are called with --score PATTERN or --prediction PATTERN`,
    };
  const labels = sought.flatMap(({ class: name, label, score, prediction }) =>
    label === undefined
      ? []
      : [
          {
            class: name,
            label,
            score: hasScores ? score : undefined,
            prediction: hasPredictions ? prediction : undefined,
          },
        ],
  );
  const isGiven = {
    label: given.label,
    score: given.score ?? given.probabilities[0],
    prediction: given.prediction,
  };
  const guessed = [
    ...(isGiven.label === undefined ? ["labels"] : []),
    ...(hasScores && isGiven.score === undefined ? ["scores"] : []),
    ...(hasPredictions && isGiven.prediction === undefined ? ["predictions"] : []),
  ];
  return { labels, guessed };
}

function classesOf(names: readonly string[], { label, probabilities, classes }: GivenLabels): string[] {
  if (classes.length > 0) return [...classes];
  if (probabilities.length > 0) return probabilities.map(classOfProbability);
  for (const pattern of listOf(label, truthPatterns)) {
    const [before = "", after = ""] = pattern.split("*");
    const matching = names.filter(
      (name) => name.length > before.length + after.length && name.startsWith(before) && name.endsWith(after),
    );
    if (matching.length > 0 && before + after !== "")
      return matching.map((name) => name.slice(before.length, name.length - after.length));
  }
  return [];
}

function classOfProbability(column: string): string {
  const [known]: readonly ProbabilityColumn[] = probabilitiesByName([column], true);
  return known?.class ?? column;
}

function listOf(given: string | undefined, known: readonly string[]): readonly string[] {
  return given === undefined ? known : [given];
}

function patternsOf(given: string | undefined, known: readonly string[]): string {
  return listOf(given, known).join(", ");
}

/** Replaced by a function: a name may hold what a text of replacement would take for a pattern. */
function found(names: readonly string[], patterns: readonly string[], name: string): string | undefined {
  return patterns.map((pattern) => pattern.replace("*", () => name)).find((column) => names.includes(column));
}

/** Time until the event, and whether it was seen. */
export function survivalColumns(
  names: readonly string[],
  given: { readonly label: string | undefined; readonly more: GivenTaskColumns | undefined },
  uri: string,
): Found<{ readonly label: string; readonly event: string; readonly guessed: readonly string[] }> {
  const duration = given.more?.duration ?? given.label ?? findByName("duration", names);
  const event = given.more?.event ?? findByName("event", names);
  const missing = [
    ...(duration === undefined
      ? [
          `${uri} has no column called ${wellKnown.duration.join(", ")}: say which holds the time until the event with --duration`,
        ]
      : []),
    ...(event === undefined
      ? [
          `${uri} has no column called ${wellKnown.event.join(", ")}: say which is 1 where the event was seen with --event`,
        ]
      : []),
  ];
  if (duration === undefined || event === undefined) return { problem: missing.join(".\n") };
  const guessed = [
    ...(given.more?.duration === undefined && given.label === undefined ? ["duration"] : []),
    ...(given.more?.event === undefined ? ["event"] : []),
  ];
  return { label: duration, event, guessed };
}

/** Which columns a forecast has beside truth and prediction; a training error is a column or a number. */
export function forecastColumns(
  names: readonly string[],
  more: GivenTaskColumns | undefined,
  uri: string,
): Found<ForecastColumns> {
  const scales = [
    ["training-mae", more?.trainingMae],
    ["training-rmse", more?.trainingRmse],
  ] as const;
  const found = scales.map(([flag, text]): Found<{ readonly value: string | number | undefined }> => {
    if (text === undefined || names.includes(text)) return { value: text };
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (number > 0 && Number.isFinite(number)) return { value: number };
    return {
      problem: `${uri} has no column ${JSON.stringify(text)} (--${flag}), and it is no number above 0${didYouMean(text, names)}`,
    };
  });
  const problems = found.flatMap((one) => ("problem" in one ? [one.problem] : []));
  if (problems.length > 0) return { problem: problems.join(".\n") };
  const [trainingMae, trainingRmse] = found.map((one) => ("value" in one ? one.value : undefined));
  return { horizon: more?.horizon, series: more?.series, trainingMae, trainingRmse };
}

import { MlopsError } from "../../errors.ts";
import type { GivenColumns } from "../../evaluation/columns.ts";
import type { HistoryRequest } from "../../evaluation/open-history.ts";
import type { Task } from "../../evaluation/task.ts";
import type { BinaryOptions } from "../../metrics/binary/binary-input.ts";
import { binaryOptions } from "./binary-options.ts";
import type { EvaluateOptions } from "./flags.ts";
import { taskSettings } from "./task-flags.ts";

/** What is evaluated. */
export interface EvaluationSource {
  readonly paths: readonly string[];
  /** Undefined: the table holds the predictions. */
  readonly modelUri: string | undefined;
  readonly columns: GivenColumns;
  /** Of a ranking. */
  readonly ks: readonly number[];
  readonly binary: BinaryOptions;
  /** As given, or what the flags are for. */
  readonly task: Task | undefined;
  readonly taus: readonly number[];
  readonly history: HistoryRequest | undefined;
}

/** What the flags ask for. Throws one `usage` error with all that cannot be meant. */
export function sourceOf(options: EvaluateOptions): EvaluationSource {
  const predictions = [...options.predictions, ...options.predictionsPath];
  const { modelPath, evalDataPath } = options;
  const quantiles = options.quantile.map(parseQuantile);
  const intervals = options.interval.map(parseInterval);
  const survivals = options.survivalAt.map(parseSurvival);
  const binary = binaryOptions(options);
  const { settings, problems: taskProblems } = taskSettings(options);
  const problems = [
    ...binary.problems,
    ...taskProblems,
    ...tableProblems(options, predictions),
    ...columnProblems(options),
    ...options.k
      .filter((text) => !isCount(text))
      .map((text) => `--k is ${JSON.stringify(text)}, expected a whole number from 1 on.`),
    ...[...quantiles, ...intervals, ...survivals].flatMap((one) => ("problem" in one ? [one.problem] : [])),
    ...twiceProblems("--quantile", quantiles),
    ...twiceProblems("--interval", intervals),
    ...twiceTimes(survivals),
  ];
  if (problems.length > 0)
    throw new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: problems.join("\n") });
  return {
    paths: predictions.length > 0 ? predictions : evalDataPath,
    modelUri: modelPath,
    ks: options.k.map(Number),
    binary: binary.options,
    task: settings.task,
    taus: settings.taus,
    history: settings.history,
    columns: {
      label: options.label,
      score: options.score,
      prediction: options.prediction,
      probabilities: options.probability,
      classes: options.class,
      quantiles: quantiles.filter((one) => "level" in one),
      intervals: intervals.filter((one) => "level" in one),
      survivals: survivals.filter((one) => "time" in one),
      weight: options.weight,
      query: options.query,
      rowId: options.rowId,
      subgroups: options.subgroup,
      more: settings.columns,
    },
  };
}

function tableProblems(options: EvaluateOptions, predictions: readonly string[]): string[] {
  const { modelPath, evalDataPath } = options;
  const made = [
    options.score,
    options.prediction,
    ...options.probability,
    ...options.quantile,
    ...options.interval,
    ...options.survivalAt,
  ];
  return [
    ...(predictions.length > 0 && modelPath !== undefined
      ? [
          "--predictions and --model-path exclude each other: give the predictions or the model that makes them.",
        ]
      : []),
    ...(predictions.length === 0 && modelPath === undefined
      ? [
          "There is nothing to evaluate: give --predictions FILE, or --model-path MODEL with --eval-data-path FILE.",
        ]
      : []),
    ...(modelPath !== undefined && evalDataPath.length === 0
      ? ["--model-path needs --eval-data-path, the table to score the model on."]
      : []),
    ...(modelPath !== undefined && options.task === "quantile"
      ? ["--task quantile needs --predictions: a model gives one value a row."]
      : []),
    ...(modelPath !== undefined && made.some((one) => one !== undefined)
      ? [
          "--score, --prediction, --probability, --quantile, --interval and --survival-at name columns of a predictions table; with --model-path the model makes the scores.",
        ]
      : []),
  ];
}

function columnProblems(options: EvaluateOptions): string[] {
  const { task, score, prediction, probability, class: classes, query, positiveClass } = options;
  const isOther = (...wanted: string[]) => task !== undefined && !wanted.includes(task);
  const quantiles = [...options.quantile, ...options.interval];
  return [
    ...(score !== undefined && prediction !== undefined && task !== "multilabel"
      ? ["--score and --prediction exclude each other."]
      : []),
    ...(positiveClass !== undefined && isOther("binary")
      ? [`--positive-class and --task ${task} exclude each other: ${reasonOf(task)}.`]
      : []),
    ...(options.threshold !== undefined && isOther("binary", "multilabel")
      ? [`--threshold and --task ${task} exclude each other: only scores of two classes have one.`]
      : []),
    ...(probability.length > 0 && isOther("multiclass", "multilabel")
      ? [`--probability and --task ${task} exclude each other; --score names the probability of class 1.`]
      : []),
    ...(probability.length === 1 ? ["--probability is given once, expected once for each class."] : []),
    ...(classes.length > 0 && probability.length > 0 && classes.length !== probability.length
      ? [
          `--class is given ${classes.length} times and --probability ${probability.length} times: one for each class.`,
        ]
      : []),
    ...(new Set(classes).size < classes.length ? ["--class names a class twice."] : []),
    ...(options.k.length > 0 && isOther("ranking") ? [`--k and --task ${task} exclude each other.`] : []),
    ...(query !== undefined && isOther("ranking") ? [`--query and --task ${task} exclude each other.`] : []),
    ...(quantiles.length > 0 && isOther("quantile", "forecasting")
      ? [`--quantile or --interval and --task ${task} exclude each other.`]
      : []),
  ];
}

function isCount(text: string): boolean {
  return /^[1-9][0-9]{0,8}$/.test(text.trim());
}

function reasonOf(task: string | undefined): string {
  return task === "regression" ? "a regression has no classes" : "only a task of two classes has one";
}

type Parsed<T> = T | { readonly problem: string };

/** `0.9=p90` */
function parseQuantile(text: string): Parsed<GivenColumns["quantiles"][number]> {
  const [, written = "", column = ""] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const level = levelOf(written);
  if (level !== undefined) return { level, column };
  return {
    problem: `--quantile is ${JSON.stringify(text)}, expected a level between 0 and 1 and a column, such as 0.9=p90.`,
  };
}

/** `0.8=low:high` */
function parseInterval(text: string): Parsed<GivenColumns["intervals"][number]> {
  const [, written = "", lower = "", upper = ""] = /^([^=]*)=([^:]+):([^:]+)$/s.exec(text) ?? [];
  const level = levelOf(written);
  if (level !== undefined) return { level, lower, upper };
  return {
    problem: `--interval is ${JSON.stringify(text)}, expected a level between 0 and 1 and two columns, such as 0.8=low:high.`,
  };
}

/** `365=s365` */
function parseSurvival(text: string): Parsed<NonNullable<GivenColumns["survivals"]>[number]> {
  const [, written = "", column = ""] = /^([^=]*)=(.+)$/s.exec(text) ?? [];
  const time = written.trim() === "" ? Number.NaN : Number(written);
  if (time >= 0 && Number.isFinite(time)) return { time, column };
  return {
    problem: `--survival-at is ${JSON.stringify(text)}, expected a time and a column, such as 365=s365.`,
  };
}

function twiceTimes(parsed: readonly Parsed<{ readonly time: number }>[]): string[] {
  const times = parsed.flatMap((one) => ("time" in one ? [one.time] : []));
  const twice = new Set(times.filter((time, place) => times.indexOf(time) < place));
  return [...twice].map((time) => `--survival-at names the time ${time} twice.`);
}

/** Metrics carry the level in their name: two columns of one level would be one metric. */
function twiceProblems(flag: string, parsed: readonly Parsed<{ readonly level: number }>[]): string[] {
  const levels = parsed.flatMap((one) => ("level" in one ? [one.level] : []));
  const twice = new Set(levels.filter((level, place) => levels.indexOf(level) < place));
  return [...twice].map((level) => `${flag} names the level ${level} twice.`);
}

function levelOf(text: string): number | undefined {
  const level = text.trim() === "" ? Number.NaN : Number(text);
  return level > 0 && level < 1 ? level : undefined;
}

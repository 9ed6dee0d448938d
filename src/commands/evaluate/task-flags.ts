import type { HistoryRequest } from "../../evaluation/open-history.ts";
import { isTask, type Task } from "../../evaluation/task.ts";
import type { GivenTaskColumns } from "../../evaluation/task-columns.ts";
import type { EvaluateOptions } from "./flags.ts";

/** What single tasks are told by flags of their own. */
export interface TaskSettings {
  /** As given, or what those flags are for. */
  readonly task: Task | undefined;
  readonly columns: GivenTaskColumns;
  readonly taus: readonly number[];
  readonly history: HistoryRequest | undefined;
}

/** Flags that one task alone has. */
function flagsOf(options: EvaluateOptions): { readonly task: Task; readonly flag: string }[] {
  const { duration, event, tau, horizon, series, history, time, season } = options;
  const { trainingMae, trainingRmse, survivalAt } = options;
  const given = [
    ["survival", "--duration", duration !== undefined],
    ["survival", "--event", event !== undefined],
    ["survival", "--tau", tau.length > 0],
    ["survival", "--survival-at", survivalAt.length > 0],
    ["forecasting", "--horizon", horizon !== undefined],
    ["forecasting", "--series", series !== undefined],
    ["forecasting", "--history", history.length > 0],
    ["forecasting", "--time", time !== undefined],
    ["forecasting", "--season", season !== undefined],
    ["forecasting", "--training-mae", trainingMae !== undefined],
    ["forecasting", "--training-rmse", trainingRmse !== undefined],
  ] as const;
  return given.flatMap(([task, flag, isGiven]) => (isGiven ? [{ task, flag }] : []));
}

/** The settings, and what is wrong with how they were written. */
export function taskSettings(options: EvaluateOptions): {
  readonly settings: TaskSettings;
  readonly problems: readonly string[];
} {
  const { duration, event, horizon, series, trainingMae, trainingRmse, history, time, season } = options;
  const given = flagsOf(options);
  const named = options.task !== undefined && isTask(options.task) ? options.task : undefined;
  const task = named ?? given[0]?.task;
  return {
    settings: {
      task,
      columns: { duration, event, horizon, series, trainingMae, trainingRmse },
      taus: options.tau.map(Number),
      history: history.length === 0 ? undefined : { paths: history, time, season: season ?? 1 },
    },
    problems: [
      ...given
        .filter((one) => one.task !== task)
        .map(({ flag }) => `${flag} and --task ${task} exclude each other.`),
      ...options.tau
        .filter((text) => !(Number(text) > 0 && Number.isFinite(Number(text))))
        .map((text) => `--tau is ${JSON.stringify(text)}, expected a time above 0.`),
      ...historyProblems(options),
      ...(task === undefined ? [] : otherProblems(options, task)),
    ],
  };
}

function historyProblems({ history, time, season, trainingMae, trainingRmse }: EvaluateOptions): string[] {
  const hasErrors = trainingMae !== undefined || trainingRmse !== undefined;
  return [
    ...(history.length > 0 && hasErrors
      ? ["--history and --training-mae or --training-rmse exclude each other: it says what they are."]
      : []),
    ...(history.length === 0 && time !== undefined ? ["--time needs --history, whose rows it orders."] : []),
    ...(history.length === 0 && season !== undefined
      ? ["--season needs --history; the errors of --training-mae and --training-rmse have theirs."]
      : []),
    ...(season === 0 ? ["--season is 0, expected at least 1."] : []),
  ];
}

function otherProblems(options: EvaluateOptions, task: Task): string[] {
  const { label, duration, threshold, prediction, modelPath, quantile, interval } = options;
  return [
    ...(task === "survival" && label !== undefined && duration !== undefined && label !== duration
      ? ["--label and --duration exclude each other."]
      : []),
    ...(task === "multilabel" && threshold !== undefined && prediction !== undefined
      ? ["--threshold and --prediction exclude each other: the labels are predicted already."]
      : []),
    ...(modelPath !== undefined && task === "forecasting" && quantile.length + interval.length > 0
      ? ["--quantile and --interval need --predictions: a model gives one value a row."]
      : []),
  ];
}

import type { CommandInput, FlagTable, OptionsOf } from "../../command.ts";
import { taskNames } from "../../results/task-names.ts";
import { pythonFlags, runFlags, trackingFlags } from "../shared-flags.ts";
import { columnFlags } from "./column-flags.ts";

const tableFlags = {
  predictions: {
    kind: "path-list",
    value: "PATH",
    summary:
      "table of truths and predictions: CSV, Parquet or Arrow file, glob, folder or s3:// address; several are read as one table",
  },
  predictionsPath: { kind: "path-list", value: "PATH", summary: "synonym of --predictions" },
  modelPath: {
    kind: "path",
    value: "MODEL",
    summary:
      "model to score: a file or folder (scikit-learn, XGBoost, LightGBM, ONNX, MLflow, ...), runs:/ID/PATH, models:/NAME/VERSION, models:/NAME@ALIAS",
  },
  evalDataPath: {
    kind: "path-list",
    value: "PATH",
    summary: "table to score the model on; as --predictions",
  },
} as const satisfies FlagTable;

const measureFlags = {
  task: {
    kind: "string",
    value: "TASK",
    choices: taskNames,
    summary: "default: by the columns that are there, binary where the labels are 0 and 1, else regression",
  },
  threshold: {
    kind: "number",
    value: "NUMBER",
    summary: "class 1 is predicted from this score on (default: 0.5)",
  },
  k: {
    kind: "list",
    value: "N",
    summary: "how many of the first rows of a ranking count (default: 5 and 10)",
  },
  tau: {
    kind: "list",
    value: "TIME",
    summary: "survival: also Uno's concordance of the events before this time",
  },
  history: {
    kind: "path-list",
    value: "PATH",
    summary: "forecasting: table of the training series, whose naive error MASE and RMSSE divide by",
  },
  time: {
    kind: "string",
    value: "COLUMN",
    summary: "orders the series of --history (default: time, timestamp, date or ds)",
  },
  season: {
    kind: "integer",
    value: "N",
    summary:
      "steps after which the series of --history repeat themselves, such as 12 for months (default: 1)",
  },
  trainingMae: {
    kind: "string",
    value: "COLUMN|NUMBER",
    summary: "forecasting: mean absolute error of the naive forecast in the training series, for MASE",
  },
  trainingRmse: {
    kind: "string",
    value: "COLUMN|NUMBER",
    summary: "forecasting: root mean squared error of the naive forecast there, for RMSSE",
  },
  metric: {
    kind: "list",
    value: "NAME",
    summary: "show and log these metrics only, by any of their names; the result file has all",
  },
  positiveClass: { kind: "string", value: "LABEL", summary: "the label that counts as 1" },
  minPrecision: {
    kind: "list",
    value: "SHARE",
    summary: "also choose the threshold of the best recall at this precision, such as 0.9",
  },
  minRecall: {
    kind: "list",
    value: "SHARE",
    summary: "also choose the threshold of the best precision at this recall",
  },
  cost: {
    kind: "list",
    value: "FP:FN",
    summary: "also choose the threshold of the lowest cost, where a false alarm costs FP and a miss FN",
  },
  maxGroups: {
    kind: "integer",
    value: "N",
    default: 200,
    summary: "groups of one --subgroup, beyond which it is refused",
  },
  customMetrics: {
    kind: "path-list",
    value: "FILE",
    summary: "JSON list of further metrics: name, value, higherIsBetter, n",
  },
  metricsProgram: {
    kind: "string",
    value: "COMMAND",
    summary: "program that prints such a list; it finds the table in MLOPS_EVALUATION_FILES",
  },
  metricsTimeout: {
    kind: "duration",
    value: "TIME",
    default: 300_000,
    summary: "time limit of --metrics-program",
  },
} as const satisfies FlagTable;

export const evaluateFlags = {
  ...tableFlags,
  ...columnFlags,
  ...measureFlags,
  outputPath: {
    kind: "path",
    value: "FILE",
    default: "evaluation_results.json",
    summary: "where the result is written",
  },
  scoresPath: {
    kind: "path",
    value: "FILE",
    summary:
      "also keep row id, label, scores and subgroups as Parquet (default: scores.parquet beside the result, where a model is scored)",
  },
  report: {
    kind: "path",
    value: "FILE",
    summary: "also write the evaluation as one HTML page: charts, tables, subgroups",
  },
  charts: {
    kind: "path",
    value: "DIR",
    summary: "also write each chart as SVG, PNG and Vega-Lite specification into this folder",
  },
  metricsFile: {
    kind: "path",
    value: "FILE",
    summary: "also write the metrics as OpenMetrics (artifacts:reports:metrics)",
  },
  threads: {
    kind: "integer",
    value: "N",
    summary: "threads that read and measure (default: the processors of the job)",
  },
  memoryLimit: {
    kind: "string",
    value: "SIZE",
    summary:
      "memory of the reading, and as much for the arrays, 400MB or 2GB, beyond which disk is used (default: by the memory of the job)",
  },
  ...runFlags,
  ...trackingFlags,
  ...pythonFlags,
} as const satisfies FlagTable;

export type EvaluateInput = CommandInput<OptionsOf<typeof evaluateFlags>, undefined>;
export type EvaluateOptions = EvaluateInput["options"];

import path from "node:path";
import type { MeasurementDetails } from "../metrics/details.ts";
import type { GroupMetrics } from "../metrics/metric-set.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import { resultHead } from "../results/head.ts";
import type { EvaluatedTable } from "./evaluated-table.ts";
import type { Measurement } from "./measure.ts";

/** The content of `evaluation_results.json`. The run is the one that was named, else the one that the model came from. */
export function evaluationDocument(
  evaluated: EvaluatedTable,
  measured: Measurement,
  head: {
    readonly version: string;
    readonly startedAt: Date;
    readonly finishedAt: Date;
    readonly runId: string | undefined;
    /** Of the result file: files beside it are named from there. */
    readonly directory: string;
  },
): EvaluationResults {
  const { model, evalSet, scores } = evaluated;
  if (evalSet === undefined || scores === undefined) throw new RangeError("nothing was measured");
  const role = model === undefined ? "predictions" : "evaluation data";
  return {
    ...resultHead({
      version: head.version,
      command: "evaluate",
      verdict: "pass",
      startedAt: head.startedAt,
      finishedAt: head.finishedAt,
      inputs: [
        ...evaluated.files.map(({ uri, sha256, sizeBytes }) => ({ role, uri, sha256, sizeBytes })),
        ...evaluated.historyFiles.map(({ uri, sha256, sizeBytes }) => ({
          role: "training series",
          uri,
          sha256,
          sizeBytes,
        })),
        ...(model === undefined
          ? []
          : [{ role: "model", uri: model.uri, sha256: model.sha256, sizeBytes: model.sizeBytes }]),
      ],
    }),
    runId: head.runId ?? model?.runId ?? null,
    task: measured.task,
    ...measuredOf(measured.overall),
    threshold: measured.threshold,
    ...detailsOf(measured.overall),
    subgroups: subgroupsOf(measured),
    ...(evaluated.customMetrics.length === 0
      ? {}
      : {
          customMetrics: evaluated.customMetrics.map(({ name, higherIsBetter, count, source }) => ({
            name,
            higherIsBetter,
            count,
            source,
          })),
        }),
    evalSet,
    scores: scoresOf(scores, head.directory),
    columns: columnsOf(evaluated),
    model:
      model === undefined
        ? null
        : {
            uri: model.uri,
            sha256: model.sha256,
            runId: model.runId,
            type: model.modelType,
            features: [...model.features],
          },
    versions: evaluated.versions,
  };
}

function scoresOf(
  { kind, dtype, sha256, file }: NonNullable<EvaluatedTable["scores"]>,
  directory: string,
): EvaluationResults["scores"] {
  const kept = file && { uri: path.relative(directory, file.file), sha256: file.sha256 };
  return { kind, dtype, sha256, file: kept ?? null };
}

function columnsOf({ columns, positiveClass }: EvaluatedTable): EvaluationResults["columns"] {
  const { score, prediction, rowId, weight, query, subgroups, probabilities, quantiles, survivals } = columns;
  return {
    ...truthOf(columns),
    score: score ?? null,
    prediction: prediction ?? null,
    rowId: rowId ?? null,
    subgroups: subgroups.map((subgroup) => subgroup.name),
    positiveClass: positiveClass ?? null,
    weight: weight ?? null,
    query: query ?? null,
    ...(probabilities.length === 0
      ? {}
      : { probabilities: Object.fromEntries(probabilities.map((one) => [one.class, one.column])) }),
    ...(survivals.length === 0
      ? {}
      : { survivals: Object.fromEntries(survivals.map(({ time, column }) => [String(time), column])) }),
    ...(quantiles.length === 0
      ? {}
      : { quantiles: Object.fromEntries(quantiles.map(({ level, column }) => [String(level), column])) }),
  };
}

function truthOf({
  label,
  labels,
  event,
  forecast,
}: EvaluatedTable["columns"]): Pick<EvaluationResults["columns"], "label" | "labels" | "event" | "horizon"> {
  const own = labels.map(({ class: name, label: column, score = null, prediction = null }) => [
    name,
    { label: column, score, prediction },
  ]);
  const named = Object.entries(forecast ?? {}).filter(([, column]) => column !== undefined);
  return {
    label: labels.length === 0 ? label : labels.map((one) => one.label).join(", "),
    ...(labels.length === 0 ? {} : { labels: Object.fromEntries(own) }),
    ...(event === undefined ? {} : { event }),
    ...Object.fromEntries(named),
  };
}

function subgroupsOf({ subgroups }: Measurement): EvaluationResults["subgroups"] {
  const columns = [...new Set(subgroups.map((group) => group.column))];
  return Object.fromEntries(
    columns.map((column) => [
      column,
      Object.fromEntries(
        subgroups
          .filter((group) => group.column === column)
          .map(({ value, metrics }) => [value, measuredOf(metrics)]),
      ),
    ]),
  );
}

function measuredOf(group: GroupMetrics): EvaluationResults["subgroups"][string][string] {
  const { metrics, count, positives, negatives, weight, intervals } = group;
  return {
    metrics: { ...metrics },
    undefined: { ...group.undefined },
    ...(weight === undefined ? {} : { weight }),
    ...(intervals === undefined ? {} : { intervals }),
    count,
    positives,
    negatives,
  };
}

/** What a person looks at beside the numbers; what a task does not have is left out. */
function detailsOf(details: MeasurementDetails): Pick<EvaluationResults, "confusion" | DetailName> {
  const all = detailNames.map((name) => [name, details[name]] as const);
  const there = all.filter(([, value]) => value !== undefined);
  return { confusion: details.confusion ?? null, ...Object.fromEntries(there) };
}

const detailNames = [
  "confusionMatrix",
  "perClass",
  "curves",
  "calibration",
  "scoreHistogram",
  "thresholdChoices",
  "deciles",
  "residuals",
  "predictedActual",
  "lorenz",
  "horizons",
  "pairs",
  "queries",
  "levels",
] as const satisfies readonly (keyof EvaluationResults & keyof MeasurementDetails)[];
type DetailName = (typeof detailNames)[number];

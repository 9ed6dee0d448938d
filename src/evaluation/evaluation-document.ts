import { resultHead } from "../results/core.ts";
import type { EvaluationResults } from "../results/evaluation-results.ts";
import type { EvaluatedTable } from "./evaluate-table.ts";
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
  },
): EvaluationResults {
  const { columns, model, evalSet, scores } = evaluated;
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
        ...(model === undefined
          ? []
          : [{ role: "model", uri: model.uri, sha256: model.sha256, sizeBytes: model.sizeBytes }]),
      ],
    }),
    runId: head.runId ?? model?.runId ?? null,
    task: measured.task,
    metrics: { ...measured.overall.metrics },
    undefined: { ...measured.overall.undefined },
    count: measured.overall.count,
    positives: measured.overall.positives,
    negatives: measured.overall.negatives,
    threshold: measured.threshold,
    confusion: measured.confusion,
    subgroups: subgroupsOf(measured),
    evalSet,
    scores,
    columns: {
      label: columns.label,
      score: columns.score ?? null,
      prediction: columns.prediction ?? null,
      rowId: columns.rowId ?? null,
      subgroups: [...columns.subgroups],
      positiveClass: evaluated.positiveClass ?? null,
    },
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
          .map(({ value, metrics }) => [
            value,
            {
              count: metrics.count,
              positives: metrics.positives,
              negatives: metrics.negatives,
              metrics: { ...metrics.metrics },
              undefined: { ...metrics.undefined },
            },
          ]),
      ),
    ]),
  );
}

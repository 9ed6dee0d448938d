import type { Metric, TrackingSession } from "../tracking/types.ts";
import type { Measurement } from "./measure.ts";

/** Where the result file stands among the run's artifacts; `gate` looks for it there. */
export const evaluationArtifact = "evaluation_results.json";

/** The rows that were measured, so that the next model can be compared on the same ones. */
export const scoresArtifact = "scores.parquet";

/**
 * Logs `eval.<metric>` and `eval.<metric>.<column>.<value>` on the run and uploads the result file. Undefined metrics are left
 * out, and of two subgroups whose names are one MLflow key the second. A model of another run is not logged at all: the figures
 * would be another model's. Returns what a person should know of it.
 */
export async function logEvaluation(
  session: Pick<TrackingSession, "client" | "description">,
  request: {
    readonly runId: string;
    /** Where the registry or the model's address says so. */
    readonly modelRunId: string | undefined;
    readonly measured: Measurement;
    readonly resultFile: string;
    /** The kept scores, where there are any. */
    readonly scoresFile: string | undefined;
    /** Pages and charts, and where they go among the artifacts. */
    readonly reports: readonly { readonly file: string; readonly artifact: string }[];
    readonly timestampMs: number;
  },
): Promise<{ readonly notices: readonly string[]; readonly warnings: readonly string[] }> {
  const { runId, modelRunId = runId, measured, resultFile, scoresFile, reports, timestampMs } = request;
  if (modelRunId !== runId) {
    const warning = `The model is of run ${modelRunId}, not of ${runId}: nothing was logged on a run.`;
    return { notices: [], warnings: [warning] };
  }
  const { client, description } = session;
  const { metrics, clashes } = metricsOf(measured, timestampMs);
  // First, since it says best what is wrong where the run is not there.
  const run = await client.getRun(runId);
  await client.logBatch(runId, { metrics });
  await client.artifacts.uploadFile(run.artifactUri, evaluationArtifact, resultFile);
  if (scoresFile !== undefined)
    await client.artifacts.uploadFile(run.artifactUri, scoresArtifact, scoresFile);
  for (const { file, artifact } of reports)
    await client.artifacts.uploadFile(run.artifactUri, artifact, file);
  const logged = [
    ...["metrics", evaluationArtifact],
    ...(scoresFile === undefined ? [] : [scoresArtifact]),
    ...(reports.length === 0 ? [] : ["reports"]),
  ];
  const clash = `Two subgroups have the same name as an MLflow key, the second was not logged: ${clashes.join(", ")}.`;
  return {
    notices: [
      `${logged.slice(0, -1).join(", ")} and ${logged.at(-1)} logged on run ${runId} in ${description}`,
    ],
    warnings: clashes.length === 0 ? [] : [clash],
  };
}

function metricsOf(
  { overall, subgroups }: Measurement,
  timestampMs: number,
): { readonly metrics: Metric[]; readonly clashes: string[] } {
  const values = new Map<string, number>();
  const clashes: string[] = [];
  const add = (key: string, value: number | null) => {
    if (value === null) return;
    if (values.has(key)) clashes.push(key);
    else values.set(key, value);
  };
  for (const [name, value] of Object.entries(overall.metrics)) {
    add(`eval.${keyPart(name)}`, value);
    const alias = mlflowNames[name];
    if (alias !== undefined) add(`eval.${alias}`, value);
  }
  add("eval.example_count", overall.count);
  for (const group of subgroups) {
    const suffix = `${keyPart(group.column)}.${keyPart(group.value)}`;
    for (const name of subgroupMetrics) add(`eval.${name}.${suffix}`, group.metrics.metrics[name] ?? null);
  }
  const metrics = [...values].map(([key, value]) => ({ key, value, timestampMs, step: 0 }));
  return { metrics, clashes };
}

/** What MLflow's own evaluation calls it, for dashboards that know these names. */
const mlflowNames: Readonly<Record<string, string>> = {
  accuracy: "accuracy_score",
  precision: "precision_score",
  recall: "recall_score",
  f1: "f1_score",
  average_precision: "precision_recall_auc",
  mae: "mean_absolute_error",
  mse: "mean_squared_error",
  rmse: "root_mean_squared_error",
  r2: "r2_score",
  mape: "mean_absolute_percentage_error",
};

/** Of subgroups these are logged: all of them of hundreds of groups would bury the run. The result file has every one. */
const subgroupMetrics = [
  ..."roc_auc average_precision log_loss brier accuracy precision recall f1".split(" "),
  ..."roc_auc_ovr f1_macro balanced_accuracy".split(" "),
  ..."rmse mae mse r2 bias".split(" "),
  ..."ndcg map mrr pinball".split(" "),
];

/** MLflow's keys: letters, digits and `_ - . /` and blanks; `.` divides ours. */
function keyPart(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_").replaceAll(/^_+|_+$/g, "");
  return (plain === "" ? "_" : plain).slice(0, 100);
}

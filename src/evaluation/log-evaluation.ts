import type { Metric, TrackingSession } from "../tracking/types.ts";
import type { Measurement } from "./measure.ts";

/** Where the result file stands among the run's artifacts; `gate` looks for it there. */
export const evaluationArtifact = "evaluation_results.json";

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
    readonly timestampMs: number;
  },
): Promise<{ readonly notices: readonly string[]; readonly warnings: readonly string[] }> {
  const { runId, modelRunId = runId, measured, resultFile, timestampMs } = request;
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
  const clash = `Two subgroups have the same name as an MLflow key, the second was not logged: ${clashes.join(", ")}.`;
  return {
    notices: [`metrics and ${evaluationArtifact} logged on run ${runId} in ${description}`],
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
  for (const [name, value] of Object.entries(overall.metrics)) add(`eval.${keyPart(name)}`, value);
  for (const group of subgroups) {
    const suffix = `${keyPart(group.column)}.${keyPart(group.value)}`;
    for (const [name, value] of Object.entries(group.metrics.metrics))
      add(`eval.${keyPart(name)}.${suffix}`, value);
  }
  const metrics = [...values].map(([key, value]) => ({ key, value, timestampMs, step: 0 }));
  return { metrics, clashes };
}

/** MLflow's keys: letters, digits and `_ - . /` and blanks; `.` divides ours. */
function keyPart(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_").replaceAll(/^_+|_+$/g, "");
  return (plain === "" ? "_" : plain).slice(0, 100);
}

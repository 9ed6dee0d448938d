import type { Metric, TrackingClient } from "../tracking/types.ts";
import type { Measurement } from "./measure.ts";

/** Where the result file stands among the run's artifacts; `gate` looks for it there. */
export const evaluationArtifact = "evaluation_results.json";

/**
 * Logs `eval.<metric>` and `eval.<metric>.<column>.<value>` on the run and uploads the result file. Undefined metrics are left
 * out. Returns the subgroup metrics whose keys MLflow could not tell apart, which were left out too.
 */
export async function logEvaluation(
  client: TrackingClient,
  request: {
    readonly runId: string;
    readonly measured: Measurement;
    readonly resultFile: string;
    readonly timestampMs: number;
  },
): Promise<readonly string[]> {
  const { runId, measured, resultFile, timestampMs } = request;
  const { metrics, clashes } = metricsOf(measured, timestampMs);
  await client.logBatch(runId, { metrics });
  const run = await client.getRun(runId);
  await client.artifacts.uploadFile(run.artifactUri, evaluationArtifact, resultFile);
  return clashes;
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
  for (const [name, value] of Object.entries(overall.metrics)) add(`eval.${name}`, value);
  for (const group of subgroups) {
    const suffix = `${keyPart(group.column)}.${keyPart(group.value)}`;
    for (const [name, value] of Object.entries(group.metrics.metrics)) add(`eval.${name}.${suffix}`, value);
  }
  const metrics = [...values].map(([key, value]) => ({ key, value, timestampMs, step: 0 }));
  return { metrics, clashes };
}

/** MLflow's keys: letters, digits and `_ - . /` and blanks; `.` divides ours. */
function keyPart(text: string): string {
  const plain = text.replaceAll(/[^\p{L}\p{N}_-]+/gu, "_").replaceAll(/^_+|_+$/g, "");
  return (plain === "" ? "_" : plain).slice(0, 100);
}

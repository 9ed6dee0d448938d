import type { CustomMetric, ProgramInput } from "./custom-metrics.ts";
import type { EvaluationRequest } from "./evaluated-table.ts";
import type { Measurement } from "./measure.ts";

/** The measurement with the custom metrics that were asked for among its own. Throws as `customMetrics`. */
export async function withCustomMetrics(
  request: EvaluationRequest,
  input: ProgramInput,
  measured: Measurement,
): Promise<{ readonly measured: Measurement; readonly custom: readonly CustomMetric[] }> {
  const { files, program } = request.custom;
  if (files.length === 0 && program === undefined) return { measured, custom: [] };
  const { customMetrics, withCustom } = await import("./custom-metrics.ts");
  const ours = Object.keys(measured.overall.metrics);
  const custom = await customMetrics({ ...request, ...request.custom }, input, ours);
  return { measured: withCustom(measured, custom), custom };
}

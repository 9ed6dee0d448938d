import { type EvaluationResults, evaluationResults } from "../../src/results/evaluation-results.ts";

const digest = "0123456789abcdef".repeat(4);

/** A result as `mlops evaluate` writes it, with `part` in the place of its own fields; a part that is none is an error here. */
export function resultCase(part: Partial<EvaluationResults> = {}): EvaluationResults {
  return evaluationResults.parse({
    schemaVersion: 1,
    tool: { name: "mlops", version: "0.1.0" },
    command: "evaluate",
    verdict: "pass",
    startedAt: "2026-11-22T09:00:00.000Z",
    finishedAt: "2026-11-22T09:00:02.500Z",
    inputs: [{ role: "predictions", uri: "predictions.parquet", sha256: digest, sizeBytes: 81920 }],
    runId: null,
    task: "binary",
    metrics: {},
    undefined: {},
    count: 1000,
    positives: null,
    negatives: null,
    threshold: null,
    confusion: null,
    subgroups: {},
    evalSet: { rows: 1000, sha256: digest, identifiedBy: "row-id" },
    scores: { kind: "score", dtype: "float64", sha256: digest },
    columns: {
      label: "death",
      score: "probability",
      prediction: null,
      rowId: "policy",
      subgroups: [],
      positiveClass: null,
    },
    model: null,
    ...part,
  });
}

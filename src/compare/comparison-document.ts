import type { ComparisonResult } from "../results/comparison.ts";
import { resultHead } from "../results/head.ts";
import type { Comparison } from "./comparison.ts";
import type { Side } from "./side.ts";

/** The result of `mlops compare` as JSON. */
export function comparisonDocument(
  sides: readonly Side[],
  comparison: Comparison,
  head: { readonly version: string; readonly startedAt: Date; readonly finishedAt: Date },
): ComparisonResult {
  return {
    ...resultHead({
      ...head,
      command: "compare",
      verdict: "pass",
      inputs: sides.map((side) => side.input),
    }),
    sides: sides.map(({ label, uri, description, evaluation }) => ({
      label,
      uri,
      description,
      runId: evaluation.identity.runId,
      evaluatedAt: evaluation.evaluatedAt,
      evalSet: evaluation.evalSet,
    })),
    ...comparison,
  };
}

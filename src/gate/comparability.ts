import type { Evaluation } from "./evaluation.ts";
import type { GatePolicy } from "./policy.ts";

export interface Comparability {
  /** Why the two may not be compared; undefined where they may. */
  readonly problem: string | undefined;
  readonly warnings: readonly string[];
}

/** Whether two evaluations are of different models, on the same rows, and recent enough. `nowMs` is epoch ms. */
export function comparabilityOf(
  sides: { readonly candidate: Evaluation; readonly baseline: Evaluation },
  policy: GatePolicy,
  nowMs: number,
): Comparability {
  const problems: string[] = [];
  const warnings: string[] = [];
  const shared = sharedIdentity(sides.candidate, sides.baseline);
  if (shared !== undefined) {
    const sentence = `the candidate is the baseline: both have ${shared}`;
    if (policy.allowSelfComparison) warnings.push(`${sentence}; compared because of --allow-self-comparison`);
    else problems.push(`${sentence}. Evaluate the new model, or say --allow-self-comparison`);
  }
  compareEvalSets(sides, policy, { problems, warnings });
  const stale = staleness(sides.baseline, policy.maxBaselineAgeMs, nowMs);
  if (stale !== undefined) problems.push(stale);
  return { problem: problems.length === 0 ? undefined : problems.join("; "), warnings };
}

function sharedIdentity(one: Evaluation, other: Evaluation): string | undefined {
  const a = one.identity;
  const b = other.identity;
  if (a.runId !== null && a.runId === b.runId) return `run ${a.runId}`;
  if (a.modelSha256 !== null && a.modelSha256 === b.modelSha256)
    return `the model file sha256 ${a.modelSha256.slice(0, 12)}`;
  if (a.modelUri !== null && a.modelUri === b.modelUri && isVersionUri(a.modelUri))
    return `the model ${a.modelUri}`;
  if (a.scoresSha256 !== null && a.scoresSha256 === b.scoresSha256) return "bit-identical scores";
  return undefined;
}

/** An alias or a local path may be another model a day later; a version or a run's model may not. */
function isVersionUri(uri: string): boolean {
  return /^(runs|models):\//.test(uri) && !uri.includes("@");
}

function compareEvalSets(
  { candidate, baseline }: { readonly candidate: Evaluation; readonly baseline: Evaluation },
  policy: GatePolicy,
  said: { readonly problems: string[]; readonly warnings: string[] },
): void {
  const [a, b] = [candidate.evalSet, baseline.evalSet];
  const isOtherCount = a.rows !== null && b.rows !== null && a.rows !== b.rows;
  if (a.sha256 !== null && a.sha256 === b.sha256) {
    if (isOtherCount)
      said.problems.push(
        `the same evaluation-set digest stands for ${a.rows} rows and for ${b.rows}: one file is wrong`,
      );
  } else if (isOtherCount || (a.sha256 !== null && b.sha256 !== null)) {
    const digests =
      a.sha256 === null || b.sha256 === null
        ? ""
        : `, digests ${a.sha256.slice(0, 12)} and ${b.sha256.slice(0, 12)}`;
    const sentence = `the evaluation sets differ (${a.rows ?? "?"} and ${b.rows ?? "?"} rows${digests})`;
    if (policy.allowChangedEvalSet)
      said.warnings.push(`${sentence}; compared because of --allow-changed-eval-set`);
    else
      said.problems.push(
        `${sentence}. Evaluate both models on the same rows, with the same --label and --row-id, or say --allow-changed-eval-set`,
      );
  } else if (a.sha256 !== b.sha256) {
    const silent = a.sha256 === null ? candidate.uri : baseline.uri;
    said.warnings.push(
      `${silent} does not say on which rows it was measured: compared as if on the same ones`,
    );
  }
}

function staleness(baseline: Evaluation, maxAgeMs: number | undefined, nowMs: number): string | undefined {
  if (maxAgeMs === undefined) return undefined;
  const measuredMs = baseline.evaluatedAt === null ? Number.NaN : Date.parse(baseline.evaluatedAt);
  if (Number.isNaN(measuredMs))
    return `${baseline.uri} does not say when it was measured, and --max-baseline-age is set`;
  if (nowMs - measuredMs <= maxAgeMs) return undefined;
  return `${baseline.uri} is of ${baseline.evaluatedAt}, older than --max-baseline-age allows. Evaluate the baseline model again`;
}

import type { GateDecision } from "../gate/decide.ts";
import type { Evaluation } from "../gate/evaluation.ts";
import type { GateResult } from "../results/gate.ts";
import { resultHead } from "../results/head.ts";
import type { FoundBaseline, FoundEvaluation } from "./read-baseline.ts";

/** The content of `gate.json`. */
export function gateDocument(
  parts: {
    readonly candidate: FoundEvaluation;
    readonly found: FoundBaseline;
    readonly decision: GateDecision;
  },
  head: { readonly version: string; readonly startedAt: Date; readonly finishedAt: Date },
): GateResult {
  const { candidate, found, decision } = parts;
  const { baseline, model = null } = found;
  return {
    ...resultHead({
      ...head,
      command: "gate",
      verdict: decision.verdict,
      inputs: [candidate.input, ...(found.input === undefined ? [] : [found.input])],
    }),
    runId: candidate.evaluation.identity.runId,
    checks: [...decision.checks],
    candidate: sideOf(candidate.evaluation),
    baselineKind: baseline.kind,
    baseline: baseline.kind === "stored" ? { ...sideOf(baseline.evaluation), model } : null,
    warnings: [...decision.warnings],
    notes: [...decision.notes],
    error: null,
  };
}

/** The content of `gate.json` where an input could not be read: no verdict, nothing checked, and the error. */
export function unreadDocument(
  parts: {
    readonly uri: string;
    readonly candidate: FoundEvaluation | undefined;
    readonly error: NonNullable<GateResult["error"]>;
  },
  head: { readonly version: string; readonly startedAt: Date; readonly finishedAt: Date },
): GateResult {
  const { uri, candidate, error } = parts;
  const unknown = { uri, runId: null, evaluatedAt: null, evalSet: { sha256: null, rows: null } };
  const inputs = candidate === undefined ? [] : [candidate.input];
  return {
    ...resultHead({ ...head, command: "gate", verdict: "error", inputs }),
    runId: candidate?.evaluation.identity.runId ?? null,
    checks: [],
    candidate: candidate === undefined ? unknown : sideOf(candidate.evaluation),
    baselineKind: "unread",
    baseline: null,
    warnings: [],
    notes: [],
    error,
  };
}

function sideOf({ uri, identity, evaluatedAt, evalSet }: Evaluation): GateResult["candidate"] {
  return { uri, runId: identity.runId, evaluatedAt, evalSet };
}

/** One line for a person: which baseline, whose run, when measured. */
export function describeBaseline({ baseline }: FoundBaseline): string {
  switch (baseline.kind) {
    case "none":
      return "none";
    case "first-model":
      return `none, ${baseline.sentence}`;
    case "stored": {
      const { uri, identity, evaluatedAt } = baseline.evaluation;
      const run = identity.runId === null ? "" : `, run ${identity.runId}`;
      return `${uri}${run}${evaluatedAt === null ? "" : `, evaluated ${evaluatedAt}`}`;
    }
  }
}

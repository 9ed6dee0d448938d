import type { ResultInput } from "../results/core.ts";
import { resultHead } from "../results/head.ts";
import type { TrainResult } from "../results/train.ts";
import type { TrainingOutcome } from "./train.ts";

export interface ResultFacts {
  readonly outcome: TrainingOutcome;
  readonly inputs: readonly ResultInput[];
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly version: string;
  readonly experimentName: string;
  readonly tracking: string;
  /** Redacted. */
  readonly program: string;
}

/** The content of `training_result.json`. The verdict is `error` for a training that did not come to its end. */
export function trainingResult(facts: ResultFacts): TrainResult {
  const { run, report, outputs, error } = facts.outcome;
  const { outcome } = report;
  return {
    ...resultHead({ ...facts, command: "train", verdict: error === undefined ? "pass" : "error" }),
    command: "train",
    run: {
      runId: run.runId,
      experimentId: run.experimentId,
      experimentName: facts.experimentName,
      name: run.name,
      status: run.status,
    },
    tracking: facts.tracking,
    program: facts.program,
    outputs: outputs.map(({ path, sizeBytes }) => ({
      path,
      sizeBytes,
      uploaded: facts.outcome.hasUploaded,
    })),
    exitCode: outcome.kind === "exited" ? outcome.code : null,
    signal: outcome.kind === "signalled" ? outcome.signal : null,
    durationMs: report.durationMs,
  };
}

const shownOutputs = 10;

/** The result of a training that ended well, for people. */
export function describeTraining(result: TrainResult, outputDirectory: string): string {
  const { run, outputs } = result;
  const rows: [string, string][] = [
    ["run", `${run.runId} (${run.name})`],
    ["experiment", `${run.experimentName}, ${result.tracking}`],
    ["took", `${(result.durationMs / 1000).toFixed(1)} s`],
    ...outputs
      .slice(0, shownOutputs)
      .map(({ path, sizeBytes }): [string, string] => [
        "output",
        `${outputDirectory}/${path} (${formatSize(sizeBytes)})`,
      ]),
  ];
  if (outputs.length > shownOutputs) rows.push(["", `and ${outputs.length - shownOutputs} more`]);
  rows.push(["next", `mlops evaluate --run-id ${run.runId}`]);
  const lines = rows.map(([name, text]) => `  ${name.padEnd(10)}  ${text}`);
  return [`train: ${run.status}`, ...lines].join("\n");
}

function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

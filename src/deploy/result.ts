import type { ResultInput, Verdict } from "../results/core.ts";
import type { DeploymentResult, ReleaseOrigin, ReleaseRecord } from "../results/deploy.ts";
import { type CoreParts, resultHead } from "../results/head.ts";
import type { Deployment, EnvironmentStatus } from "./deployment.ts";

/** What every result of an environment starts from. */
export type ResultFrame = Pick<CoreParts, "version" | "startedAt" | "finishedAt"> & {
  readonly environment: string;
};

/** What the job knows of itself, with `user` of GitLab or of the machine. */
export interface StartedBy {
  readonly commit: string | undefined;
  readonly branch: string | undefined;
  readonly pipelineUrl: string | undefined;
  readonly jobUrl: string | undefined;
  readonly user: string | undefined;
}

/** `deployment.json` of a deployment, good or bad. */
export function deploymentResultOf(frame: ResultFrame, outcome: Deployment): DeploymentResult {
  const { record, failure, serving, previous } = outcome;
  return {
    ...head(frame, failure === undefined ? "pass" : "fail", [inputOf(record)]),
    action: "deploy",
    environment: frame.environment,
    release: record,
    previous:
      previous === undefined
        ? null
        : { release: previous.release, modelName: previous.model.name, version: previous.model.version },
    failure: failure ?? null,
    serving: serving ?? null,
  };
}

/** What `--status --json` prints. Nothing deployed is no verdict, a release that does not answer is a bad one. */
export function statusResultOf(frame: ResultFrame, status: EnvironmentStatus): DeploymentResult {
  const { record, serving, problem } = status;
  const bad: Verdict = record === undefined ? "inconclusive" : "fail";
  return {
    ...head(frame, problem === undefined ? "pass" : bad, []),
    action: "status",
    environment: frame.environment,
    release: record ?? null,
    previous: null,
    failure: null,
    serving: serving ?? null,
  };
}

/** What `--stop --json` prints. */
export function stopResultOf(frame: ResultFrame, stopped: readonly ReleaseRecord[]): DeploymentResult {
  return {
    ...head(frame, "pass", []),
    action: "stop",
    environment: frame.environment,
    release: stopped.at(-1) ?? null,
    previous: null,
    failure: null,
    serving: null,
  };
}

/** Who and what started a release, for its record. */
export function originOf(started: StartedBy): ReleaseOrigin {
  return {
    commit: started.commit ?? null,
    branch: started.branch ?? null,
    pipelineUrl: started.pipelineUrl ?? null,
    jobUrl: started.jobUrl ?? null,
    user: started.user ?? null,
  };
}

function head(frame: ResultFrame, verdict: Verdict, inputs: readonly ResultInput[]) {
  const { version, startedAt, finishedAt } = frame;
  return { ...resultHead({ version, startedAt, finishedAt, command: "deploy", verdict, inputs }) };
}

function inputOf({ model }: ReleaseRecord): ResultInput {
  const uri = `models:/${model.name}/${model.version}`;
  return { role: "model", uri, sha256: model.sha256, sizeBytes: model.sizeBytes };
}

import { MlopsError } from "../errors.ts";
import type { ReleaseOrigin } from "../results/deploy.ts";
import { servingEnvironment } from "./child-environment.ts";
import type { ModelChoice } from "./model-files.ts";
import type { SmokeTest } from "./probe.ts";
import { originOf, type StartedBy } from "./result.ts";
import { chooseModel, type Sourced } from "./settings.ts";
import { readSmokeTest } from "./smoke-request.ts";

/** The settings of a deployment as they were given. */
export interface PlanRequest {
  readonly modelName: string | undefined;
  readonly version: Sourced<string | undefined>;
  readonly alias: Sourced<string | undefined>;
  /** The serve command behind `--`, relative to `cwd`; empty if there is none. */
  readonly typedCommand: readonly string[];
  /** The serve command of `mlops.yaml`, relative to `fileFolder`. */
  readonly fileCommand: readonly string[];
  readonly cwd: string;
  readonly fileFolder: string;
  readonly smoke: {
    readonly request: Sourced<string | undefined>;
    readonly path: string;
    readonly expect: readonly string[];
    readonly timeoutMs: number;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly passEnv: readonly string[];
  readonly facts: Omit<StartedBy, "user">;
  readonly user: string | undefined;
}

export interface DeploymentPlan {
  readonly choice: ModelChoice;
  readonly command: readonly string[];
  readonly workingDirectory: string;
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that the serve command does not get. */
  readonly withheld: readonly string[];
  readonly smoke: SmokeTest | undefined;
  readonly origin: ReleaseOrigin;
}

/** Decides what is to be deployed and how it is started and tested. Throws `usage` for what is missing or wrong. */
export async function planDeployment(request: PlanRequest): Promise<DeploymentPlan> {
  const { typedCommand, fileCommand, cwd, fileFolder } = request;
  const choice = chooseModel(request.modelName, request.version, request.alias);
  const isTyped = typedCommand.length > 0;
  const command = isTyped ? typedCommand : fileCommand;
  if (command.length === 0) {
    throw new MlopsError({
      kind: "usage",
      code: "SERVE_COMMAND_MISSING",
      message: "There is no serve command: what starts the HTTP server for the model?",
      hint: "Write it behind --, e.g. `mlops deploy … -- python serve.py`, or as deploy.serve_command in mlops.yaml.",
    });
  }
  const smokeRequest = request.smoke.request;
  const smoke = await readSmokeTest({
    ...request.smoke,
    request: smokeRequest.value,
    where: smokeRequest.where,
    directory: smokeRequest.source === "file" ? fileFolder : cwd,
  });
  return {
    choice,
    command,
    workingDirectory: isTyped ? cwd : fileFolder,
    ...servingEnvironment(request.env, request.passEnv),
    smoke,
    origin: originOf({ ...request.facts, user: request.user }),
  };
}

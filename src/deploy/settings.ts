import { MlopsError } from "../errors.ts";
import type { ModelChoice } from "./model-files.ts";

/** A value and where it came from: `--alias`, `MODEL_VERSION`, `mlops.yaml:12`. */
export interface Sourced<T> {
  readonly value: T;
  readonly source: "flag" | "env" | "file" | "default";
  readonly where: string;
}

const strength = { flag: 3, env: 2, file: 1, default: 0 } as const;

/**
 * Which version is meant. A version and an alias from equally strong places contradict each other (`usage`); otherwise
 * the stronger place wins, so that `--alias` beats a MODEL_VERSION that an earlier job left.
 */
export function chooseModel(
  name: string | undefined,
  version: Sourced<string | undefined>,
  alias: Sourced<string | undefined>,
): ModelChoice {
  if (name === undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "MODEL_NAME_MISSING",
      message: "Which model? There is no --model-name, MLOPS_MODEL_NAME or model_name in mlops.yaml.",
      hint: "mlops deploy --model-name mortality --model-version 3 -- python serve.py",
    });
  }
  if (version.value === undefined && alias.value === undefined) {
    throw new MlopsError({
      kind: "usage",
      code: "MODEL_VERSION_MISSING",
      message: `Which version of ${name}? There is no --model-version, MODEL_VERSION or --alias.`,
      hint: "`mlops register --dotenv FILE` passes MODEL_VERSION on to later jobs; --alias champion follows an alias.",
    });
  }
  if (version.value === undefined || alias.value === undefined) {
    return { name, version: version.value, alias: alias.value };
  }
  if (strength[version.source] === strength[alias.source]) {
    throw new MlopsError({
      kind: "usage",
      code: "MODEL_VERSION_AMBIGUOUS",
      message: `${version.where} says version ${version.value}, ${alias.where} says alias ${alias.value}: which of them?`,
      hint: "Give one of the two.",
    });
  }
  const isByVersion = strength[version.source] > strength[alias.source];
  return isByVersion
    ? { name, version: version.value, alias: undefined }
    : { name, version: undefined, alias: alias.value };
}

export interface Limits {
  readonly healthPath: string;
  readonly smokePath: string;
  readonly healthTimeout: number;
  readonly smokeTimeout: number;
  readonly port: number | undefined;
  readonly environment: string;
  readonly status: boolean;
  readonly stop: boolean;
}

/** Everything that is wrong with the plain settings, in one `usage` error. `where` names where an option came from. */
export function checkLimits(limits: Limits, where: (option: keyof Limits) => string): void {
  const problems: string[] = [];
  for (const option of ["healthPath", "smokePath"] as const) {
    if (!/^\/[^\s#]*$/.test(limits[option])) {
      problems.push(
        `${where(option)} is ${JSON.stringify(limits[option])}, expected a path such as /health.`,
      );
    }
  }
  for (const option of ["healthTimeout", "smokeTimeout"] as const) {
    if (limits[option] <= 0) problems.push(`${where(option)} is ${limits[option]} ms, expected more than 0.`);
  }
  const { port, environment } = limits;
  if (port !== undefined && (port < 1 || port > 65535)) {
    problems.push(`${where("port")} is ${port}, expected a port from 1 to 65535.`);
  }
  // What GitLab allows in the name of an environment.
  if (!/^[A-Za-z0-9 _/${}.-]{1,255}$/.test(environment)) {
    problems.push(
      `${where("environment")} is ${JSON.stringify(environment)}, expected letters, digits, blanks and - _ / $ { } . only.`,
    );
  }
  if (limits.status && limits.stop) problems.push("--status and --stop exclude each other.");
  if (problems.length > 0) {
    throw new MlopsError({ kind: "usage", code: "OPTION_INVALID", message: problems.join("\n") });
  }
}

export interface TargetSettings {
  readonly target: string;
  readonly namespace: string | undefined;
  readonly k8sContext: string | undefined;
}

/** Throws `usage` for a target that is not there yet, and for flags that the target `process` cannot obey. */
export function refuseOtherTargets(
  settings: TargetSettings,
  where: (option: keyof TargetSettings) => string,
): void {
  const { target, namespace, k8sContext } = settings;
  if (target !== "process") {
    throw new MlopsError({
      kind: "usage",
      code: "NOT_YET",
      message: `${where("target")} is ${target}; this version of mlops deploys to the target process only.`,
      hint: "The targets kubernetes, kserve and vertex come in a later version.",
    });
  }
  const useless: string[] = [];
  if (namespace !== undefined) useless.push(where("namespace"));
  // KUBE_CONTEXT may be there for other jobs of the pipeline: only what was meant for this command counts.
  if (k8sContext !== undefined && where("k8sContext") !== "KUBE_CONTEXT") useless.push(where("k8sContext"));
  if (useless.length === 0) return;
  throw new MlopsError({
    kind: "usage",
    code: "OPTION_WITHOUT_EFFECT",
    message: `${useless.join(" and ")} would only make sense with --target kubernetes, which is not there yet; the target is "process".`,
    hint: "Leave it out.",
  });
}

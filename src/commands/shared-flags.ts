import type { FlagTable } from "../command.ts";
import { MlopsError } from "../errors.ts";

/** Of every command that talks to a tracking server. */
export const trackingFlags = {
  trackingUri: {
    kind: "string",
    value: "URI",
    shared: true,
    env: ["MLFLOW_TRACKING_URI"],
    summary: "MLflow-compatible server; without it the embedded store is used",
  },
  storeDir: {
    kind: "path",
    value: "DIR",
    shared: true,
    default: ".mlops/store",
    summary: "folder of the embedded store",
  },
} as const satisfies FlagTable;

export const experimentFlags = {
  experimentName: {
    kind: "string",
    value: "NAME",
    shared: true,
    env: ["MLFLOW_EXPERIMENT_NAME"],
    summary: "experiment of the run; created if missing",
  },
} as const satisfies FlagTable;

export const modelFlags = {
  modelName: { kind: "string", value: "NAME", shared: true, summary: "name of the registered model" },
} as const satisfies FlagTable;

export const runFlags = {
  runId: { kind: "string", value: "ID", env: ["MLFLOW_RUN_ID"], summary: "the training run" },
} as const satisfies FlagTable;

export const pythonFlags = {
  python: {
    kind: "path",
    value: "FILE",
    shared: true,
    summary: "Python interpreter (default: the active or a nearby virtual environment, then python3)",
  },
} as const satisfies FlagTable;

/** The model's name, or the `usage` error that says where it can stand. */
export function requireModelName(name: string | undefined, what: string): string {
  if (name !== undefined) return name;
  throw new MlopsError({
    kind: "usage",
    code: "MODEL_NAME_MISSING",
    message: what,
    hint: "Give --model-name NAME, set MLOPS_MODEL_NAME, or write `model_name:` in mlops.yaml.",
  });
}

import * as z from "zod";
import { MlopsError } from "../errors.ts";
import { expectJson, readErrorBody } from "../http/answer.ts";
import type { MlflowCalls } from "./calls.ts";
import { experiment } from "./wire.ts";

const longestName = 500;

/** The id of the experiment, created if missing. Throws `usage` for a deleted one of that name. */
export async function ensureExperiment(calls: MlflowCalls, name: string): Promise<string> {
  if (name === "" || name.length > longestName) {
    throw new MlopsError({
      kind: "usage",
      code: "EXPERIMENT_NAME_INVALID",
      message: `The experiment name has ${name.length} characters, expected 1 to ${longestName}.`,
    });
  }
  const existing = await findExperiment(calls, name);
  if (existing !== undefined) return existing;
  const answer = await calls.http.send({
    method: "POST",
    path: "/api/2.0/mlflow/experiments/create",
    json: { name },
    // Names are unique: a second create is refused, and then the experiment is asked for.
    retry: "idempotent",
  });
  if (answer.status === 400 || answer.status === 409) {
    const { code } = readErrorBody(answer);
    const made = code === "RESOURCE_ALREADY_EXISTS" ? await findExperiment(calls, name) : undefined;
    if (made !== undefined) return made;
  }
  const schema = z.object({ experiment_id: z.union([z.string(), z.number().transform(String)]) });
  return expectJson(answer, schema, calls.http.server).experiment_id;
}

async function findExperiment(calls: MlflowCalls, name: string): Promise<string | undefined> {
  const found = await calls.find(
    "experiments/get-by-name",
    { experiment_name: name },
    z.object({ experiment }),
  );
  if (found === undefined) return undefined;
  if (found.experiment.lifecycle_stage !== "deleted") return found.experiment.experiment_id;
  throw new MlopsError({
    kind: "usage",
    code: "EXPERIMENT_DELETED",
    message: `The experiment ${JSON.stringify(name)} (id ${found.experiment.experiment_id}) is deleted; nothing can be written to it.`,
    hint: `Restore it with \`mlflow experiments restore --experiment-id ${found.experiment.experiment_id}\`, or choose another name.`,
  });
}

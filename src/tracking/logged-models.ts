import * as z from "zod";
import { MlopsError } from "../errors.ts";
import { expectJson } from "../http/answer.ts";
import { isUnknownRoute, type MlflowCalls } from "./calls.ts";
import { quoted } from "./filter.ts";
import type { LoggedModel, Run } from "./types.ts";
import { loggedModel, nextPageToken } from "./wire.ts";

const modelAnswer = z.object({ model: loggedModel }).transform(({ model }) => model);

/** Throws `usage` LOGGED_MODEL_NOT_FOUND where there is none, also on servers before MLflow 3. */
export async function getLoggedModel(calls: MlflowCalls, modelId: string): Promise<LoggedModel> {
  const found = await findLoggedModel(calls, modelId);
  if (found !== undefined) return found;
  throw new MlopsError({
    kind: "usage",
    code: "LOGGED_MODEL_NOT_FOUND",
    message: `There is no logged model ${JSON.stringify(modelId)} on the tracking server.`,
    hint: "It was deleted, or the tracking URI is not the one that the model was logged to.",
  });
}

async function findLoggedModel(
  calls: MlflowCalls,
  modelId: string,
): Promise<z.infer<typeof loggedModel> | undefined> {
  const answer = await calls.http.send({
    method: "GET",
    path: `/api/2.0/mlflow/logged-models/${encodeURIComponent(modelId)}`,
    retry: "idempotent",
  });
  if (answer.status === 404) return undefined;
  return expectJson(answer, modelAnswer, calls.http.server);
}

/**
 * The logged models of a run, newest first: those that the run lists as its outputs and those that name it as their
 * source. Empty on servers without logged models (MLflow 2, GitLab).
 */
export async function loggedModelsOfRun(calls: MlflowCalls, run: Run): Promise<readonly LoggedModel[]> {
  const found = new Map<string, z.infer<typeof loggedModel>>();
  for (const model of await searchBySource(calls, run)) found.set(model.modelId, model);
  const others = run.outputModelIds.filter((id) => !found.has(id));
  for (const model of await Promise.all(others.map((id) => findLoggedModel(calls, id)))) {
    if (model !== undefined) found.set(model.modelId, model);
  }
  return [...found.values()].sort((a, b) => b.createdMs - a.createdMs);
}

async function searchBySource(calls: MlflowCalls, run: Run): Promise<z.infer<typeof loggedModel>[]> {
  const found: z.infer<typeof loggedModel>[] = [];
  let token: string | undefined;
  do {
    const answer = await calls.http.send({
      method: "POST",
      path: "/api/2.0/mlflow/logged-models/search",
      json: {
        experiment_ids: [run.experimentId],
        filter: `source_run_id = ${quoted(run.runId)}`,
        max_results: 100,
        ...(token === undefined ? {} : { page_token: token }),
      },
      retry: "idempotent",
    });
    if (isUnknownRoute(answer)) return [];
    const schema = z.object({ models: z.array(loggedModel).nullish(), next_page_token: nextPageToken });
    const page = expectJson(answer, schema, calls.http.server);
    found.push(...(page.models ?? []).filter((model) => model.sourceRunId === run.runId));
    token = page.next_page_token === token ? undefined : page.next_page_token;
  } while (token !== undefined);
  return found;
}

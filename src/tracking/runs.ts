import * as z from "zod";
import { MlopsError } from "../errors.ts";
import type { MlflowCalls } from "./calls.ts";
import { idempotencyTag, quoted } from "./filter.ts";
import type { Run, RunStatus } from "./types.ts";
import { nextPageToken, run } from "./wire.ts";

const runAnswer = z.object({ run }).transform((answer) => answer.run);

export interface NewRun {
  readonly experimentId: string;
  readonly name?: string;
  readonly startTimeMs: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly idempotencyKey: string;
}

/** Creates a run; after an uncertain failure the one with the same idempotency key is looked for first. */
export async function createRun(calls: MlflowCalls, request: NewRun): Promise<Run> {
  const tags = { ...request.tags, [idempotencyTag]: request.idempotencyKey };
  return await calls.create("runs/create", {
    json: {
      experiment_id: request.experimentId,
      start_time: Math.trunc(request.startTimeMs),
      ...(request.name === undefined ? {} : { run_name: request.name }),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    },
    schema: runAnswer,
    find: async () => {
      const found = await searchRuns(calls, {
        experimentIds: [request.experimentId],
        filter: `tags.\`${idempotencyTag}\` = ${quoted(request.idempotencyKey)}`,
        maxResults: 200,
      });
      // A server that ignores filters (GitLab) answers with its newest runs: look at the tag.
      return found.find((one) => one.tags.get(idempotencyTag) === request.idempotencyKey);
    },
  });
}

/** Throws `usage` RUN_NOT_FOUND where there is none. */
export async function getRun(calls: MlflowCalls, runId: string): Promise<Run> {
  const found = await calls.find("runs/get", { run_id: runId }, runAnswer);
  if (found !== undefined) return found;
  throw new MlopsError({
    kind: "usage",
    code: "RUN_NOT_FOUND",
    message: `There is no run ${JSON.stringify(runId)} on ${calls.http.server.title.toLowerCase()}.`,
    hint: "Check the run id and the tracking URI: a run of another server or store is not visible here.",
  });
}

const closingLimitMs = 2_000;

/** Sets the end of a run and checks that the server took it: an unknown status is answered 200 and ignored. */
export async function finishRun(
  calls: MlflowCalls,
  request: { readonly runId: string; readonly status: RunStatus; readonly endTimeMs: number },
): Promise<Run> {
  const { runId, status, endTimeMs } = request;
  await calls.put("POST", "runs/update", {
    json: { run_id: runId, status, end_time: Math.trunc(endTimeMs) },
    schema: z.unknown(),
    afterAbortMs: closingLimitMs,
  });
  const after = await calls.http.json(
    {
      method: "GET",
      path: "/api/2.0/mlflow/runs/get",
      query: { run_id: runId },
      retry: "idempotent",
      afterAbortMs: closingLimitMs,
    },
    runAnswer,
  );
  if (after.status === status) return after;
  throw new MlopsError({
    kind: "not-evaluable",
    code: "RUN_STATUS_NOT_TAKEN",
    message: `Run ${runId} was set to ${status} but the server still says ${after.status}.`,
    hint: "Another process may be writing to the same run; look at it in the tracking server.",
  });
}

/** Up to `maxResults` runs (default: all), following the pages while they advance. */
export async function searchRuns(
  calls: MlflowCalls,
  request: {
    readonly experimentIds: readonly string[];
    readonly filter?: string;
    readonly maxResults?: number;
  },
): Promise<readonly Run[]> {
  const schema = z.object({ runs: z.array(run).nullish(), next_page_token: nextPageToken });
  const limit = request.maxResults ?? Number.POSITIVE_INFINITY;
  const found: Run[] = [];
  let token: string | undefined;
  do {
    const page = await calls.put("POST", "runs/search", {
      json: {
        experiment_ids: request.experimentIds,
        filter: request.filter ?? "",
        max_results: Math.min(limit - found.length, 1000),
        ...(token === undefined ? {} : { page_token: token }),
      },
      schema,
    });
    found.push(...(page.runs ?? []));
    // A token that does not advance would go round for ever.
    token = page.next_page_token === token ? undefined : page.next_page_token;
  } while (token !== undefined && found.length < limit);
  return found.slice(0, Number.isFinite(limit) ? limit : undefined);
}

import type { Call, Route } from "./call.ts";
import { checkKey, checkLength, limits } from "./checks.ts";
import { requireActiveExperiment } from "./experiments-api.ts";
import type { Fields } from "./fields.ts";
import { compareHistory } from "./metrics.ts";
import { pageOf } from "./paging.ts";
import { randomRunName } from "./random-name.ts";
import { invalid, missing } from "./refusal.ts";
import { runNameTag, runStatuses } from "./run-state.ts";
import { searchRuns } from "./search-runs.ts";
import type { Store } from "./store.ts";
import type { RunJournal } from "./store-index.ts";
import { optionalList, type View, viewMetric, viewRun, viewRunInfo } from "./views.ts";

export const runRoutes: readonly Route[] = [
  { method: "POST", path: "/mlflow/runs/create", handle: createRun },
  { method: "GET", path: "/mlflow/runs/get", handle: getRun },
  { method: "POST", path: "/mlflow/runs/update", handle: updateRun },
  { method: "POST", path: "/mlflow/runs/delete", handle: deleteRun },
  { method: "POST", path: "/mlflow/runs/restore", handle: restoreRun },
  { method: "POST", path: "/mlflow/runs/search", handle: searchRuns },
  { method: "GET", path: "/mlflow/metrics/get-history", handle: getHistory },
];

export function requireRun(store: Store, runId: string): RunJournal {
  const journal = store.run(runId);
  if (journal === undefined) throw missing(`Run with id=${runId} not found`);
  return journal;
}

/** For writing: looks at the disk again, because another process may have died before it announced its write. */
export function requireActiveRun(store: Store, runId: string): RunJournal {
  const journal = requireRun(store, runId);
  journal.refresh();
  const stage = store.stageOf(journal.state);
  if (stage !== "active") {
    throw invalid(`The run ${runId} must be in the 'active' state. Current state is ${stage}.`);
  }
  return journal;
}

async function createRun({ store, fields }: Call): Promise<View> {
  const experimentId = fields.string("experiment_id") ?? "";
  const startTime = fields.integer("start_time") ?? 0;
  const userId = fields.string("user_id") ?? "";
  const tags = new Map(fields.keyValues("tags").map(({ key, value }) => [key, value]));
  for (const [key, value] of tags) checkRunTag(key, value, "key");
  if (experimentId === "") {
    throw invalid("Missing value for required parameter 'experiment_id'. The default experiment is \"0\".");
  }
  const name = chooseRunName(store, fields.string("run_name") ?? "", tags);
  tags.set(runNameTag, name);
  return await store.write((writing) => {
    const experiment = requireActiveExperiment(store, experimentId).state;
    const runId = store.randomHex(16);
    const journal = store.runSlot(experiment.id, runId);
    writing.append(journal, {
      kind: "run-created",
      runId,
      experimentId: experiment.id,
      name,
      userId,
      startTime,
      artifactUri: `${experiment.artifactLocation}/${runId}/artifacts`,
      tags: Object.fromEntries(tags),
    });
    return { run: viewRun(store, journal.state) };
  });
}

function chooseRunName(store: Store, runName: string, tags: ReadonlyMap<string, string>): string {
  const tagged = tags.get(runNameTag) ?? "";
  if (runName !== "" && tagged !== "" && runName !== tagged) {
    throw invalid(
      `Both 'run_name' argument and '${runNameTag}' tag are specified, but with different values ` +
        `(run_name='${runName}', ${runNameTag}='${tagged}').`,
    );
  }
  return runName || tagged || randomRunName((bytes) => store.randomHex(bytes));
}

function getRun({ store, fields }: Call): View {
  return { run: viewRun(store, requireRun(store, fields.runId()).state) };
}

async function updateRun({ store, fields }: Call): Promise<View> {
  const runId = fields.runId();
  const status = fields.choice("status", runStatuses, 1);
  const endTime = fields.integer("end_time");
  const name = fields.string("run_name");
  return await store.write((writing) => {
    const journal = requireActiveRun(store, runId);
    if (status !== undefined || endTime !== undefined || (name ?? "") !== "") {
      writing.append(journal, {
        kind: "run-updated",
        ...(status !== undefined && { status }),
        ...(endTime !== undefined && { endTime }),
        ...(name !== undefined && name !== "" && { name }),
      });
    }
    return { run_info: viewRunInfo(store, journal.state) };
  });
}

async function deleteRun({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  return await store.write((writing) => {
    writing.append(requireRun(store, runId), { kind: "run-deleted" });
    return {};
  });
}

async function restoreRun({ store, fields }: Call): Promise<View> {
  const runId = fields.requiredString("run_id");
  return await store.write((writing) => {
    writing.append(requireRun(store, runId), { kind: "run-restored" });
    return {};
  });
}

function getHistory({ store, fields }: Call): View {
  const run = requireRun(store, fields.runId()).state;
  const key = fields.requiredString("metric_key");
  const maxResults = readHistoryPageSize(fields);
  const points = [...(run.metrics.get(key)?.points ?? [])].sort(compareHistory);
  const page = pageOf(points, { maxResults, pageToken: fields.string("page_token") });
  return {
    metrics: optionalList(page.items.map((point) => viewMetric(key, point))),
    next_page_token: page.nextPageToken,
  };
}

function readHistoryPageSize(fields: Fields): number | undefined {
  const maxResults = fields.integer("max_results");
  if (maxResults === undefined || maxResults > 0) return maxResults;
  throw invalid(
    `Invalid value ${maxResults} for parameter 'max_results' supplied. It must be a positive integer.`,
  );
}

/** Where MLflow's server cuts a long value without a word, we refuse it. */
export function checkRunTag(key: string, value: string, label: string): void {
  checkKey(key, label);
  checkLength(key, limits.key, label);
  checkLength(value, limits.runTagValue, label.replace(/key$/, "value"));
}

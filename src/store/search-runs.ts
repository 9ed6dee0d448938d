import type { Call } from "./call.ts";
import { checkExperimentId } from "./checks.ts";
import { type Column, matcherOf, orderingOf, type SearchTable } from "./filter-match.ts";
import { parseFilter } from "./filter-syntax.ts";
import { checkMaxResults, pageOf } from "./paging.ts";
import type { DatasetInput, RunState } from "./run-state.ts";
import { isInView, viewTypes } from "./search-experiments.ts";
import { optionalList, type View, viewRun } from "./views.ts";

const contextTag = "mlflow.data.context";

const table: SearchTable<RunState> = {
  entities: {
    metric: "metric",
    metrics: "metric",
    parameter: "parameter",
    parameters: "parameter",
    param: "parameter",
    params: "parameter",
    tag: "tag",
    tags: "tag",
    attribute: "attribute",
    attributes: "attribute",
    attr: "attribute",
    run: "attribute",
    dataset: "dataset",
    datasets: "dataset",
  },
  attributes: {
    run_id: "run_id",
    run_name: "run_name",
    "run name": "run_name",
    "Run name": "run_name",
    "Run Name": "run_name",
    user_id: "user_id",
    status: "status",
    artifact_uri: "artifact_uri",
    start_time: "start_time",
    created: "start_time",
    Created: "start_time",
    end_time: "end_time",
  },
  numericAttributes: new Set(["start_time", "end_time"]),
  listAttributes: new Set(["run_id"]),
  nullable: ["tag", "parameter"],
  sortable: ["attribute", "metric", "parameter", "tag"],
  values(run, kind, key) {
    if (kind === "metric") return present(run.metrics.get(key)?.latest.value);
    if (kind === "parameter") return present(run.params.get(key));
    if (kind === "tag") return present(run.tags.get(key));
    if (kind === "dataset") return run.datasets.flatMap((input) => datasetValues(input, key));
    return present(attributeOf(run, key));
  },
};

/** Newest start first unless `order_by` says otherwise; no experiment ids, no runs. */
export function searchRuns({ store, fields }: Call): View {
  const ids = fields.strings("experiment_ids");
  const maxResults = checkMaxResults(fields.integer("max_results") ?? 1000, 50_000);
  const viewType = fields.choice("run_view_type", viewTypes, 1) ?? "ACTIVE_ONLY";
  const matches = matcherOf(table, parseFilter(fields.string("filter") ?? ""));
  const compare = orderingOf(table, fields.strings("order_by"), ["start_time DESC", "run_id ASC"]);
  for (const id of ids) checkExperimentId(id);
  const found = [...new Set(ids)]
    .flatMap((id) => store.runsOf(id))
    .filter((run) => isInView(store.stageOf(run), viewType) && matches(run))
    .sort(compare);
  const page = pageOf(found, { maxResults, pageToken: fields.string("page_token") });
  return {
    runs: optionalList(page.items.map((run) => viewRun(store, run))),
    next_page_token: page.nextPageToken,
  };
}

function attributeOf(run: RunState, key: string): Column {
  switch (key) {
    case "run_id":
      return run.runId;
    case "run_name":
      return run.name;
    case "user_id":
      return run.userId;
    case "status":
      return run.status;
    case "artifact_uri":
      return run.artifactUri;
    case "start_time":
      return run.startTime;
    default:
      return run.endTime;
  }
}

function datasetValues(input: DatasetInput, key: string): readonly string[] {
  if (key === "name") return [input.dataset.name];
  if (key === "digest") return [input.dataset.digest];
  return input.tags.filter((tag) => tag.key === contextTag).map((tag) => tag.value);
}

/** For the tables of all searches: a column's value as a list. */
export function present(value: Column): readonly Column[] {
  return value === undefined ? [] : [value];
}

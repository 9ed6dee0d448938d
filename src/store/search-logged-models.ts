import type { Call } from "./call.ts";
import { checkExperimentId } from "./checks.ts";
import { type Fields, missingField } from "./fields.ts";
import { type Column, matcherOf, orderingOf, type SearchTable } from "./filter-match.ts";
import { parseFilter } from "./filter-syntax.ts";
import type { LoggedModelState, ModelMetricPoint } from "./logged-model-state.ts";
import { checkMaxResults, pageOf } from "./paging.ts";
import { invalid } from "./refusal.ts";
import { present } from "./search-runs.ts";
import { optionalList, type View, viewLoggedModel } from "./views.ts";

interface DatasetFilter {
  readonly name: string;
  readonly digest: string;
}

interface Row {
  readonly model: LoggedModelState;
  /** Only metrics on these datasets count; none: all metrics. */
  readonly datasets: readonly DatasetFilter[];
}

const attributes = {
  name: "name",
  model_id: "model_id",
  model_type: "model_type",
  status: "status",
  source_run_id: "source_run_id",
  experiment_id: "experiment_id",
  creation_time: "creation_timestamp",
  creation_timestamp: "creation_timestamp",
  creation_timestamp_ms: "creation_timestamp",
  last_updated_time: "last_updated_timestamp",
  last_updated_timestamp: "last_updated_timestamp",
  last_updated_timestamp_ms: "last_updated_timestamp",
} as const;

const table: SearchTable<Row> = {
  entities: { attributes: "attribute", metrics: "metric", params: "parameter", tags: "tag" },
  attributes,
  numericAttributes: new Set(["creation_timestamp", "last_updated_timestamp"]),
  listAttributes: undefined,
  nullable: [],
  sortable: ["attribute", "metric", "parameter", "tag"],
  values(row, kind, key) {
    if (kind === "metric") return pointsOf(row, key).map((point) => point.value);
    if (kind === "parameter") return present(row.model.params.get(key));
    if (kind === "tag") return present(row.model.tags.get(key));
    return present(attributeOf(row.model, key));
  },
};

/** Newest first unless `order_by` says otherwise. Deleted models are left out. */
export function searchLoggedModels({ store, fields }: Call): View {
  const ids = fields.strings("experiment_ids");
  if (!fields.has("experiment_ids")) throw missingField("experiment_ids");
  for (const id of ids) checkExperimentId(id);
  const maxResults = checkMaxResults(fields.integer("max_results") || 100, 50_000);
  const comparisons = parseFilter(fields.string("filter") ?? "");
  const datasets = fields.messages("datasets").map(readDatasetFilter);
  const matches = matcherOf(table, comparisons);
  const compare = orderingOf(table, fields.messages("order_by").map(readOrder), [
    "creation_timestamp DESC",
    "model_id ASC",
  ]);
  const needsAnyMetric = datasets.length > 0 && !comparisons.some(({ entity }) => entity === "metrics");
  const found = store
    .loggedModels()
    .filter((model) => model.lifecycle === "active" && ids.includes(model.experimentId))
    .map((model) => ({ model, datasets }))
    .filter((row) => matches(row) && (!needsAnyMetric || hasMetric(row)))
    .sort(compare);
  const page = pageOf(found, { maxResults, pageToken: fields.string("page_token") });
  return {
    models: optionalList(page.items.map((row) => viewLoggedModel(row.model))),
    next_page_token: page.nextPageToken,
  };
}

function readDatasetFilter(fields: Fields): DatasetFilter {
  const name = fields.string("dataset_name") ?? "";
  if (name === "") throw invalid("`dataset_name` in the `datasets` clause must be specified.");
  return { name, digest: fields.string("dataset_digest") ?? "" };
}

/** To the text form of the other searches: `metrics.auc DESC`. */
function readOrder(fields: Fields): string {
  const name = fields.string("field_name") ?? "";
  const dot = name.indexOf(".");
  const isKnown = dot < 0 ? Object.hasOwn(attributes, name) : name.slice(0, dot) === "metrics";
  if (!isKnown) {
    const which = dot < 0 ? "" : " Only metrics are supported.";
    throw invalid(`Invalid order by field name: ${name}${which}`);
  }
  const column = dot < 0 ? name : `metrics.\`${name.slice(dot + 1).replace(/^`|`$/g, "")}\``;
  const ascending = fields.has("ascending") ? fields.boolean("ascending") : true;
  return `${column} ${ascending ? "ASC" : "DESC"}`;
}

/** Newest first, so that the first one is "the" value for ordering. */
function pointsOf(row: Row, key: string): ModelMetricPoint[] {
  const points = [...(row.model.metrics.get(key)?.points ?? [])];
  return points
    .filter((point) => isOnDataset(point, row.datasets))
    .sort((left, right) => right.timestamp - left.timestamp || right.step - left.step);
}

function hasMetric(row: Row): boolean {
  return [...row.model.metrics.keys()].some((key) => pointsOf(row, key).length > 0);
}

function isOnDataset(point: ModelMetricPoint, datasets: readonly DatasetFilter[]): boolean {
  if (datasets.length === 0) return true;
  return datasets.some(
    ({ name, digest }) => point.datasetName === name && (digest === "" || point.datasetDigest === digest),
  );
}

function attributeOf(model: LoggedModelState, key: string): Column {
  switch (key) {
    case "name":
      return model.name;
    case "model_id":
      return model.modelId;
    case "model_type":
      return model.modelType;
    case "status":
      return model.status.replace("LOGGED_MODEL_", "");
    case "source_run_id":
      return model.sourceRunId;
    case "experiment_id":
      return model.experimentId;
    case "creation_timestamp":
      return model.createdAt;
    default:
      return model.updatedAt;
  }
}

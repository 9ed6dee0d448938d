import type { Call } from "./call.ts";
import type { ExperimentState } from "./experiment-state.ts";
import { matcherOf, orderingOf, type SearchTable } from "./filter-match.ts";
import { parseFilter } from "./filter-syntax.ts";
import { checkMaxResults, pageOf } from "./paging.ts";
import { optionalList, type View, viewExperiment } from "./views.ts";

export const viewTypes = ["ACTIVE_ONLY", "DELETED_ONLY", "ALL"] as const;
export type ViewType = (typeof viewTypes)[number];

const table: SearchTable<ExperimentState> = {
  entities: { attribute: "attribute", tag: "tag", tags: "tag" },
  attributes: {
    name: "name",
    experiment_id: "experiment_id",
    creation_time: "creation_time",
    last_update_time: "last_update_time",
  },
  numericAttributes: new Set(["creation_time", "last_update_time"]),
  listAttributes: new Set(["experiment_id"]),
  nullable: ["tag"],
  sortable: ["attribute"],
  values(row, kind, key) {
    if (kind === "tag") {
      const value = row.tags.get(key);
      return value === undefined ? [] : [value];
    }
    if (key === "name") return [row.name];
    if (key === "experiment_id") return [row.id];
    return [key === "creation_time" ? row.createdAt : row.updatedAt];
  },
};

/** Newest first unless `order_by` says otherwise. */
export function searchExperiments({ store, fields }: Call): View {
  const maxResults = checkMaxResults(fields.integer("max_results") ?? 0, 50_000);
  const viewType = fields.choice("view_type", viewTypes, 1) ?? "ACTIVE_ONLY";
  const matches = matcherOf(table, parseFilter(fields.string("filter") ?? ""));
  const compare = orderingOf(table, fields.strings("order_by"), ["creation_time DESC", "experiment_id ASC"]);
  const found = store
    .experiments()
    .filter((experiment) => isInView(experiment.lifecycle, viewType) && matches(experiment))
    .sort(compare);
  const page = pageOf(found, { maxResults, pageToken: fields.string("page_token") });
  return {
    experiments: optionalList(page.items.map(viewExperiment)),
    next_page_token: page.nextPageToken,
  };
}

export function isInView(stage: "active" | "deleted", viewType: ViewType): boolean {
  if (viewType === "ALL") return true;
  return (stage === "active") === (viewType === "ACTIVE_ONLY");
}

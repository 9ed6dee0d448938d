import type { Call } from "./call.ts";
import { matcherOf, orderingOf, type SearchTable } from "./filter-match.ts";
import { type Comparison, parseFilter } from "./filter-syntax.ts";
import { pageOf } from "./paging.ts";
import { invalid } from "./refusal.ts";
import type { RegisteredModel, Version } from "./registered-model.ts";
import { present } from "./search-runs.ts";
import { optionalList, type View, viewRegisteredModel, viewVersion } from "./views.ts";

const promptTag = "mlflow.prompt.is_prompt";
const entities = { attribute: "attribute", tag: "tag", tags: "tag" } as const;

const modelTable: SearchTable<RegisteredModel> = {
  entities,
  attributes: { name: "name" },
  orderAttributes: {
    name: "name",
    timestamp: "last_updated_timestamp",
    last_updated_timestamp: "last_updated_timestamp",
  },
  numericAttributes: new Set(["last_updated_timestamp"]),
  listAttributes: new Set(["name"]),
  nullable: [],
  sortable: ["attribute"],
  values(model, kind, key) {
    if (kind === "tag") return present(model.state.tags.get(key));
    return present(key === "name" ? model.life?.name : model.state.updatedAt);
  },
};

interface VersionRow {
  readonly model: RegisteredModel;
  readonly version: Version;
}

const versionTable: SearchTable<VersionRow> = {
  entities,
  attributes: {
    name: "name",
    version_number: "version_number",
    run_id: "run_id",
    source_path: "source_path",
  },
  orderAttributes: {
    name: "name",
    version_number: "version_number",
    creation_timestamp: "creation_timestamp",
    last_updated_timestamp: "last_updated_timestamp",
  },
  numericAttributes: new Set(["version_number", "creation_timestamp", "last_updated_timestamp"]),
  listAttributes: new Set(["name", "run_id"]),
  nullable: [],
  sortable: ["attribute"],
  values({ model, version }, kind, key) {
    if (kind === "tag") return present(version.tags.get(key));
    switch (key) {
      case "name":
        return present(model.life?.name);
      case "version_number":
        return [version.version];
      case "run_id":
        // Without a run MLflow stores an empty text, which `!=` finds.
        return [version.runId ?? ""];
      case "source_path":
        return [version.source];
      case "creation_timestamp":
        return [version.createdAt];
      default:
        return [version.updatedAt];
    }
  },
};

/** By name unless `order_by` says otherwise. Prompts, which share the registry, only if the filter asks for them. */
export function searchRegisteredModels({ store, fields }: Call): View {
  const maxResults = atMost(fields.integer("max_results") ?? 100, 1000);
  if (maxResults < 1) {
    throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${maxResults}`);
  }
  const comparisons = parseFilter(fields.string("filter") ?? "");
  const matches = matcherOf(modelTable, withoutPromptTag(comparisons));
  const compare = orderingOf(modelTable, fields.strings("order_by"), ["name ASC"]);
  const wantsPrompts = asksForPrompts(comparisons);
  const found = store
    .registeredModels()
    .filter((model) => isPrompt(model.state.tags) === wantsPrompts && matches(model))
    .sort(compare);
  const page = pageOf(found, { maxResults, pageToken: fields.string("page_token") });
  return {
    registered_models: optionalList(page.items.map(viewRegisteredModel)),
    next_page_token: page.nextPageToken,
  };
}

/** Last changed first unless `order_by` says otherwise; without aliases, as MLflow's SQL stores answer. */
export function searchModelVersions({ store, fields }: Call): View {
  const maxResults = atMost(fields.integer("max_results") ?? 200_000, 200_000);
  if (maxResults < 1) {
    throw invalid(`Invalid value for max_results. It must be a positive integer, but got ${maxResults}`);
  }
  const comparisons = parseFilter(fields.string("filter") ?? "");
  const matches = matcherOf(versionTable, withoutPromptTag(comparisons));
  const compare = orderingOf(versionTable, fields.strings("order_by"), [
    "last_updated_timestamp DESC",
    "name ASC",
    "version_number DESC",
  ]);
  const wantsPrompts = asksForPrompts(comparisons);
  const found = store
    .registeredModels()
    .flatMap((model) => model.versions().map((version) => ({ model, version })))
    .filter((row) => isPrompt(row.version.tags) === wantsPrompts && matches(row))
    .sort(compare);
  const page = pageOf(found, { maxResults, pageToken: fields.string("page_token") });
  return {
    model_versions: optionalList(page.items.map(({ model, version }) => viewVersion(model, version, false))),
    next_page_token: page.nextPageToken,
  };
}

function atMost(maxResults: number, most: number): number {
  if (maxResults <= most) return maxResults;
  throw invalid(
    `Invalid value for request parameter max_results. It must be at most ${most}, but got value ${maxResults}`,
  );
}

function isPrompt(tags: ReadonlyMap<string, string>): boolean {
  return tags.get(promptTag)?.toLowerCase() === "true";
}

function asksForPrompts(comparisons: readonly Comparison[]): boolean {
  return comparisons.some(({ entity, key, operator, value }) => {
    if (entity === undefined || !entity.startsWith("tag") || key !== promptTag || value.kind !== "text") {
      return false;
    }
    const isTrue = value.text.toLowerCase() === "true";
    return operator === "=" ? isTrue : operator === "!=" && !isTrue;
  });
}

/** Models that are no prompts do not carry the tag: `!= 'true'` must find them all the same. */
function withoutPromptTag(comparisons: readonly Comparison[]): readonly Comparison[] {
  return comparisons.filter(({ entity, key }) => !(entity?.startsWith("tag") === true && key === promptTag));
}

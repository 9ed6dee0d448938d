import { absent } from "../match.ts";
import { invalid, post, type Row } from "../row.ts";

const found = (...names: readonly string[]) => ({
  body: { models: names.map((name) => ({ info: { name } })) },
});
const create = (fields: object) => post("logged-models", { experiment_id: "{{experiment}}", ...fields });
const search = (fields: object, options = {}) =>
  post("logged-models/search", { experiment_ids: ["{{experiment}}"], ...fields }, options);

export const searchLoggedModels: readonly Row[] = [
  {
    id: "logged-models.search",
    title: "search filters by name, run, tag, param and metric, newest first",
    source: "1.5 POST logged-models/search",
    given: ["run"],
    steps: [
      create({ name: "one", source_run_id: "{{run}}", tags: [{ key: "t", value: "1" }] }),
      post(
        "logged-models",
        { experiment_id: "{{experiment}}", name: "two", params: [{ key: "p", value: "2" }] },
        {
          save: { two: "model.info.model_id" },
        },
      ),
      post("runs/log-metric", {
        run_id: "{{run}}",
        key: "auc",
        value: 0.7,
        timestamp: 1,
        model_id: "{{two}}",
      }),
      search({}, found("two", "one")),
      search({ filter: "name = 'one'" }, found("one")),
      search({ filter: "source_run_id = '{{run}}'" }, found("one")),
      search({ filter: "tags.t = '1'" }, found("one")),
      search({ filter: "params.p = '2'" }, found("two")),
      search({ filter: "metrics.auc > 0.6" }, found("two")),
      search({ filter: "metrics.auc > 0.8" }, { body: { models: absent } }),
      search({ filter: "model_id = '{{two}}'" }, found("two")),
      search({ order_by: [{ field_name: "creation_time", ascending: true }] }, found("one", "two")),
    ],
  },
  {
    id: "logged-models.search.paged",
    title: "search pages by a token",
    source: "1.5 POST logged-models/search",
    given: ["experiment"],
    steps: [
      create({ name: "one" }),
      create({ name: "two" }),
      search({ max_results: 1 }, { ...found("two"), save: { token: "next_page_token" } }),
      search({ max_results: 1, page_token: "{{token}}" }, found("one")),
    ],
  },
  {
    id: "logged-models.search.refused",
    title: "search without experiments, with a broken filter or an unknown order is 400",
    source: "1.5 POST logged-models/search",
    given: ["experiment"],
    steps: [
      post("logged-models/search", {}, invalid("experiment_ids")),
      search({ filter: "nonsense" }, invalid("nonsense")),
      search({ order_by: [{ field_name: "nope" }] }, invalid("nope")),
    ],
  },
];

import { absent, present } from "../match.ts";
import { get, invalid, post, type Row, type Step } from "../row.ts";

const two: readonly Step[] = [
  post(
    "experiments/create",
    { name: "{{unique}}-a", tags: [{ key: "team", value: "{{unique}}" }] },
    {
      save: { a: "experiment_id" },
    },
  ),
  post("experiments/create", { name: "{{unique}}-b" }, { save: { b: "experiment_id" } }),
];
const search = (fields: object, options = {}): Step =>
  post("experiments/search", { max_results: 100, ...fields }, options);
const found = (...names: readonly string[]) => ({
  body: names.length === 0 ? { experiments: absent } : { experiments: names.map((name) => ({ name })) },
});
const mine = "name LIKE '{{unique}}%'";

export const searchExperiments: readonly Row[] = [
  {
    id: "search.experiments",
    title: "experiments are found by name and tag, the newest first",
    source: "1.1 experiments/search",
    steps: [
      ...two,
      search({ filter: mine }, found("{{unique}}-b", "{{unique}}-a")),
      search({ filter: "name = '{{unique}}-a'" }, found("{{unique}}-a")),
      search({ filter: "name ILIKE '%{{unique}}-A'" }, found("{{unique}}-a")),
      search({ filter: "tags.team = '{{unique}}'" }, found("{{unique}}-a")),
      search({ filter: `${mine} AND name != '{{unique}}-a'` }, found("{{unique}}-b")),
      search({ filter: "name = 'nothing of {{unique}}'" }, found()),
      search({ filter: mine, order_by: ["name ASC"] }, found("{{unique}}-a", "{{unique}}-b")),
      search({ filter: mine, order_by: ["name DESC"] }, found("{{unique}}-b", "{{unique}}-a")),
    ],
  },
  {
    id: "search.experiments.get",
    title: "GET works too",
    source: "1.1 experiments/search",
    steps: [
      ...two,
      get("experiments/search", { max_results: "5", filter: "name = '{{unique}}-a'" }, found("{{unique}}-a")),
    ],
  },
  {
    id: "search.experiments.paged",
    title: "max_results pages by a token",
    source: "1.1 experiments/search",
    steps: [
      ...two,
      search(
        { max_results: 1, filter: mine, order_by: ["name"] },
        {
          body: { experiments: [{ name: "{{unique}}-a" }], next_page_token: present },
          save: { token: "next_page_token" },
        },
      ),
      search(
        { max_results: 1, filter: mine, order_by: ["name"], page_token: "{{token}}" },
        {
          body: { experiments: [{ name: "{{unique}}-b" }], next_page_token: absent },
        },
      ),
    ],
  },
  {
    id: "search.experiments.limits",
    title: "max_results is required, 1 to 50000",
    source: "1.1 experiments/search",
    steps: [
      post("experiments/search", {}, invalid("max_results")),
      search({ max_results: 0 }, invalid("max_results")),
      search({ max_results: 50_001 }, invalid("max_results")),
      search({ max_results: 50_000 }),
    ],
  },
  {
    id: "search.experiments.deleted",
    title: "deleted experiments are found only by view_type DELETED_ONLY or ALL",
    source: "1.1 experiments/search",
    steps: [
      ...two,
      post("experiments/delete", { experiment_id: "{{a}}" }),
      search({ filter: mine }, found("{{unique}}-b")),
      search({ filter: mine, view_type: "ACTIVE_ONLY" }, found("{{unique}}-b")),
      search({ filter: mine, view_type: "DELETED_ONLY" }, found("{{unique}}-a")),
      search({ filter: mine, view_type: "ALL" }, found("{{unique}}-b", "{{unique}}-a")),
    ],
  },
  {
    id: "search.experiments.refused",
    title: "broken filters are 400",
    source: "1.1 experiments/search",
    steps: ["nonsense", "name = 3", "foo.bar = 'x'", "name = 'a' or name = 'b'"].map((filter) =>
      search({ filter }, invalid()),
    ),
  },
  {
    id: "search.experiments.order.refused",
    title: "order_by takes no tag and no unknown attribute",
    source: "1.1 experiments/search",
    steps: ["tags.team", "nope"].map((order) => search({ order_by: [order] }, invalid())),
  },
];

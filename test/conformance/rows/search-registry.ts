import { absent, present } from "../match.ts";
import { get, invalid, post, type Query, type Row, type Step } from "../row.ts";

/** Three versions of the model, tagged k = 1, 2, 3; number 1 is the fixture's. */
const three: readonly Step[] = [
  post("model-versions/set-tag", { name: "{{unique}}", version: "1", key: "k", value: "1" }),
  ...["2", "3"].map((number) =>
    post("model-versions/create", {
      name: "{{unique}}",
      source: "s3://bucket/m",
      tags: [{ key: "k", value: number }],
    }),
  ),
];
const versions = (query: Query, options = {}): Step => get("model-versions/search", query, options);
const found = (numbers: string) => ({
  body:
    numbers === ""
      ? { model_versions: absent }
      : { model_versions: numbers.split(" ").map((version) => ({ version })) },
});
const models = (query: Query, options = {}): Step => get("registered-models/search", query, options);
const foundModels = (...names: readonly string[]) => ({
  body:
    names.length === 0
      ? { registered_models: absent }
      : { registered_models: names.map((name) => ({ name })) },
});
const created = (name: string): Step => post("registered-models/create", { name });

export const searchRegistry: readonly Row[] = [
  {
    id: "search.versions",
    title: "versions are found by name, run_id, number and tag, the highest number first",
    source: "1.4 model-versions/search",
    given: ["version"],
    steps: [
      ...three,
      ...Object.entries({
        "name='{{unique}}'": "3 2 1",
        "name = '{{unique}}' and tags.k = '2'": "2",
        "name='{{unique}}' and run_id='{{run}}' and tags.k='1'": "1",
        "run_id = '{{run}}'": "1",
        "name = '{{unique}}' and version_number > 1": "3 2",
        "name LIKE '{{unique}}%'": "3 2 1",
        "name = '{{unique}}' and tags.k != '2'": "3 1",
        "run_id IN ('{{run}}', 'other')": "1",
        "name = '{{unique}}' and source_path = 's3://bucket/m'": "3 2",
        "name = 'nothing of {{unique}}'": "",
      }).map(([filter, numbers]) => versions({ filter }, found(numbers))),
    ],
  },
  {
    id: "search.versions.order",
    title: "order_by turns the order, max_results pages",
    source: "1.4 model-versions/search",
    given: ["version"],
    steps: [
      ...three,
      versions({ filter: "name='{{unique}}'", order_by: "version_number ASC" }, found("1 2 3")),
      versions(
        { filter: "name='{{unique}}'", max_results: "2" },
        {
          ...found("3 2"),
          save: { token: "next_page_token" },
        },
      ),
      versions({ filter: "name='{{unique}}'", max_results: "2", page_token: "{{token}}" }, found("1")),
    ],
  },
  {
    id: "search.versions.limits",
    title: "max_results 0 and 200001 are 400",
    source: "1.4 model-versions/search",
    steps: ["0", "200001"].map((limit) => versions({ max_results: limit }, invalid("max_results"))),
  },
  {
    id: "search.versions.refused",
    title: "unknown attributes and broken filters are 400",
    source: "1.4 model-versions/search",
    steps: [
      "model_id = 'x'",
      "current_stage = 'None'",
      "alias = 'x'",
      "nonsense",
      "name = 'a' or name = 'b'",
    ].map((filter) => versions({ filter }, invalid())),
  },
  {
    id: "search.models",
    title: "models are found by name and tag, in the order of their names",
    source: "1.4 registered-models/search",
    steps: [
      created("{{unique}}-b"),
      created("{{unique}}-a"),
      post("registered-models/set-tag", { name: "{{unique}}-b", key: "{{unique}}", value: "1" }),
      models({ filter: "name = '{{unique}}-a'" }, foundModels("{{unique}}-a")),
      models({ filter: "name LIKE '{{unique}}%'" }, foundModels("{{unique}}-a", "{{unique}}-b")),
      models({ filter: "name ILIKE 'ROW-%' and name LIKE '{{unique}}-b'" }, foundModels("{{unique}}-b")),
      models(
        { filter: "name LIKE '{{unique}}%'", order_by: "name DESC" },
        foundModels("{{unique}}-b", "{{unique}}-a"),
      ),
      models({ filter: "name LIKE '{{unique}}%' and tags.`{{unique}}` = '1'" }, foundModels("{{unique}}-b")),
      models({ filter: "name = '{{unique}}'" }, foundModels()),
    ],
  },
  {
    id: "search.models.paged",
    title: "max_results pages by a token",
    source: "1.4 registered-models/search",
    steps: [
      created("{{unique}}-a"),
      created("{{unique}}-b"),
      models(
        { filter: "name LIKE '{{unique}}%'", max_results: "1" },
        {
          body: { registered_models: [{ name: "{{unique}}-a" }], next_page_token: present },
          save: { token: "next_page_token" },
        },
      ),
      models(
        { filter: "name LIKE '{{unique}}%'", max_results: "1", page_token: "{{token}}" },
        foundModels("{{unique}}-b"),
      ),
    ],
  },
  {
    id: "search.models.refused",
    title: "max_results 1001 and broken filters are 400",
    source: "1.4 registered-models/search",
    steps: [
      models({ max_results: "1001" }, invalid("max_results")),
      models({ filter: "nonsense" }, invalid()),
      models({ filter: "description = 'x'" }, invalid()),
    ],
  },
  {
    id: "search.models.zero",
    title: "max_results 0 gives only a token that never advances",
    source: "1.4 registered-models/search",
    given: ["model"],
    steps: [
      models(
        { max_results: "0" },
        {
          body: { registered_models: absent, next_page_token: present },
          embedded: { ...invalid("max_results"), why: "a client that follows such a token never ends" },
        },
      ),
    ],
  },
  {
    id: "search.registry.order.refused",
    title: "order_by takes no tag and no unknown attribute",
    source: "1.4 registered-models/search",
    steps: ["tags.k", "nope"].flatMap((order) => [
      models({ order_by: order }, invalid()),
      versions({ order_by: order }, invalid()),
    ]),
  },
  {
    id: "search.registry.prefix",
    title: "the prefix of an attribute is `attribute`, not `attributes`",
    source: "1.4 registered-models/search",
    given: ["version"],
    steps: [
      models({ filter: "attribute.name = '{{unique}}'" }, foundModels("{{unique}}")),
      versions({ filter: "attribute.name = '{{unique}}'" }, found("1")),
      models({ filter: "attributes.name = '{{unique}}'" }, invalid("attributes")),
      versions({ filter: "attributes.name = '{{unique}}'" }, invalid("attributes")),
    ],
  },
  {
    id: "search.versions.no-run",
    title: "a version without a run has the run_id ''",
    source: "1.4 model-versions/search",
    given: ["model"],
    steps: [
      post("model-versions/create", { name: "{{unique}}", source: "s3://bucket/m" }),
      versions({ filter: "name = '{{unique}}' and run_id != 'x'" }, found("1")),
      versions({ filter: "name = '{{unique}}' and run_id NOT IN ('x')" }, found("1")),
      versions({ filter: "name = '{{unique}}' and run_id = ''" }, found("1")),
    ],
  },
];

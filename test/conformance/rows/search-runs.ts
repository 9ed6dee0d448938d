import { absent, present } from "../match.ts";
import { get, invalid, post, type Row, type Step } from "../row.ts";

/** Three runs r1, r2, r3 with rising start_time, metric auc, param p and tag g; r3 has a metric that is NaN. */
const three: readonly Step[] = [1, 2, 3].flatMap((number) => [
  post(
    "runs/create",
    {
      experiment_id: "{{experiment}}",
      run_name: `r${number}`,
      start_time: number * 1000,
      tags: [
        { key: "g", value: String(number) },
        { key: "a b", value: "x" },
      ],
    },
    { save: { [`r${number}`]: "run.info.run_id" } },
  ),
  post("runs/log-batch", {
    run_id: `{{r${number}}}`,
    metrics: [
      { key: "auc", value: number / 10, timestamp: 1 },
      { key: "a b", value: number, timestamp: 1 },
      ...(number === 3
        ? [{ key: "odd", value: "NaN", timestamp: 1 }]
        : [{ key: "odd", value: number, timestamp: 1 }]),
    ],
    params: [{ key: "p", value: `v${number}` }],
  }),
]);

const search = (fields: object, options = {}): Step =>
  post("runs/search", { experiment_ids: ["{{experiment}}"], ...fields }, options);
const found = (names: string) => ({
  body:
    names === ""
      ? { runs: absent }
      : { runs: names.split(" ").map((name) => ({ info: { run_name: name } })), next_page_token: absent },
});

function filters(id: string, title: string, cases: Readonly<Record<string, string>>): Row {
  return {
    id: `search.runs.${id}`,
    title,
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [...three, ...Object.entries(cases).map(([filter, names]) => search({ filter }, found(names)))],
  };
}

function refusedFilters(id: string, title: string, cases: readonly string[]): Row {
  return {
    id: `search.runs.${id}`,
    title,
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: cases.map((filter) => search({ filter }, invalid())),
  };
}

export const searchRuns: readonly Row[] = [
  filters("all", "without a filter: all runs, the last started first", { "": "r3 r2 r1" }),
  filters("metrics", "metrics compare as numbers", {
    "metrics.auc > 0.1": "r3 r2",
    "metrics.auc >= 0.2": "r3 r2",
    "metrics.auc < 0.2": "r1",
    "metrics.auc <= 0.2": "r2 r1",
    "metrics.auc = 0.2": "r2",
    "metrics.auc != 0.1": "r3 r2",
    "metric.auc > 0.2": "r3",
    "metrics.`a b` = 2": "r2",
    'metrics."a b" = 2': "r2",
    "metrics.nothing > 0": "",
  }),
  filters("params", "params compare as text: =, !=, LIKE, ILIKE", {
    "params.p = 'v1'": "r1",
    'params.p = "v1"': "r1",
    "params.p != 'v1'": "r3 r2",
    "params.p LIKE 'v%'": "r3 r2 r1",
    "params.p LIKE 'V%'": "",
    "params.p ILIKE 'V1'": "r1",
    "param.p = 'v1'": "r1",
    "parameters.p = 'v1'": "r1",
  }),
  filters("tags", "tags compare as text", {
    "tags.g = '1'": "r1",
    "tags.g != '1'": "r3 r2",
    "tag.g = '1'": "r1",
    "tags.`a b` = 'x'": "r3 r2 r1",
    "tags.mlflow.runName = 'r2'": "r2",
    "tags.nothing = '1'": "",
  }),
  filters("attributes", "attributes: run_name, run_id, status, start_time, artifact_uri", {
    "attributes.run_name = 'r2'": "r2",
    "run_name = 'r2'": "r2",
    "attributes.run_name LIKE 'r%'": "r3 r2 r1",
    "attributes.status = 'RUNNING'": "r3 r2 r1",
    "status != 'RUNNING'": "",
    "attributes.start_time >= 2000": "r3 r2",
    "start_time > 1000": "r3 r2",
    "attributes.end_time > 0": "",
    "attributes.artifact_uri LIKE '%/{{experiment}}/%'": "r3 r2 r1",
    "run_id = '{{r3}}'": "r3",
    "attributes.run_id IN ('{{r1}}', '{{r3}}')": "r3 r1",
    "run_id NOT IN ('{{r1}}', '{{r3}}')": "r2",
  }),
  filters("and", "AND in any case joins comparisons", {
    "metrics.auc > 0.1 and params.p = 'v3'": "r3",
    "metrics.auc > 0.1 AND tags.g != '3' AND run_name LIKE 'r%'": "r2",
    "params.p = 'a and b'": "",
  }),
  filters("null", "IS NULL and IS NOT NULL on params and tags", {
    "params.p IS NULL": "",
    "params.p IS NOT NULL": "r3 r2 r1",
    "tags.nothing IS NULL": "r3 r2 r1",
  }),
  refusedFilters("refused.logic", "OR, NOT and parentheses are 400", [
    "metrics.auc > 0.1 or metrics.auc < 0.2",
    "NOT metrics.auc > 1",
    "(metrics.auc > 0.1)",
    "tags.g IN ('1')",
    "params.p NOT LIKE 'v1'",
  ]),
  refusedFilters("refused.types", "a metric compared with text, a param or tag with a number is 400", [
    "metrics.auc = '0.1'",
    "metrics.auc LIKE '0%'",
    "params.p = 3",
    "params.p > 'v1'",
    "tags.g = 1",
  ]),
  refusedFilters("refused.words", "unknown entities and attributes, and nonsense, are 400", [
    "foo.bar = 'x'",
    "attributes.nope = 'x'",
    "garbage",
    "metrics.auc == 0.1",
    "metrics.auc >",
  ]),
  {
    id: "search.runs.order",
    title: "order_by takes metrics, params, tags and attributes, ASC unless said otherwise",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      ...three,
      ...Object.entries({
        "metrics.auc": "r1 r2 r3",
        "metrics.auc DESC": "r3 r2 r1",
        "metrics.`a b` DESC": "r3 r2 r1",
        "params.p DESC": "r3 r2 r1",
        "tags.g desc": "r3 r2 r1",
        "attributes.start_time ASC": "r1 r2 r3",
        start_time: "r1 r2 r3",
        "run_name DESC": "r3 r2 r1",
      }).map(([order, names]) => search({ order_by: [order] }, found(names))),
      search({ order_by: ["tags.`a b`", "metrics.auc"] }, found("r1 r2 r3")),
    ],
  },
  {
    id: "search.runs.order.nan",
    title: "NaN comes last in both directions, a missing metric after it",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      ...three,
      post("runs/create", { experiment_id: "{{experiment}}", run_name: "none", start_time: 1 }),
      search({ order_by: ["metrics.odd ASC"] }, found("r1 r2 r3 none")),
      search({ order_by: ["metrics.odd DESC"] }, found("r2 r1 r3 none")),
    ],
  },
  {
    id: "search.runs.order.refused",
    title: "an unknown order_by is 400",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      search({ order_by: ["nonsense"] }, invalid()),
      search({ order_by: ["metrics.auc SIDEWAYS"] }, invalid()),
    ],
  },
  {
    id: "search.runs.paged",
    title: "max_results pages by a token; the last page has none",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      ...three,
      search(
        { max_results: 2 },
        {
          body: {
            runs: [{ info: { run_name: "r3" } }, { info: { run_name: "r2" } }],
            next_page_token: present,
          },
          save: { token: "next_page_token" },
        },
      ),
      search({ max_results: 2, page_token: "{{token}}" }, found("r1")),
    ],
  },
  {
    id: "search.runs.limits",
    title: "max_results 0 and 50001 are 400, 50000 is good",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      search({ max_results: 0 }, invalid("max_results")),
      search({ max_results: 50_001 }, invalid("max_results")),
      search({ max_results: 50_000 }),
      search({ page_token: "zzz" }, invalid("page token")),
    ],
  },
  {
    id: "search.runs.nowhere",
    title: "no or unknown experiment_ids find nothing",
    source: "1.1 runs/search",
    steps: [
      post("runs/search", {}, found("")),
      post("runs/search", { experiment_ids: ["987654321987"] }, found("")),
    ],
  },
  {
    id: "search.runs.deleted",
    title: "deleted runs are found only by run_view_type DELETED_ONLY or ALL",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      ...three,
      post("runs/delete", { run_id: "{{r2}}" }),
      search({}, found("r3 r1")),
      search({ run_view_type: "ACTIVE_ONLY" }, found("r3 r1")),
      search({ run_view_type: "DELETED_ONLY" }, found("r2")),
      search({ run_view_type: "ALL" }, found("r3 r2 r1")),
    ],
  },
  {
    id: "search.runs.whole",
    title: "a found run carries its metrics, params and tags",
    source: "1.1 runs/search",
    given: ["experiment"],
    steps: [
      ...three,
      search(
        { filter: "run_name = 'r1'" },
        {
          body: {
            runs: [
              {
                info: { run_id: "{{r1}}", status: "RUNNING" },
                data: {
                  metrics: [present, present, present],
                  params: [{ key: "p", value: "v1" }],
                  tags: [present, present, present],
                },
              },
            ],
          },
        },
      ),
      get(
        "runs/get",
        { run_id: "{{r3}}" },
        { body: { run: { data: { metrics: [present, present, present] } } } },
      ),
    ],
  },
];

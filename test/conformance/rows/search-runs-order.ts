import { present } from "../match.ts";
import { get, invalid, post, type Row } from "../row.ts";
import { found, search, three } from "./three-runs.ts";

export const searchRunsOrder: readonly Row[] = [
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
      search({ order_by: ["dataset.name"] }, invalid()),
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

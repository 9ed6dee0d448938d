import { anyOrder, empty } from "../match.ts";
import { get, invalid, missing, post, type Row, type Step } from "../row.ts";

const truncation = "the server cuts the value silently; the store says that it is too long";
const metric = (key: string, options = {}): Step =>
  post("runs/log-metric", { run_id: "{{run}}", key, value: 1, timestamp: 1 }, options);

function badKey(id: string, key: string): Row {
  return {
    id: `limits.key.${id}`,
    title: `the key ${JSON.stringify(key)} is 400 for metrics, params and tags`,
    source: "1.2 keys",
    given: ["run"],
    steps: [
      metric(key, invalid()),
      post("runs/log-parameter", { run_id: "{{run}}", key, value: "1" }, invalid()),
      post("runs/set-tag", { run_id: "{{run}}", key, value: "1" }, invalid()),
    ],
  };
}

export const limits: readonly Row[] = [
  {
    id: "limits.key.good",
    title: "letters of any script, digits, _ - . space : and / are good in keys",
    source: "1.2 keys",
    given: ["run"],
    steps: [
      ...["a b.c-d:e/f_9", "größe", "模型", ".hidden"].map((key) => metric(key, { body: empty })),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: {
            run: {
              data: {
                metrics: anyOrder(
                  { key: "a b.c-d:e/f_9" },
                  { key: "größe" },
                  { key: "模型" },
                  { key: ".hidden" },
                ),
              },
            },
          },
        },
      ),
    ],
  },
  {
    id: "limits.key.250",
    title: "a key of 250 characters is accepted",
    source: "1.2 keys",
    given: ["run"],
    steps: [
      metric("k".repeat(250), { body: empty }),
      post("runs/log-parameter", { run_id: "{{run}}", key: "k".repeat(250), value: "1" }, { body: empty }),
      post("runs/set-tag", { run_id: "{{run}}", key: "k".repeat(250), value: "1" }, { body: empty }),
    ],
  },
  badKey("251", "k".repeat(251)),
  badKey("leading-slash", "/a"),
  badKey("double-slash", "a//b"),
  badKey("trailing-slash", "a/"),
  badKey("dot", "."),
  badKey("parent", "../a"),
  badKey("inner-parent", "a/../b"),
  badKey("star", "a*"),
  badKey("newline", "a\nb/"),
  badKey("empty", ""),
  {
    id: "limits.param.6000",
    title: "a param value of 6000 characters is kept whole",
    source: "1.2 param value",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "p", value: "x".repeat(6000) }, { body: empty }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { data: { params: [{ key: "p", value: "x".repeat(6000) }] } } },
        },
      ),
    ],
  },
  {
    id: "limits.param.6001",
    title: "a longer param value is cut to 6000",
    source: "1.2 param value",
    given: ["run"],
    steps: [
      post(
        "runs/log-parameter",
        { run_id: "{{run}}", key: "p", value: `${"x".repeat(6000)}y` },
        {
          body: empty,
          embedded: { ...invalid("6000"), why: truncation },
        },
      ),
    ],
  },
  {
    id: "limits.tag.8000",
    title: "a run tag value of 8000 characters is kept whole",
    source: "1.2 run tag value",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "t", value: "x".repeat(8000) }, { body: empty }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: {
            run: {
              data: { tags: anyOrder({ key: "t", value: "x".repeat(8000) }, { key: "mlflow.runName" }) },
            },
          },
        },
      ),
    ],
  },
  {
    id: "limits.tag.8001",
    title: "a longer run tag value is cut to 8000",
    source: "1.2 run tag value",
    given: ["run"],
    steps: [
      post(
        "runs/set-tag",
        { run_id: "{{run}}", key: "t", value: "x".repeat(8001) },
        {
          body: empty,
          embedded: { ...invalid("8000"), why: truncation },
        },
      ),
    ],
  },
  {
    id: "limits.experiment.name",
    title: "an experiment name of 500 characters is accepted, 501 are 400",
    source: "1.2 experiment name",
    steps: [
      post("experiments/create", { name: `{{unique}}${"x".repeat(500 - 16)}` }),
      post("experiments/create", { name: `{{unique}}${"y".repeat(501 - 16)}` }, invalid("500")),
    ],
  },
  {
    id: "limits.experiment.tag",
    title: "an experiment tag value of 20000 characters is accepted, 20001 are 400",
    source: "1.2 experiment tag value",
    given: ["experiment"],
    steps: [20_000, 20_001].map((length) =>
      post(
        "experiments/set-experiment-tag",
        { experiment_id: "{{experiment}}", key: "k", value: "x".repeat(length) },
        length === 20_000 ? { body: empty } : invalid(),
      ),
    ),
  },
  {
    id: "limits.registry.tag",
    title: "a registry tag value of 100000 characters is accepted, 100001 are 400; a key of 251 is 400",
    source: "1.2 registry tag",
    given: ["model"],
    steps: [
      post(
        "registered-models/set-tag",
        { name: "{{unique}}", key: "k", value: "x".repeat(100_000) },
        { body: empty },
      ),
      post(
        "registered-models/set-tag",
        { name: "{{unique}}", key: "k", value: "x".repeat(100_001) },
        invalid(),
      ),
      post("registered-models/set-tag", { name: "{{unique}}", key: "k".repeat(251), value: "x" }, invalid()),
    ],
  },
  {
    id: "limits.dataset",
    title: "a dataset name of 501 or a digest of 37 characters is 400",
    source: "1.2 dataset",
    given: ["run"],
    steps: [
      { name: "n".repeat(501), digest: "d" },
      { name: "n", digest: "d".repeat(37) },
    ].map((dataset) =>
      post(
        "runs/log-inputs",
        {
          run_id: "{{run}}",
          datasets: [{ tags: [], dataset: { source_type: "local", source: "{}", ...dataset } }],
        },
        invalid(),
      ),
    ),
  },
  {
    id: "limits.run-id",
    title: "a run id with other characters is simply not found",
    source: "1.2 run id",
    steps: ["a/b", "../x", "a b"].map((id) =>
      post("runs/set-tag", { run_id: id, key: "k", value: "v" }, missing()),
    ),
  },
];

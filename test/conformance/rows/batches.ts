import { absent, anyOrder, empty } from "../match.ts";
import { get, invalid, missing, post, type Row, type Step } from "../row.ts";

function range<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_nothing, index) => item(index));
}

const metric = (index: number) => ({ key: `m${index}`, value: index, timestamp: 1, step: 0 });
const pair = (index: number) => ({ key: `k${index}`, value: String(index) });
const batch = (fields: object, options = {}): Step =>
  post("runs/log-batch", { run_id: "{{run}}", ...fields }, options);
const nothingStored = get(
  "runs/get",
  { run_id: "{{run}}" },
  {
    body: { run: { data: { metrics: absent, params: absent, tags: [{ key: "mlflow.runName" }] } } },
  },
);

/** A refused batch, and that nothing of it was stored. */
function refused(id: string, title: string, fields: object, message: string): Row {
  return {
    id: `batches.${id}`,
    title,
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [batch(fields, invalid(message)), nothingStored],
  };
}

export const batches: readonly Row[] = [
  {
    id: "batches.all",
    title: "log-batch stores metrics, params and tags",
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [
      batch(
        {
          metrics: [{ key: "m", value: 0.5, timestamp: 9, step: 2 }],
          params: [{ key: "p", value: "1" }],
          tags: [{ key: "t", value: "x" }],
        },
        { body: empty },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: {
            run: {
              data: {
                metrics: [{ key: "m", value: 0.5, timestamp: 9, step: 2 }],
                params: [{ key: "p", value: "1" }],
                tags: anyOrder({ key: "t", value: "x" }, { key: "mlflow.runName" }),
              },
            },
          },
        },
      ),
    ],
  },
  {
    id: "batches.empty",
    title: "an empty batch is accepted",
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [batch({}, { body: empty }), batch({ metrics: [], params: [], tags: [] }, { body: empty })],
  },
  {
    id: "batches.unknown-run",
    title: "an unknown run is 404",
    source: "1.1 runs/log-batch",
    steps: [
      post(
        "runs/log-batch",
        { run_id: "0123456789abcdef0123456789abcdef", tags: [{ key: "k", value: "v" }] },
        missing(),
      ),
    ],
  },
  {
    id: "batches.no-run",
    title: "no run_id is 400",
    source: "1.1 runs/log-batch",
    steps: [post("runs/log-batch", { tags: [] }, invalid("run_id"))],
  },
  {
    id: "batches.full",
    title: "800 metrics, 100 params and 100 tags, 1000 in all, are accepted",
    source: "1.2 log-batch",
    given: ["run"],
    steps: [
      batch(
        { metrics: range(800, metric), params: range(100, pair), tags: range(100, pair) },
        { body: empty },
      ),
    ],
  },
  {
    id: "batches.thousand-metrics",
    title: "1000 metrics are accepted and all stored",
    source: "1.2 log-batch",
    given: ["run"],
    steps: [
      batch({ metrics: range(1000, (index) => ({ key: "m", value: index, timestamp: index, step: index })) }),
      get(
        "metrics/get-history",
        { run_id: "{{run}}", metric_key: "m", max_results: "25000" },
        {
          body: { metrics: range(1000, (index) => ({ value: index, step: index })) },
        },
      ),
    ],
  },
  refused("metrics", "1001 metrics are 400", { metrics: range(1001, metric) }, "1000"),
  refused("params", "101 params are 400", { params: range(101, pair) }, "100"),
  refused("tags", "101 tags are 400", { tags: range(101, pair) }, "100"),
  refused("total", "1001 in all are 400", { metrics: range(901, metric), params: range(100, pair) }, "1000"),
  refused(
    "duplicate-param",
    "one param key twice is 400, even with the same value",
    { params: [pair(1), pair(1)], tags: [pair(2)] },
    "Duplicate",
  ),
  refused(
    "one-bad-key",
    "one bad key refuses the whole batch",
    { metrics: [metric(1)], params: [{ key: "../x", value: "1" }], tags: [pair(1)] },
    "params[0]",
  ),
  refused(
    "no-timestamp",
    "a metric without a timestamp refuses the whole batch",
    { metrics: [{ key: "m", value: 1 }], params: [pair(1)], tags: [pair(1)] },
    "metrics[0].timestamp",
  ),
  {
    id: "batches.changed-param",
    title: "a param with another value than before is 400",
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [
      batch({ params: [{ key: "p", value: "1" }] }),
      batch({ params: [{ key: "p", value: "1" }] }, { body: empty }),
      batch({ params: [{ key: "p", value: "2" }] }, invalid("Changing param values is not allowed")),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        { body: { run: { data: { params: [{ key: "p", value: "1" }] } } } },
      ),
    ],
  },
  {
    id: "batches.duplicate-tag",
    title: "of one tag key twice the last value counts",
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [
      batch(
        {
          tags: [
            { key: "t", value: "1" },
            { key: "t", value: "2" },
          ],
        },
        { body: empty },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { data: { tags: anyOrder({ key: "t", value: "2" }, { key: "mlflow.runName" }) } } },
        },
      ),
    ],
  },
  {
    id: "batches.same-point-twice",
    title: "the same point twice, in one batch or two, stays one row",
    source: "1.1 runs/log-batch",
    given: ["run"],
    steps: [
      batch({ metrics: [metric(1), metric(1)] }, { body: empty }),
      batch({ metrics: [metric(1)] }, { body: empty }),
      get(
        "metrics/get-history",
        { run_id: "{{run}}", metric_key: "m1" },
        { body: { metrics: [{ value: 1 }] } },
      ),
    ],
  },
  {
    id: "batches.rename",
    title: "the tag mlflow.runName in a batch renames the run",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [
      batch({ tags: [{ key: "mlflow.runName", value: "by batch" }] }),
      get("runs/get", { run_id: "{{run}}" }, { body: { run: { info: { run_name: "by batch" } } } }),
    ],
  },
  {
    id: "batches.big",
    title: "a body of 1.4 MB is accepted",
    source: "1.2 log-batch",
    given: ["run"],
    steps: [
      batch(
        {
          params: range(100, (index) => ({ key: `p${index}`, value: "x".repeat(6000) })),
          tags: range(100, (index) => ({ key: `t${index}`, value: "x".repeat(8000) })),
        },
        { body: empty },
      ),
    ],
  },
];

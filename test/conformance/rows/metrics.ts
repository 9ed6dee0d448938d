import { absent, anyOrder, empty, present } from "../match.ts";
import { get, invalid, missing, post, type Row } from "../row.ts";

const metric = (fields: object) => ({ run_id: "{{run}}", key: "m", value: 0.5, timestamp: 1000, ...fields });
const latest = (...metrics: readonly unknown[]) => ({
  body: { run: { data: { metrics: anyOrder(...metrics) } } },
});
const history = (query: Record<string, string> = {}) => ({ run_id: "{{run}}", metric_key: "m", ...query });
const three = [1, 2, 3].map((step) =>
  post("runs/log-metric", metric({ value: step, step, timestamp: 1000 + step })),
);

export const metrics: readonly Row[] = [
  {
    id: "metrics.log",
    title: "log-metric is answered {}; value, timestamp and step come back as numbers",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ step: 7 }), { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", value: 0.5, timestamp: 1000, step: 7 })),
    ],
  },
  {
    id: "metrics.step-absent",
    title: "an absent step is 0",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({})),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", step: 0 })),
    ],
  },
  {
    id: "metrics.negative-step",
    title: "a negative step is accepted",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ step: -3 })),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", step: -3 })),
    ],
  },
  {
    id: "metrics.timestamp-required",
    title: "no timestamp is 400",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [post("runs/log-metric", { run_id: "{{run}}", key: "m", value: 1 }, invalid("timestamp"))],
  },
  {
    id: "metrics.timestamp-negative",
    title: "a negative timestamp is 400",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [post("runs/log-metric", metric({ timestamp: -1 }), invalid("timestamp"))],
  },
  {
    id: "metrics.value-required",
    title: "no value, or null, is 400",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [
      post("runs/log-metric", { run_id: "{{run}}", key: "m", timestamp: 1 }, invalid("value")),
      post("runs/log-metric", metric({ value: null }), invalid("value")),
    ],
  },
  {
    id: "metrics.numeric-strings",
    title: "numbers may be sent as strings",
    source: "1 JSON",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ value: "0.25", timestamp: "1000", step: "2" })),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", value: 0.25, timestamp: 1000, step: 2 })),
    ],
  },
  {
    id: "metrics.nan",
    title: 'the string "NaN" comes back as "NaN"',
    source: "1.1 NaN",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ value: "NaN" }), { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", value: "NaN" })),
      get("metrics/get-history", history(), { body: { metrics: [{ value: "NaN" }] } }),
    ],
  },
  {
    id: "metrics.infinity",
    title: "infinities are stored as the largest double",
    source: "1.1 NaN",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ value: "Infinity" }), { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", value: 1.7976931348623157e308 })),
      post("runs/log-metric", metric({ value: "-Infinity", timestamp: 2000 }), { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, latest({ key: "m", value: -1.7976931348623157e308 })),
    ],
  },
  {
    id: "metrics.integers",
    title: "a value of 2^53 and a time of 2^52 ms survive",
    source: "1 JSON",
    given: ["run"],
    steps: [
      post(
        "runs/log-metric",
        metric({
          value: 9_007_199_254_740_992,
          timestamp: 4_503_599_627_370_496,
          step: 4_503_599_627_370_496,
        }),
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        latest({
          value: 9_007_199_254_740_992,
          timestamp: 4_503_599_627_370_496,
          step: 4_503_599_627_370_496,
        }),
      ),
    ],
  },
  {
    id: "metrics.latest.by-step",
    title: "the latest value is that of the highest step, not of the last call",
    source: "1.1 runs/get",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ value: 1, step: 5 })),
      post("runs/log-metric", metric({ value: 2, step: 3, timestamp: 9000 })),
      get("runs/get", { run_id: "{{run}}" }, latest({ value: 1, step: 5 })),
    ],
  },
  {
    id: "metrics.latest.by-time",
    title: "of equal steps the later timestamp counts, of equal timestamps the greater value",
    source: "1.1 runs/get",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({ value: 1, timestamp: 2000 })),
      post("runs/log-metric", metric({ value: 5, timestamp: 1000 })),
      get("runs/get", { run_id: "{{run}}" }, latest({ value: 1, timestamp: 2000 })),
      post("runs/log-metric", metric({ value: 3, timestamp: 2000 })),
      post("runs/log-metric", metric({ value: 2, timestamp: 2000 })),
      get("runs/get", { run_id: "{{run}}" }, latest({ value: 3, timestamp: 2000 })),
    ],
  },
  {
    id: "metrics.same-point-twice",
    title: "the same point sent twice stays one row",
    source: "1.1 metrics/get-history",
    given: ["run"],
    steps: [
      post("runs/log-metric", metric({})),
      post("runs/log-metric", metric({}), { body: empty }),
      get("metrics/get-history", history(), { body: { metrics: [{ value: 0.5 }] } }),
    ],
  },
  {
    id: "metrics.key-and-subkey",
    title: "the keys k and k/x, A and a live side by side",
    source: "1.2 keys",
    given: ["run"],
    steps: [
      ...["loss", "loss/val", "A", "a"].map((key) => post("runs/log-metric", metric({ key }))),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        latest({ key: "loss" }, { key: "loss/val" }, { key: "A" }, { key: "a" }),
      ),
    ],
  },
  {
    id: "metrics.history",
    title: "without max_results the history is whole, in the order it was logged",
    source: "1.1 metrics/get-history",
    given: ["run"],
    steps: [
      ...three,
      get("metrics/get-history", history(), {
        body: {
          metrics: [
            { key: "m", value: 1, step: 1, timestamp: 1001 },
            { key: "m", value: 2, step: 2, timestamp: 1002 },
            { key: "m", value: 3, step: 3, timestamp: 1003 },
          ],
          next_page_token: absent,
        },
      }),
    ],
  },
  {
    id: "metrics.history.paged",
    title: "max_results pages by a token that ends",
    source: "1.1 metrics/get-history",
    given: ["run"],
    steps: [
      ...three,
      get("metrics/get-history", history({ max_results: "2" }), {
        body: { metrics: [{ value: 1 }, { value: 2 }], next_page_token: present },
        save: { token: "next_page_token" },
      }),
      get("metrics/get-history", history({ max_results: "2", page_token: "{{token}}" }), {
        body: { metrics: [{ value: 3 }], next_page_token: absent },
      }),
    ],
  },
  {
    id: "metrics.history.limit",
    title: "max_results 0 is 400; 25000 and more are accepted",
    source: "1.1 metrics/get-history",
    given: ["run"],
    steps: [
      ...three,
      get("metrics/get-history", history({ max_results: "0" }), invalid("max_results")),
      get("metrics/get-history", history({ max_results: "25000" }), {
        body: { metrics: [present, present, present] },
      }),
      get("metrics/get-history", history({ max_results: "30000" }), {
        body: { metrics: [present, present, present] },
      }),
    ],
  },
  {
    id: "metrics.history.unknown-key",
    title: "the history of a key that was never logged is empty",
    source: "1.1 metrics/get-history",
    given: ["run"],
    steps: [get("metrics/get-history", history(), { body: { metrics: absent } })],
  },
  {
    id: "metrics.history.unknown-run",
    title: "the history of an unknown run is empty, as if it had logged nothing",
    source: "1.1 metrics/get-history",
    steps: [
      get(
        "metrics/get-history",
        { run_id: "0123456789abcdef0123456789abcdef", metric_key: "m" },
        { body: empty, embedded: { ...missing(), why: "a mistyped run id is no empty history" } },
      ),
    ],
  },
];

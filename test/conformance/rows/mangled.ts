import { absent, anyOrder, empty } from "../match.ts";
import { bad, get, invalid, post, postRaw, type Refusal, type Row, type StepOptions } from "../row.ts";

const why = "the server answers 200 and stores something else; the store refuses instead of mangling";
const history = { run_id: "{{run}}", metric_key: "m" };

/** A single metric whose one field protobuf cannot parse: what MLflow stores of it. */
function mangledMetric(id: string, given: { fields: string; stored: object; refusal: Refusal }): Row {
  return {
    id: `mangled.metric.${id}`,
    title: `log-metric with ${given.fields}: the server drops the field and all that follows`,
    source: "1 silent corruption",
    given: ["run"],
    steps: [
      postRaw("runs/log-metric", `{"run_id":"{{run}}","key":"m",${given.fields}}`, {
        body: empty,
        embedded: { ...given.refusal, why },
      }),
      get("metrics/get-history", history, {
        body: { metrics: [given.stored] },
        embedded: { status: 200, body: { metrics: absent }, why: "nothing of a refused call is stored" },
      }),
    ],
  };
}

function mangledBatch(
  id: string,
  given: { title: string; batch: string; stored: StepOptions; refusal: Refusal },
): Row {
  return {
    id: `mangled.batch.${id}`,
    title: given.title,
    source: "1 silent corruption",
    given: ["run"],
    steps: [
      postRaw("runs/log-batch", `{"run_id":"{{run}}",${given.batch}}`, {
        body: empty,
        embedded: { ...given.refusal, why },
      }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          ...given.stored,
          embedded: {
            status: 200,
            body: { run: { data: { metrics: absent, params: absent, tags: [{ key: "mlflow.runName" }] } } },
            why: "nothing of a refused batch is stored",
          },
        },
      ),
    ],
  };
}

const runData = (fields: object): StepOptions => ({ body: { run: { data: fields } } });
const before = '{"key":"before","value":1,"timestamp":1,"step":1}';
const after = '{"key":"after","value":3,"timestamp":1}';
const rest = '"params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"1"}]';

export const mangled: readonly Row[] = [
  mangledMetric("timestamp", {
    fields: '"value":0.5,"timestamp":1.5,"step":4',
    stored: { value: 0.5, timestamp: 0, step: 0 },
    refusal: invalid("timestamp"),
  }),
  mangledMetric("step", {
    fields: '"value":0.5,"timestamp":1,"step":1.5',
    stored: { value: 0.5, timestamp: 1, step: 0 },
    refusal: invalid("step"),
  }),
  mangledMetric("step-range", {
    fields: '"value":0.5,"timestamp":1,"step":9223372036854775808',
    stored: { timestamp: 1, step: 0 },
    refusal: invalid("step"),
  }),
  mangledMetric("nan-token", {
    fields: '"value":NaN,"timestamp":1,"step":4',
    stored: { value: 0, timestamp: 0, step: 0 },
    refusal: bad("NaN"),
  }),
  mangledMetric("overflow", {
    fields: '"value":1e400,"timestamp":1,"step":4',
    stored: { value: 0, timestamp: 0, step: 0 },
    refusal: invalid("value"),
  }),
  ...Object.entries({
    timestamp: '"timestamp":1.5,"step":9',
    step: '"step":1.5,"timestamp":1',
  }).map(([field, fraction]) =>
    mangledBatch(field, {
      title: `a fractional ${field} in a batch loses the rest of the metric, later metrics, all params and all tags`,
      batch: `"metrics":[${before},{"key":"m","value":2,${fraction}},${after}],${rest}`,
      stored: runData({
        metrics: anyOrder(
          { key: "before", value: 1, step: 1 },
          { key: "m", value: 2, timestamp: 0, step: 0 },
        ),
        params: absent,
        tags: [{ key: "mlflow.runName" }],
      }),
      refusal: invalid(field),
    }),
  ),
  mangledBatch("param-number", {
    title: "an integer as param value in a batch is stored as empty text, what follows is lost",
    batch: '"params":[{"key":"p","value":1},{"key":"q","value":"2"}],"tags":[{"key":"t","value":"1"}]',
    stored: runData({ params: [{ key: "p", value: "" }], tags: [{ key: "mlflow.runName" }] }),
    refusal: invalid("param"),
  }),
  {
    id: "mangled.metric.text-value",
    title: "a value or timestamp that is no number is 400",
    source: "1.1 runs/log-metric",
    given: ["run"],
    steps: [
      post("runs/log-metric", { run_id: "{{run}}", key: "m", value: "abc", timestamp: 1 }, invalid("value")),
      post(
        "runs/log-metric",
        { run_id: "{{run}}", key: "m", value: 1, timestamp: "abc" },
        invalid("timestamp"),
      ),
    ],
  },
];

import { absent, anyOrder, empty } from "../match.ts";
import { get, invalid, post, postRaw, type Row, type StepOptions } from "../row.ts";

const why = "the server answers 200 and stores something else; the store refuses instead of mangling";
const history = { run_id: "{{run}}", metric_key: "m" };

/** A single metric whose one field protobuf cannot parse: what MLflow stores of it. */
function mangledMetric(id: string, fields: string, stored: object, named: RegExp): Row {
  return {
    id: `mangled.metric.${id}`,
    title: `log-metric with ${fields}: the server drops the field and all that follows`,
    source: "1 silent corruption",
    given: ["run"],
    steps: [
      postRaw("runs/log-metric", `{"run_id":"{{run}}","key":"m",${fields}}`, {
        body: empty,
        embedded: { ...invalid(named), why },
      }),
      get("metrics/get-history", history, {
        body: { metrics: [stored] },
        embedded: { status: 200, body: { metrics: absent }, why: "nothing of a refused call is stored" },
      }),
    ],
  };
}

function mangledBatch(id: string, title: string, batch: string, stored: StepOptions, named: RegExp): Row {
  return {
    id: `mangled.batch.${id}`,
    title,
    source: "1 silent corruption",
    given: ["run"],
    steps: [
      postRaw("runs/log-batch", `{"run_id":"{{run}}",${batch}}`, {
        body: empty,
        embedded: { ...invalid(named), why },
      }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          ...stored,
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
const good = '{"key":"before","value":1,"timestamp":1,"step":1}';
const rest = '"params":[{"key":"p","value":"1"}],"tags":[{"key":"t","value":"1"}]';

export const mangled: readonly Row[] = [
  mangledMetric(
    "timestamp",
    '"value":0.5,"timestamp":1.5,"step":4',
    { value: 0.5, timestamp: 0, step: 0 },
    /timestamp/,
  ),
  mangledMetric(
    "step",
    '"value":0.5,"timestamp":1,"step":1.5',
    { value: 0.5, timestamp: 1, step: 0 },
    /step/,
  ),
  mangledMetric(
    "step-range",
    '"value":0.5,"timestamp":1,"step":9223372036854775808',
    { timestamp: 1, step: 0 },
    /step/,
  ),
  mangledMetric("nan-token", '"value":NaN,"timestamp":1,"step":4', { value: 0, timestamp: 0, step: 0 }, /./),
  mangledMetric(
    "overflow",
    '"value":1e400,"timestamp":1,"step":4',
    { value: 0, timestamp: 0, step: 0 },
    /value/,
  ),
  ...["timestamp", "step"].map((field) =>
    mangledBatch(
      field,
      `a fractional ${field} in a batch loses the rest of the metric, later metrics, all params and all tags`,
      `"metrics":[${good},{"key":"m","value":2,"${field}":1.5${field === "step" ? ',"timestamp":1' : ',"step":9'}},{"key":"after","value":3,"timestamp":1}],${rest}`,
      runData({
        metrics: anyOrder(
          { key: "before", value: 1, step: 1 },
          { key: "m", value: 2, timestamp: 0, step: 0 },
        ),
        params: absent,
        tags: [{ key: "mlflow.runName" }],
      }),
      new RegExp(field),
    ),
  ),
  mangledBatch(
    "param-number",
    "an integer as param value in a batch is stored as empty text, what follows is lost",
    '"params":[{"key":"p","value":1},{"key":"q","value":"2"}],"tags":[{"key":"t","value":"1"}]',
    runData({ params: [{ key: "p", value: "" }], tags: [{ key: "mlflow.runName" }] }),
    /param/,
  ),
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

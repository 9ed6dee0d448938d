import { absent, anyOrder, empty } from "../match.ts";
import { get, invalid, missing, post, type Row } from "../row.ts";

const data = (fields: object) => ({ body: { run: { data: fields } } });

export const paramsAndTags: readonly Row[] = [
  {
    id: "params.log",
    title: "log-parameter stores a string; the same value again is accepted",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }, { body: empty }),
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "4" }] })),
    ],
  },
  {
    id: "params.change",
    title: "another value for a param is 400 and changes nothing",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }),
      post(
        "runs/log-parameter",
        { run_id: "{{run}}", key: "depth", value: "5" },
        invalid("Changing param values is not allowed"),
      ),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "4" }] })),
    ],
  },
  {
    id: "params.not-text",
    title: "a number as value is 400",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: 4 }, invalid("value"))],
  },
  {
    id: "params.empty-value",
    title: "an empty value is stored",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "" }] })),
    ],
  },
  {
    id: "params.unicode",
    title: "values keep line ends, tabs, quotes and letters of any script",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "text", value: 'a\r\n\tb "ü" 模型 🙂' }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        data({ params: [{ key: "text", value: 'a\r\n\tb "ü" 模型 🙂' }] }),
      ),
    ],
  },
  {
    id: "params.unknown-run",
    title: "an unknown run is 404",
    source: "1.1 runs/log-parameter",
    steps: [
      post(
        "runs/log-parameter",
        { run_id: "0123456789abcdef0123456789abcdef", key: "k", value: "v" },
        missing(),
      ),
    ],
  },
  {
    id: "tags.set",
    title: "set-tag overwrites",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "1" }, { body: empty }),
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "2" }, { body: empty }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        data({
          tags: anyOrder({ key: "k", value: "2" }, { key: "mlflow.runName", value: "run of {{unique}}" }),
        }),
      ),
    ],
  },
  {
    id: "tags.run-name",
    title: "the tag mlflow.runName renames the run",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "mlflow.runName", value: "by tag" }),
      get("runs/get", { run_id: "{{run}}" }, { body: { run: { info: { run_name: "by tag" } } } }),
    ],
  },
  {
    id: "tags.delete",
    title: "delete-tag removes; a missing tag is 404",
    source: "1.1 runs/delete-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "1" }),
      post("runs/delete-tag", { run_id: "{{run}}", key: "k" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ tags: [{ key: "mlflow.runName" }] })),
      post("runs/delete-tag", { run_id: "{{run}}", key: "k" }, missing("k")),
    ],
  },
  {
    id: "tags.no-key",
    title: "set-tag without a key is 400",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [post("runs/set-tag", { run_id: "{{run}}", value: "1" }, invalid("key"))],
  },
  {
    id: "params.log-model",
    title: "the log-model call of 2.x clients becomes the tag mlflow.log-model.history",
    source: "1.1 runs/log-model",
    given: ["run"],
    steps: [
      post(
        "runs/log-model",
        {
          run_id: "{{run}}",
          model_json: JSON.stringify({
            artifact_path: "model",
            run_id: "r",
            utc_time_created: "2026-01-01 00:00:00.000000",
            flavors: { python_function: { loader_module: "mlflow.sklearn" } },
          }),
        },
        { body: empty },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        data({
          tags: anyOrder(
            { key: "mlflow.log-model.history", value: /^\[\{.*"artifact_path": ?"model"/ },
            { key: "mlflow.runName" },
          ),
        }),
      ),
    ],
  },
  {
    id: "params.log-model.broken",
    title: "log-model with a model_json that is no JSON is 400",
    source: "1.1 runs/log-model",
    given: ["run"],
    steps: [post("runs/log-model", { run_id: "{{run}}", model_json: "{" }, invalid())],
  },
  {
    id: "inputs.dataset",
    title: "log-inputs keeps dataset and context tag; the same dataset again stays one",
    source: "1.1 runs/log-inputs",
    given: ["run"],
    steps: [
      ...[1, 2].map(() =>
        post(
          "runs/log-inputs",
          {
            run_id: "{{run}}",
            datasets: [
              {
                tags: [{ key: "mlflow.data.context", value: "training" }],
                dataset: {
                  name: "train",
                  digest: "abc",
                  source_type: "local",
                  source: "{}",
                  schema: "{}",
                  profile: "{}",
                },
              },
            ],
          },
          { body: empty },
        ),
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: {
            run: {
              inputs: {
                dataset_inputs: [
                  {
                    tags: [{ key: "mlflow.data.context", value: "training" }],
                    dataset: {
                      name: "train",
                      digest: "abc",
                      source_type: "local",
                      source: "{}",
                      schema: "{}",
                      profile: "{}",
                    },
                  },
                ],
                model_inputs: absent,
              },
            },
          },
        },
      ),
    ],
  },
  {
    id: "inputs.models",
    title: "log-inputs takes models alone",
    source: "1.1 runs/log-inputs",
    given: ["logged-model"],
    steps: [
      post(
        "runs/log-inputs",
        { run_id: "{{run}}", models: [{ model_id: "{{loggedModel}}" }] },
        { body: empty },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { inputs: { model_inputs: [{ model_id: "{{loggedModel}}" }] } } },
        },
      ),
    ],
  },
  {
    id: "outputs.models",
    title: "runs/outputs keeps model and step, and does not check that the model exists",
    source: "1.1 runs/outputs",
    given: ["run"],
    steps: [
      post(
        "runs/outputs",
        { run_id: "{{run}}", models: [{ model_id: "m-nothing", step: 3 }] },
        { body: empty },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { outputs: { model_outputs: [{ model_id: "m-nothing", step: 3 }] } } },
        },
      ),
    ],
  },
];

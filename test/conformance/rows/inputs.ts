import { absent, anyOrder, empty } from "../match.ts";
import { get, invalid, post, type Row } from "../row.ts";

const data = (fields: object) => ({ body: { run: { data: fields } } });

export const inputs: readonly Row[] = [
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
    id: "inputs.dataset.two-runs",
    title:
      "a dataset is kept once for an experiment: the second run shows the source that the first one logged",
    source: "1.1 runs/log-inputs",
    given: ["experiment"],
    steps: [1, 2].flatMap((number) => [
      post(
        "runs/create",
        { experiment_id: "{{experiment}}", start_time: number * 1000 },
        { save: { [`r${number}`]: "run.info.run_id" } },
      ),
      post("runs/log-inputs", {
        run_id: `{{r${number}}}`,
        datasets: [
          { dataset: { name: "train", digest: "abc", source_type: "local", source: `{"by":${number}}` } },
        ],
      }),
      get(
        "runs/get",
        { run_id: `{{r${number}}}` },
        {
          body: { run: { inputs: { dataset_inputs: [{ dataset: { name: "train", source: '{"by":1}' } }] } } },
        },
      ),
    ]),
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
  {
    id: "outputs.models.required",
    title: "runs/outputs without models is 400",
    source: "1.1 runs/outputs",
    given: ["run"],
    steps: [post("runs/outputs", { run_id: "{{run}}" }, invalid("models"))],
  },
];

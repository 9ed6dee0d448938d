import { absent, anyOrder, empty, present } from "../match.ts";
import { get, invalid, listArtifacts, missing, patch, post, putArtifact, type Row, remove } from "../row.ts";

const model = "logged-models/{{loggedModel}}";
const info = (fields: object) => ({ body: { model: { info: fields } } });
const data = (fields: object) => ({ body: { model: { data: fields } } });
const search = (fields: object, options = {}) =>
  post("logged-models/search", { experiment_ids: ["{{experiment}}"], ...fields }, options);

export const loggedModels: readonly Row[] = [
  {
    id: "logged-models.create",
    title: "create answers a PENDING model with its own artifact root outside the run",
    source: "1.5 POST logged-models",
    given: ["run"],
    steps: [
      post(
        "logged-models",
        {
          experiment_id: "{{experiment}}",
          name: "clf",
          model_type: "sklearn",
          source_run_id: "{{run}}",
          params: [{ key: "p", value: "1" }],
          tags: [{ key: "t", value: "1" }],
        },
        {
          save: { id: "model.info.model_id" },
          body: {
            model: {
              info: {
                model_id: /^m-[0-9a-f]{32}$/,
                experiment_id: "{{experiment}}",
                name: "clf",
                status: "LOGGED_MODEL_PENDING",
                model_type: "sklearn",
                source_run_id: "{{run}}",
                creation_timestamp_ms: present,
                last_updated_timestamp_ms: present,
                tags: [{ key: "t", value: "1" }],
              },
              data: { params: [{ key: "p", value: "1" }], metrics: absent },
            },
          },
        },
      ),
      get(
        "logged-models/{{id}}",
        {},
        info({ artifact_uri: "mlflow-artifacts:/{{experiment}}/models/{{id}}/artifacts" }),
      ),
    ],
  },
  {
    id: "logged-models.create.random-name",
    title: "without a name the server invents one",
    source: "1.5 POST logged-models",
    given: ["experiment"],
    steps: [post("logged-models", { experiment_id: "{{experiment}}" }, info({ name: /^\S+-\S+-\d+$/ }))],
  },
  {
    id: "logged-models.create.refused",
    title: "no experiment is 400, an unknown one 404",
    source: "1.5 POST logged-models",
    steps: [
      post("logged-models", { name: "clf" }, invalid("experiment_id")),
      post("logged-models", { experiment_id: "987654321987", name: "clf" }, missing()),
    ],
  },
  ...["a/b", "a:b", "a.b", "a%b", 'a"b', "a'b"].map(
    (name): Row => ({
      id: `logged-models.create.name.${name}`,
      title: `the name ${name} is 400`,
      source: "1.2 model name",
      given: ["experiment"],
      steps: [post("logged-models", { experiment_id: "{{experiment}}", name }, invalid())],
    }),
  ),
  {
    id: "logged-models.get.missing",
    title: "an unknown model is 404, for GET and for PATCH",
    source: "1.5 GET logged-models/{id}",
    steps: [
      get("logged-models/m-nothing", {}, missing("m-nothing")),
      patch(
        "logged-models/m-nothing",
        { model_id: "m-nothing", status: "LOGGED_MODEL_READY" },
        missing("m-nothing"),
      ),
    ],
  },
  {
    id: "logged-models.metrics",
    title: "metrics with model_id come back in the model, with run and dataset; in the run without them",
    source: "1.1 runs/log-metric",
    given: ["logged-model"],
    steps: [
      post("runs/log-batch", {
        run_id: "{{run}}",
        metrics: [
          {
            key: "auc",
            value: 0.5,
            timestamp: 9,
            step: 2,
            model_id: "{{loggedModel}}",
            dataset_name: "d",
            dataset_digest: "x",
          },
        ],
      }),
      post("runs/log-metric", {
        run_id: "{{run}}",
        key: "acc",
        value: 1,
        timestamp: 9,
        model_id: "{{loggedModel}}",
      }),
      get(
        model,
        {},
        data({
          metrics: anyOrder(
            {
              key: "auc",
              value: 0.5,
              timestamp: 9,
              step: 2,
              dataset_name: "d",
              dataset_digest: "x",
              model_id: "{{loggedModel}}",
              run_id: "{{run}}",
            },
            { key: "acc", value: 1, run_id: "{{run}}", dataset_name: absent },
          ),
        }),
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: {
            run: {
              data: {
                metrics: anyOrder(
                  { key: "auc", value: 0.5, dataset_name: absent, model_id: absent },
                  { key: "acc", value: 1, model_id: absent },
                ),
              },
            },
          },
        },
      ),
    ],
  },
  {
    id: "logged-models.artifacts",
    title: "the model's files are listed below its own root, also by artifacts/directories",
    source: "1.5 GET …/{id}/artifacts/directories",
    given: ["logged-model"],
    steps: [
      putArtifact("{{experiment}}/models/{{loggedModel}}/artifacts/sub/MLmodel", "text"),
      listArtifacts("{{experiment}}/models/{{loggedModel}}/artifacts", {
        body: { files: [{ path: "sub", is_dir: true }] },
      }),
      get(
        `${model}/artifacts/directories`,
        {},
        {
          body: { root_uri: "{{loggedModelUri}}", files: [{ path: "sub", is_dir: true }] },
        },
      ),
      get(
        `${model}/artifacts/directories`,
        { artifact_directory_path: "sub" },
        {
          body: { files: [{ path: "sub/MLmodel", is_dir: false, file_size: 4 }] },
        },
      ),
    ],
  },
  {
    id: "logged-models.delete",
    title: "a deleted model is 404 and not found by search",
    source: "1.5 DELETE logged-models/{id}",
    given: ["logged-model"],
    steps: [
      remove(model, undefined, { body: empty }),
      get(model, {}, missing()),
      search({}, { body: { models: absent } }),
    ],
  },
];

import { absent } from "../match.ts";
import { get, invalid, missing, post, type Row, type StepOptions } from "../row.ts";

const create = (fields: object, options: StepOptions = {}) =>
  post("model-versions/create", { name: "{{unique}}", ...fields }, options);
const made = (fields: object): StepOptions => ({ body: { model_version: fields } });
const downloadUri = (uri: string) =>
  get(
    "model-versions/get-download-uri",
    { name: "{{unique}}", version: "1" },
    { body: { artifact_uri: uri } },
  );
const loggedModel = "models:/{{loggedModel}}";

function row(id: string, title: string, given: Row["given"], steps: Row["steps"]): Row {
  return { id: `sources.${id}`, title, source: "1.4 source rules", given: given ?? [], steps };
}

export const sources: readonly Row[] = [
  row(
    "run-artifact",
    "a proxied run artifact needs the run_id of that run",
    ["run", "model"],
    [
      create(
        { source: "{{artifactUri}}/model", run_id: "{{run}}" },
        made({ run_id: "{{run}}", version: "1" }),
      ),
      downloadUri("{{artifactUri}}/model"),
    ],
  ),
  row(
    "run-artifact.no-run",
    "a proxied run artifact without run_id is 400",
    ["run", "model"],
    [create({ source: "{{artifactUri}}/model" }, invalid())],
  ),
  row(
    "run-artifact.other-run",
    "a proxied run artifact with the id of another run is 400",
    ["run", "model"],
    [
      post("runs/create", { experiment_id: "{{experiment}}" }, { save: { other: "run.info.run_id" } }),
      create({ source: "{{artifactUri}}/model", run_id: "{{other}}" }, invalid()),
    ],
  ),
  row(
    "run-artifact.unknown-run",
    "an unknown run_id is 400",
    ["run", "model"],
    [
      create(
        { source: "{{artifactUri}}/model", run_id: "0123456789abcdef0123456789abcdef" },
        invalid("run_id"),
      ),
    ],
  ),
  row(
    "parent",
    "a source with .. is 400",
    ["run", "model"],
    [create({ source: "{{artifactUri}}/../../other/artifacts/model", run_id: "{{run}}" }, invalid())],
  ),
  row(
    "runs",
    "runs:/<id>/path needs that run_id; it is stored as it is",
    ["run", "model"],
    [
      create({ source: "runs:/{{run}}/model", run_id: "{{run}}" }, made({ source: "runs:/{{run}}/model" })),
      create({ source: "runs:/{{run}}/model" }, invalid()),
    ],
  ),
  row(
    "logged-model",
    "models:/m-<id> needs that model_id; the download goes to the model's files",
    ["logged-model", "model"],
    [
      create(
        { source: loggedModel, model_id: "{{loggedModel}}", run_id: "{{run}}" },
        made({ source: loggedModel, run_id: "{{run}}", model_id: absent }),
      ),
      downloadUri("{{loggedModelUri}}"),
    ],
  ),
  row(
    "logged-model.no-run",
    "without run_id the model's own run is filled in",
    ["logged-model", "model"],
    [create({ source: loggedModel, model_id: "{{loggedModel}}" }, made({ run_id: "{{run}}" }))],
  ),
  row(
    "logged-model.no-model-id",
    "models:/m-<id> without model_id is 400",
    ["logged-model", "model"],
    [create({ source: loggedModel, run_id: "{{run}}" }, invalid())],
  ),
  row(
    "logged-model.other",
    "models:/m-<id> with another model_id is refused",
    ["logged-model", "model"],
    [
      post("logged-models", { experiment_id: "{{experiment}}" }, { save: { other: "model.info.model_id" } }),
      create({ source: loggedModel, model_id: "{{other}}" }, invalid()),
    ],
  ),
  row(
    "logged-model.unknown",
    "a model_id that does not exist is a 500",
    ["model"],
    [
      create(
        {
          source: "models:/m-0123456789abcdef0123456789abcdef",
          model_id: "m-0123456789abcdef0123456789abcdef",
        },
        {
          status: 500,
          errorCode: "INTERNAL_ERROR",
          embedded: {
            ...missing(),
            why: "the client retries a 5xx for four minutes; the condition is permanent",
          },
        },
      ),
    ],
  ),
  row(
    "logged-model.uri",
    "the artifact_location of a logged model needs its model_id",
    ["logged-model", "model"],
    [
      create({ source: "{{loggedModelUri}}", model_id: "{{loggedModel}}" }, made({ version: "1" })),
      create({ source: "{{loggedModelUri}}" }, invalid()),
    ],
  ),
  row(
    "version",
    "models:/<name>/<version> copies that version's source and run",
    ["version"],
    [
      create(
        { source: "models:/{{unique}}/1" },
        made({ version: "2", run_id: "{{run}}", source: "models:/{{unique}}/1" }),
      ),
      get(
        "model-versions/get-download-uri",
        { name: "{{unique}}", version: "2" },
        {
          body: { artifact_uri: "{{artifactUri}}/model" },
        },
      ),
    ],
  ),
  row(
    "alias",
    "models:/<name>@<alias> is stored as the version that it leads to",
    ["version"],
    [
      post("registered-models/alias", { name: "{{unique}}", alias: "champion", version: "1" }),
      create(
        { source: "models:/{{unique}}@champion" },
        made({ version: "2", source: "models:/{{unique}}/1" }),
      ),
    ],
  ),
  row(
    "s3",
    "s3:// needs nothing",
    ["model"],
    [
      create({ source: "s3://bucket/model" }, made({ source: "s3://bucket/model" })),
      downloadUri("s3://bucket/model"),
    ],
  ),
  ...[
    "http://example.com/m",
    "https://example.com/m",
    "ftp://example.com/m",
    "hdfs://host/m",
    "mlflow-artifacts://host/m",
  ].map((source) =>
    row(
      `scheme.${source.split(":")[0]}`,
      `${source} is refused`,
      ["run", "model"],
      [create({ source, run_id: "{{run}}" }, invalid())],
    ),
  ),
  ...["/etc", "file:///etc", "./model"].map((source) =>
    row(
      `local.${source}`,
      `the local path ${source} is refused`,
      ["run", "model"],
      [create({ source, run_id: "{{run}}" }, invalid())],
    ),
  ),
];

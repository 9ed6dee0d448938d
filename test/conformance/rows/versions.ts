import { absent, anyOrder, empty, present } from "../match.ts";
import { get, invalid, missing, patch, post, type Row, remove } from "../row.ts";

const named = { name: "{{unique}}" };
const newVersion = { name: "{{unique}}", source: "s3://bucket/model" };
const version = (number: string) => ({ name: "{{unique}}", version: number });
const versionOf = (fields: object) => ({ body: { model_version: fields } });

export const versions: readonly Row[] = [
  {
    id: "versions.create",
    title: "create answers version as text, READY, stage None, with tags, description and run_link",
    source: "1.4 model-versions/create",
    given: ["model"],
    steps: [
      post(
        "model-versions/create",
        { ...newVersion, description: "d", run_link: "http://ci/1", tags: [{ key: "k", value: "v" }] },
        versionOf({
          name: "{{unique}}",
          version: "1",
          status: "READY",
          current_stage: "None",
          source: "s3://bucket/model",
          description: "d",
          run_link: "http://ci/1",
          tags: [{ key: "k", value: "v" }],
          creation_timestamp: present,
          last_updated_timestamp: present,
        }),
      ),
      get("model-versions/get", version("1"), versionOf({ version: "1", description: "d", aliases: absent })),
    ],
  },
  {
    id: "versions.create.again",
    title: "the same create again makes another version",
    source: "1.4 model-versions/create",
    given: ["model"],
    steps: ["1", "2", "3"].map((number) =>
      post("model-versions/create", newVersion, versionOf({ version: number })),
    ),
  },
  {
    id: "versions.create.unknown-model",
    title: "an unknown model is 404",
    source: "1.4 model-versions/create",
    steps: [post("model-versions/create", newVersion, missing("{{unique}}"))],
  },
  {
    id: "versions.create.fields",
    title: "no source, or no name, is 400",
    source: "1.4 model-versions/create",
    given: ["model"],
    steps: [
      post("model-versions/create", named, invalid("source")),
      post("model-versions/create", { source: "s3://bucket/model" }, invalid("name")),
    ],
  },
  {
    id: "versions.delete",
    title: "a deleted number is not used again, and its aliases go",
    source: "1.4 model-versions/create",
    given: ["version"],
    steps: [
      post("model-versions/create", newVersion, versionOf({ version: "2" })),
      post("registered-models/alias", { ...version("2"), alias: "champion" }),
      remove("model-versions/delete", version("2"), { body: empty }),
      get("model-versions/get", version("2"), missing()),
      remove("model-versions/delete", version("2"), missing()),
      get("registered-models/get", named, {
        body: { registered_model: { aliases: absent, latest_versions: [{ version: "1" }] } },
      }),
    ],
  },
  {
    id: "versions.get.missing",
    title: "an unknown version or model is 404, a version that is no number 400",
    source: "1.4 model-versions/get",
    given: ["version"],
    steps: [
      get("model-versions/get", version("9"), missing()),
      get("model-versions/get", { name: "{{unique}}-other", version: "1" }, missing()),
      get("model-versions/get", version("abc"), invalid("abc")),
    ],
  },
  {
    id: "versions.download-uri",
    title: "get-download-uri answers the storage location",
    source: "1.4 model-versions/get-download-uri",
    given: ["version"],
    steps: [
      get("model-versions/get-download-uri", version("1"), {
        body: { artifact_uri: "{{artifactUri}}/model" },
      }),
      get("model-versions/get-download-uri", version("9"), missing()),
    ],
  },
  {
    id: "versions.update",
    title: "PATCH update changes the description",
    source: "1.4 model-versions/update",
    given: ["version"],
    steps: [
      patch(
        "model-versions/update",
        { ...version("1"), description: "new" },
        versionOf({ description: "new" }),
      ),
      patch("model-versions/update", { ...version("9"), description: "new" }, missing()),
    ],
  },
  {
    id: "versions.tag",
    title: "set-tag overwrites; delete-tag is answered {} also for a missing tag; unknown version 404",
    source: "1.4 model-versions/set-tag",
    given: ["version"],
    steps: [
      post("model-versions/set-tag", { ...version("1"), key: "k", value: "1" }, { body: empty }),
      post("model-versions/set-tag", { ...version("1"), key: "k", value: "2" }, { body: empty }),
      post("model-versions/set-tag", { ...version("1"), key: "l", value: "" }, { body: empty }),
      get(
        "model-versions/get",
        version("1"),
        versionOf({ tags: anyOrder({ key: "k", value: "2" }, { key: "l", value: "" }) }),
      ),
      remove("model-versions/delete-tag", { ...version("1"), key: "k" }, { body: empty }),
      remove("model-versions/delete-tag", { ...version("1"), key: "k" }, { body: empty }),
      post("model-versions/set-tag", { ...version("9"), key: "k", value: "1" }, missing()),
    ],
  },
];

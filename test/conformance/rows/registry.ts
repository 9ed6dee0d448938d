import { absent, empty, present } from "../match.ts";
import { get, invalid, missing, patch, post, type Row, remove, taken } from "../row.ts";

const named = { name: "{{unique}}" };
const newVersion = { name: "{{unique}}", source: "s3://bucket/model" };
const version = (number: string) => ({ name: "{{unique}}", version: number });
const versionOf = (fields: object) => ({ body: { model_version: fields } });

export const registry: readonly Row[] = [
  {
    id: "registry.create",
    title: "create answers the model with description, tags and times",
    source: "1.4 registered-models/create",
    steps: [
      post(
        "registered-models/create",
        { ...named, description: "d", tags: [{ key: "k", value: "v" }] },
        {
          body: {
            registered_model: {
              name: "{{unique}}",
              description: "d",
              tags: [{ key: "k", value: "v" }],
              creation_timestamp: present,
              last_updated_timestamp: present,
              latest_versions: absent,
              aliases: absent,
            },
          },
        },
      ),
      get("registered-models/get", named, {
        body: {
          registered_model: { name: "{{unique}}", description: "d", tags: [{ key: "k", value: "v" }] },
        },
      }),
    ],
  },
  {
    id: "registry.create.twice",
    title: "a name that is taken is 400 RESOURCE_ALREADY_EXISTS",
    source: "1.4 registered-models/create",
    given: ["model"],
    steps: [post("registered-models/create", named, taken("{{unique}}"))],
  },
  ...["a/b", "a:b", "../x", ""].map(
    (name): Row => ({
      id: `registry.create.name.${name === "" ? "empty" : name}`,
      title: `the model name ${JSON.stringify(name)} is 400`,
      source: "1.2 model name",
      steps: [post("registered-models/create", { name }, invalid())],
    }),
  ),
  {
    id: "registry.get.missing",
    title: "an unknown model is 404, no name 400",
    source: "1.4 registered-models/get",
    steps: [
      get("registered-models/get", named, missing("{{unique}}")),
      get("registered-models/get", {}, invalid("name")),
    ],
  },
  {
    id: "registry.get.latest-versions",
    title: "get names the newest version of a stage and every alias",
    source: "1.4 registered-models/get",
    given: ["version"],
    steps: [
      post("model-versions/create", newVersion),
      post("registered-models/alias", { ...version("1"), alias: "champion" }),
      get("registered-models/get", named, {
        body: {
          registered_model: {
            latest_versions: [{ version: "2", current_stage: "None" }],
            aliases: [{ alias: "champion", version: "1" }],
          },
        },
      }),
    ],
  },
  {
    id: "registry.update",
    title: "PATCH update changes the description; an unknown model is 404",
    source: "1.4 registered-models/update",
    given: ["model"],
    steps: [
      patch(
        "registered-models/update",
        { ...named, description: "new" },
        {
          body: { registered_model: { description: "new" } },
        },
      ),
      patch("registered-models/update", { name: "{{unique}}-other", description: "new" }, missing()),
    ],
  },
  {
    id: "registry.rename",
    title: "rename takes the versions along",
    source: "1.4 registered-models/rename",
    given: ["version"],
    steps: [
      post(
        "registered-models/rename",
        { ...named, new_name: "{{unique}}-new" },
        {
          body: { registered_model: { name: "{{unique}}-new" } },
        },
      ),
      get("registered-models/get", named, missing()),
      get(
        "model-versions/get",
        { name: "{{unique}}-new", version: "1" },
        versionOf({ name: "{{unique}}-new" }),
      ),
    ],
  },
  {
    id: "registry.delete",
    title: "DELETE reads a JSON body, not the query; the versions go too",
    source: "1.4 registered-models/delete",
    given: ["version"],
    steps: [
      remove("registered-models/delete", undefined, { query: named, ...invalid("name") }),
      remove("registered-models/delete", named, { body: empty }),
      remove("registered-models/delete", named, missing()),
      get("registered-models/get", named, missing()),
      get("model-versions/get", version("1"), missing()),
    ],
  },
  {
    id: "registry.tag",
    title: "set-tag overwrites; delete-tag is answered {} also for a missing tag",
    source: "1.4 registered-models/set-tag",
    given: ["model"],
    steps: [
      post("registered-models/set-tag", { ...named, key: "k", value: "1" }, { body: empty }),
      post("registered-models/set-tag", { ...named, key: "k", value: "2" }, { body: empty }),
      get("registered-models/get", named, {
        body: { registered_model: { tags: [{ key: "k", value: "2" }] } },
      }),
      remove("registered-models/delete-tag", { ...named, key: "k" }, { body: empty }),
      remove("registered-models/delete-tag", { ...named, key: "k" }, { body: empty }),
      get("registered-models/get", named, { body: { registered_model: { tags: absent } } }),
    ],
  },
  {
    id: "registry.tag.unknown-model",
    title: "a tag for an unknown model is 404",
    source: "1.4 registered-models/set-tag",
    steps: [post("registered-models/set-tag", { ...named, key: "k", value: "1" }, missing())],
  },
];

import { absent, anyOrder, empty } from "../match.ts";
import { get, invalid, missing, post, type Row, remove } from "../row.ts";

const alias = (name: string, version: unknown = "1") => ({ name: "{{unique}}", alias: name, version });
const champion = { name: "{{unique}}", alias: "champion" };
const second = post("model-versions/create", { name: "{{unique}}", source: "s3://bucket/model" });
const holds = (version: string) => ({ body: { model_version: { version } } });

export const aliases: readonly Row[] = [
  {
    id: "aliases.set",
    title: "an alias leads to its version, which names it",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [
      post("registered-models/alias", alias("champion"), { body: empty }),
      post("registered-models/alias", alias("blue_2-x"), { body: empty }),
      get("registered-models/alias", champion, {
        body: { model_version: { version: "1", aliases: anyOrder("champion", "blue_2-x") } },
      }),
      get(
        "model-versions/get",
        { name: "{{unique}}", version: "1" },
        {
          body: { model_version: { aliases: anyOrder("champion", "blue_2-x") } },
        },
      ),
    ],
  },
  {
    id: "aliases.move",
    title: "setting it again moves it: the last write wins",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [
      second,
      post("registered-models/alias", alias("champion", "1")),
      post("registered-models/alias", alias("champion", "2"), { body: empty }),
      get("registered-models/alias", champion, holds("2")),
      get(
        "model-versions/get",
        { name: "{{unique}}", version: "1" },
        { body: { model_version: { aliases: absent } } },
      ),
    ],
  },
  {
    id: "aliases.set.number",
    title: "a version sent as a number is 400",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [post("registered-models/alias", alias("champion", 1), invalid("version"))],
  },
  {
    id: "aliases.set.missing",
    title: "a missing version or model is 404",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [
      post("registered-models/alias", alias("champion", "9"), missing()),
      post(
        "registered-models/alias",
        { name: "{{unique}}-other", alias: "champion", version: "1" },
        missing(),
      ),
    ],
  },
  ...["latest", "Latest", "v1", "V2", "a b", "a.b", "x".repeat(256), ""].map(
    (name): Row => ({
      id: `aliases.name.${name.length > 20 ? "long" : name.replace(" ", "-") || "empty"}`,
      title: `the alias ${JSON.stringify(name.slice(0, 20))} is 400`,
      source: "1.2 alias",
      given: ["version"],
      steps: [post("registered-models/alias", alias(name), invalid())],
    }),
  ),
  {
    id: "aliases.get.missing",
    title: "a missing alias is 400 with its own sentence, a missing model 404",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [
      get("registered-models/alias", champion, invalid("Registered model alias champion not found.")),
      get("registered-models/alias", { name: "{{unique}}-other", alias: "champion" }, missing()),
    ],
  },
  {
    id: "aliases.latest",
    title: "latest resolves to the newest version",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [second, get("registered-models/alias", { name: "{{unique}}", alias: "latest" }, holds("2"))],
  },
  {
    id: "aliases.delete",
    title: "DELETE removes it, is answered {} also if missing, and 404 for a missing model",
    source: "1.4 registered-models/alias",
    given: ["version"],
    steps: [
      post("registered-models/alias", alias("champion")),
      remove("registered-models/alias", champion, { body: empty }),
      remove("registered-models/alias", champion, { body: empty }),
      get("registered-models/alias", champion, invalid("not found")),
      remove("registered-models/alias", { name: "{{unique}}-other", alias: "champion" }, missing()),
    ],
  },
  {
    id: "stages.transition",
    title: "transition-stage takes a stage in any case, and archives the others when asked",
    source: "1.4 model-versions/transition-stage",
    given: ["version"],
    steps: [
      second,
      post(
        "model-versions/transition-stage",
        { name: "{{unique}}", version: "1", stage: "production" },
        {
          body: { model_version: { current_stage: "Production" } },
        },
      ),
      post(
        "model-versions/transition-stage",
        { name: "{{unique}}", version: "2", stage: "Production", archive_existing_versions: true },
        { body: { model_version: { version: "2", current_stage: "Production" } } },
      ),
      get(
        "model-versions/get",
        { name: "{{unique}}", version: "1" },
        {
          body: { model_version: { current_stage: "Archived" } },
        },
      ),
    ],
  },
  {
    id: "stages.transition.unknown",
    title: "an unknown stage is 400",
    source: "1.4 model-versions/transition-stage",
    given: ["version"],
    steps: [
      post(
        "model-versions/transition-stage",
        { name: "{{unique}}", version: "1", stage: "weird" },
        invalid("weird"),
      ),
    ],
  },
  {
    id: "stages.latest-versions",
    title: "get-latest-versions answers the newest version of each stage, or of those asked for",
    source: "1.4 model-versions/transition-stage",
    given: ["version"],
    steps: [
      second,
      post("model-versions/transition-stage", { name: "{{unique}}", version: "1", stage: "Staging" }),
      post(
        "registered-models/get-latest-versions",
        { name: "{{unique}}" },
        {
          body: {
            model_versions: anyOrder(
              { version: "1", current_stage: "Staging" },
              { version: "2", current_stage: "None" },
            ),
          },
        },
      ),
      post(
        "registered-models/get-latest-versions",
        { name: "{{unique}}", stages: ["Staging"] },
        {
          body: { model_versions: [{ version: "1" }] },
        },
      ),
    ],
  },
];

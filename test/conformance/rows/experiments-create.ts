import { absent, anyOrder, empty, present } from "../match.ts";
import { get, invalid, post, type Row, taken } from "../row.ts";

export const experimentsCreate: readonly Row[] = [
  {
    id: "experiments.create",
    title: "create answers the id as text; get has every field, times in ms as numbers",
    source: "1.1 experiments/create",
    steps: [
      post(
        "experiments/create",
        { name: "{{unique}}" },
        {
          body: { experiment_id: /^\d+$/ },
          save: { id: "experiment_id" },
        },
      ),
      get(
        "experiments/get",
        { experiment_id: "{{id}}" },
        {
          body: {
            experiment: {
              experiment_id: "{{id}}",
              name: "{{unique}}",
              artifact_location: "mlflow-artifacts:/{{id}}",
              lifecycle_stage: "active",
              creation_time: present,
              last_update_time: present,
              tags: absent,
            },
          },
        },
      ),
    ],
  },
  {
    id: "experiments.create.tags",
    title: "tags given to create come back",
    source: "1.1 experiments/create",
    steps: [
      post(
        "experiments/create",
        {
          name: "{{unique}}",
          tags: [
            { key: "team", value: "risk" },
            { key: "empty", value: "" },
          ],
        },
        { save: { id: "experiment_id" } },
      ),
      get(
        "experiments/get",
        { experiment_id: "{{id}}" },
        {
          body: {
            experiment: { tags: anyOrder({ key: "team", value: "risk" }, { key: "empty", value: "" }) },
          },
        },
      ),
    ],
  },
  {
    id: "experiments.create.twice",
    title: "a name that is taken is 400 RESOURCE_ALREADY_EXISTS",
    source: "1.1 experiments/create",
    given: ["experiment"],
    steps: [post("experiments/create", { name: "{{unique}}" }, taken("{{unique}}"))],
  },
  {
    id: "experiments.create.name-of-deleted",
    title: "the name of a deleted experiment stays taken",
    source: "1.1 experiments/create",
    given: ["experiment"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }, { body: empty }),
      post("experiments/create", { name: "{{unique}}" }, taken()),
    ],
  },
  {
    id: "experiments.create.no-name",
    title: "no name is 400 INVALID_PARAMETER_VALUE",
    source: "1.1 experiments/create",
    steps: [post("experiments/create", {}, invalid("name"))],
  },
  {
    id: "experiments.create.empty-name",
    title: "an empty name is 400 INVALID_PARAMETER_VALUE",
    source: "1.1 experiments/create",
    steps: [post("experiments/create", { name: "" }, invalid())],
  },
  {
    id: "experiments.create.name-not-text",
    title: "a number as name is 400 INVALID_PARAMETER_VALUE",
    source: "1.1 experiments/create",
    steps: [post("experiments/create", { name: 7 }, invalid())],
  },
  ...[
    "http://example.com/a",
    "https://example.com/a",
    "ftp://example.com/a",
    "hdfs://name/a",
    "mlflow-artifacts://host/a",
  ].map(
    (location): Row => ({
      id: `experiments.create.location.${location.split(":")[0]}`,
      title: `${location} is refused as artifact_location`,
      source: "1.1 experiments/create",
      steps: [post("experiments/create", { name: "{{unique}}", artifact_location: location }, invalid())],
    }),
  ),
  {
    id: "experiments.create.location.fragment",
    title: "a # in artifact_location is refused",
    source: "1.1 experiments/create",
    steps: [post("experiments/create", { name: "{{unique}}", artifact_location: "s3://b/a#c" }, invalid())],
  },
  {
    id: "experiments.create.location.long",
    title: "an artifact_location of 2049 characters is refused",
    source: "1.1 experiments/create",
    steps: [
      post(
        "experiments/create",
        { name: "{{unique}}", artifact_location: `s3://bucket/${"x".repeat(2037)}` },
        invalid("2048"),
      ),
    ],
  },
];

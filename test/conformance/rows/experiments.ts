import { absent, empty } from "../match.ts";
import { get, invalid, missing, post, type Row } from "../row.ts";

export const experiments: readonly Row[] = [
  {
    id: "experiments.get.missing",
    title: "an unknown id is 404 RESOURCE_DOES_NOT_EXIST",
    source: "1.1 experiments/get",
    steps: [get("experiments/get", { experiment_id: "987654321987" }, missing("987654321987"))],
  },
  {
    id: "experiments.get.no-id",
    title: "get without an id is 400",
    source: "1.1 experiments/get",
    steps: [get("experiments/get", {}, invalid("experiment_id"))],
  },
  {
    id: "experiments.get.default",
    title: "experiment 0 is there from the start and is named Default",
    source: "1.1 experiments/get",
    steps: [
      get(
        "experiments/get",
        { experiment_id: "0" },
        {
          body: { experiment: { name: "Default", artifact_location: "mlflow-artifacts:/0" } },
        },
      ),
    ],
  },
  {
    id: "experiments.by-name",
    title: "get-by-name finds a name with spaces, slashes and letters of any script",
    source: "1.1 experiments/get-by-name",
    steps: [
      post("experiments/create", { name: "größe/模型 a+b {{unique}}" }, { save: { id: "experiment_id" } }),
      get(
        "experiments/get-by-name",
        { experiment_name: "größe/模型 a+b {{unique}}" },
        {
          body: { experiment: { experiment_id: "{{id}}", name: "größe/模型 a+b {{unique}}" } },
        },
      ),
    ],
  },
  {
    id: "experiments.by-name.missing",
    title: "an unknown name is 404 RESOURCE_DOES_NOT_EXIST",
    source: "1.1 experiments/get-by-name",
    steps: [get("experiments/get-by-name", { experiment_name: "{{unique}}" }, missing("{{unique}}"))],
  },
  {
    id: "experiments.by-name.deleted",
    title: "get-by-name and get return deleted experiments with lifecycle_stage deleted",
    source: "1.1 experiments/get-by-name",
    given: ["experiment"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }),
      get(
        "experiments/get-by-name",
        { experiment_name: "{{unique}}" },
        {
          body: { experiment: { experiment_id: "{{experiment}}", lifecycle_stage: "deleted" } },
        },
      ),
      get(
        "experiments/get",
        { experiment_id: "{{experiment}}" },
        {
          body: { experiment: { lifecycle_stage: "deleted" } },
        },
      ),
    ],
  },
  {
    id: "experiments.restore",
    title: "restore makes it active again, under the same id",
    source: "1.1 experiments/restore",
    given: ["experiment"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }),
      post("experiments/restore", { experiment_id: "{{experiment}}" }, { body: empty }),
      get(
        "experiments/get",
        { experiment_id: "{{experiment}}" },
        {
          body: { experiment: { lifecycle_stage: "active" } },
        },
      ),
    ],
  },
  {
    id: "experiments.delete.twice",
    title: "deleting a deleted experiment is refused",
    source: "1.1 experiments/delete",
    given: ["experiment"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }),
      post("experiments/delete", { experiment_id: "{{experiment}}" }, missing()),
    ],
  },
  {
    id: "experiments.delete.takes-runs",
    title: "the runs of a deleted experiment are deleted with it, and restored with it",
    source: "1.1 experiments/delete",
    given: ["run"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }),
      get("runs/get", { run_id: "{{run}}" }, { body: { run: { info: { lifecycle_stage: "deleted" } } } }),
      post("experiments/restore", { experiment_id: "{{experiment}}" }),
      get("runs/get", { run_id: "{{run}}" }, { body: { run: { info: { lifecycle_stage: "active" } } } }),
    ],
  },
  {
    id: "experiments.update",
    title: "update renames",
    source: "1.1 experiments/update",
    given: ["experiment"],
    steps: [
      post(
        "experiments/update",
        { experiment_id: "{{experiment}}", new_name: "{{unique}} new" },
        { body: empty },
      ),
      get(
        "experiments/get-by-name",
        { experiment_name: "{{unique}} new" },
        {
          body: { experiment: { experiment_id: "{{experiment}}" } },
        },
      ),
      get("experiments/get-by-name", { experiment_name: "{{unique}}" }, missing()),
    ],
  },
  {
    id: "experiments.tag",
    title: "set-experiment-tag adds and overwrites, delete-experiment-tag removes",
    source: "1.1 experiments/set-experiment-tag",
    given: ["experiment"],
    steps: [
      post(
        "experiments/set-experiment-tag",
        { experiment_id: "{{experiment}}", key: "k", value: "1" },
        { body: empty },
      ),
      post("experiments/set-experiment-tag", { experiment_id: "{{experiment}}", key: "k", value: "2" }),
      get(
        "experiments/get",
        { experiment_id: "{{experiment}}" },
        {
          body: { experiment: { tags: [{ key: "k", value: "2" }] } },
        },
      ),
      post(
        "experiments/delete-experiment-tag",
        { experiment_id: "{{experiment}}", key: "k" },
        { body: empty },
      ),
      get("experiments/get", { experiment_id: "{{experiment}}" }, { body: { experiment: { tags: absent } } }),
    ],
  },
  {
    id: "experiments.tag.delete-missing",
    title: "deleting a tag that is not there is 404",
    source: "1.1 experiments/delete-experiment-tag",
    given: ["experiment"],
    steps: [
      post("experiments/delete-experiment-tag", { experiment_id: "{{experiment}}", key: "k" }, missing()),
    ],
  },
];

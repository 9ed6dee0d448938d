import { absent, anyOrder, empty } from "../match.ts";
import { bad, get, invalid, missing, post, type Row } from "../row.ts";

const info = (fields: object) => ({ run: { info: fields } });

export const runs: readonly Row[] = [
  {
    id: "runs.create",
    title: "create answers the whole run; run_uuid repeats run_id, status is RUNNING, no end_time",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [
      post(
        "runs/create",
        {
          experiment_id: "{{experiment}}",
          start_time: 1_700_000_000_123,
          run_name: "first",
          user_id: "ana",
          tags: [{ key: "team", value: "risk" }],
        },
        {
          save: { run: "run.info.run_id" },
          body: {
            run: {
              info: {
                run_id: /^[0-9a-f]{32}$/,
                run_name: "first",
                experiment_id: "{{experiment}}",
                user_id: "ana",
                status: "RUNNING",
                start_time: 1_700_000_000_123,
                end_time: absent,
                lifecycle_stage: "active",
              },
              data: {
                metrics: absent,
                params: absent,
                tags: anyOrder({ key: "team", value: "risk" }, { key: "mlflow.runName", value: "first" }),
              },
              inputs: empty,
            },
          },
        },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: info({
            run_id: "{{run}}",
            run_uuid: "{{run}}",
            artifact_uri: "mlflow-artifacts:/{{experiment}}/{{run}}/artifacts",
          }),
        },
      ),
    ],
  },
  {
    id: "runs.create.random-name",
    title: "without a name, or with an empty one, the server invents one",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [
      post("runs/create", { experiment_id: "{{experiment}}" }, { body: info({ run_name: /^\S+-\S+-\d+$/ }) }),
      post(
        "runs/create",
        { experiment_id: "{{experiment}}", run_name: "" },
        {
          body: info({ run_name: /^\S+-\S+-\d+$/ }),
        },
      ),
    ],
  },
  {
    id: "runs.create.name-by-tag",
    title: "the tag mlflow.runName alone names the run",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [
      post(
        "runs/create",
        { experiment_id: "{{experiment}}", tags: [{ key: "mlflow.runName", value: "by tag" }] },
        { body: info({ run_name: "by tag" }) },
      ),
    ],
  },
  {
    id: "runs.create.name-contradicts-tag",
    title: "a run_name that differs from the tag mlflow.runName is 400",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [
      post(
        "runs/create",
        { experiment_id: "{{experiment}}", run_name: "a", tags: [{ key: "mlflow.runName", value: "b" }] },
        invalid("mlflow.runName"),
      ),
    ],
  },
  {
    id: "runs.create.no-start-time",
    title: "an absent start_time is stored as 0",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [post("runs/create", { experiment_id: "{{experiment}}" }, { body: info({ start_time: 0 }) })],
  },
  {
    id: "runs.create.start-time-text",
    title: "start_time may be a numeric string; it comes back as a number",
    source: "1 JSON",
    given: ["experiment"],
    steps: [
      post(
        "runs/create",
        { experiment_id: "{{experiment}}", start_time: "1700000000123" },
        {
          body: info({ start_time: 1_700_000_000_123 }),
        },
      ),
    ],
  },
  {
    id: "runs.create.unknown-experiment",
    title: "an unknown experiment is 404",
    source: "1.1 runs/create",
    steps: [post("runs/create", { experiment_id: "987654321987" }, missing("987654321987"))],
  },
  {
    id: "runs.create.experiment-not-a-number",
    title: "an experiment id that is no number is 400",
    source: "1.1 runs/create",
    steps: [post("runs/create", { experiment_id: "abc" }, invalid("abc"))],
  },
  {
    id: "runs.create.no-experiment",
    title: "without experiment_id the answer is 400 BAD_REQUEST",
    source: "1.1 runs/create",
    steps: [
      post(
        "runs/create",
        { run_name: "x" },
        {
          ...bad(),
          embedded: { ...invalid("experiment_id"), why: "names the missing field; the server shows its SQL" },
        },
      ),
    ],
  },
  {
    id: "runs.create.deleted-experiment",
    title: "a deleted experiment takes no new run",
    source: "1.1 runs/create",
    given: ["experiment"],
    steps: [
      post("experiments/delete", { experiment_id: "{{experiment}}" }),
      post("runs/create", { experiment_id: "{{experiment}}" }, invalid("active")),
    ],
  },
  {
    id: "runs.get.by-uuid",
    title: "get works with run_uuid alone",
    source: "1.1 runs/get",
    given: ["run"],
    steps: [get("runs/get", { run_uuid: "{{run}}" }, { body: info({ run_id: "{{run}}" }) })],
  },
  {
    id: "runs.get.missing",
    title: "an unknown run is 404 RESOURCE_DOES_NOT_EXIST",
    source: "1.1 runs/get",
    steps: [get("runs/get", { run_id: "0123456789abcdef0123456789abcdef" }, missing("0123456789abcdef"))],
  },
  {
    id: "runs.get.no-id",
    title: "get without a run id is 400",
    source: "1.1 runs/get",
    steps: [get("runs/get", {}, invalid("run_id"))],
  },
];

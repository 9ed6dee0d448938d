import { absent, empty, present } from "../match.ts";
import { get, invalid, missing, post, type Row } from "../row.ts";

const info = (fields: object) => ({ run: { info: fields } });

export const runUpdates: readonly Row[] = [
  ...["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"].map(
    (status, index): Row => ({
      id: `runs.update.${status.toLowerCase()}`,
      title: `status ${status}, as word or as ${index + 1}, comes back as the word`,
      source: "1.1 runs/update",
      given: ["run"],
      steps: [
        post(
          "runs/update",
          { run_id: "{{run}}", status },
          { body: { run_info: { status, run_id: "{{run}}" } } },
        ),
        post("runs/update", { run_id: "{{run}}", status: index + 1 }, { body: { run_info: { status } } }),
      ],
    }),
  ),
  ...["finished", "DONE", "LOGGED_MODEL_READY"].map(
    (status): Row => ({
      id: `runs.update.unknown-status.${status}`,
      title: `the unknown status ${status} changes nothing`,
      source: "1.1 runs/update",
      given: ["run"],
      steps: [
        post(
          "runs/update",
          { run_id: "{{run}}", status },
          {
            body: { run_info: { status: "RUNNING" } },
            embedded: {
              ...invalid(/status/),
              why: "a status that is silently not taken leaves a finished run RUNNING for ever",
            },
          },
        ),
        get("runs/get", { run_id: "{{run}}" }, { body: info({ status: "RUNNING" }) }),
      ],
    }),
  ),
  {
    id: "runs.update.end-time",
    title: "end_time is set only by end_time, and stays when the status goes back",
    source: "1.1 runs/update",
    given: ["run"],
    steps: [
      post(
        "runs/update",
        { run_id: "{{run}}", status: "FINISHED" },
        { body: { run_info: { end_time: absent } } },
      ),
      post(
        "runs/update",
        { run_id: "{{run}}", end_time: 1_700_000_009_000 },
        {
          body: { run_info: { end_time: 1_700_000_009_000, status: "FINISHED" } },
        },
      ),
      post(
        "runs/update",
        { run_id: "{{run}}", status: "RUNNING" },
        {
          body: { run_info: { end_time: 1_700_000_009_000, status: "RUNNING" } },
        },
      ),
    ],
  },
  {
    id: "runs.update.rename",
    title: "run_name renames, and the tag mlflow.runName follows",
    source: "1.1 runs/update",
    given: ["run"],
    steps: [
      post(
        "runs/update",
        { run_id: "{{run}}", run_name: "second" },
        { body: { run_info: { run_name: "second" } } },
      ),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { data: { tags: [{ key: "mlflow.runName", value: "second" }] } } },
        },
      ),
    ],
  },
  {
    id: "runs.update.missing",
    title: "update of an unknown run is 404",
    source: "1.1 runs/update",
    steps: [
      post("runs/update", { run_id: "0123456789abcdef0123456789abcdef", status: "FINISHED" }, missing()),
    ],
  },
  {
    id: "runs.delete",
    title: "a deleted run is still readable, refuses every write, and can be restored",
    source: "1.1 runs/delete",
    given: ["run"],
    steps: [
      post("runs/delete", { run_id: "{{run}}" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, { body: info({ lifecycle_stage: "deleted" }) }),
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "v" }, invalid("active")),
      post("runs/log-parameter", { run_id: "{{run}}", key: "k", value: "v" }, invalid("active")),
      post("runs/log-metric", { run_id: "{{run}}", key: "k", value: 1, timestamp: 1 }, invalid("active")),
      post("runs/log-batch", { run_id: "{{run}}", tags: [{ key: "k", value: "v" }] }, invalid("active")),
      post("runs/update", { run_id: "{{run}}", status: "FINISHED" }, invalid("active")),
      post("runs/restore", { run_id: "{{run}}" }, { body: empty }),
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "v" }),
      get("runs/get", { run_id: "{{run}}" }, { body: info({ lifecycle_stage: "active" }) }),
    ],
  },
  {
    id: "runs.write-after-finished",
    title: "a finished run still takes metrics, params and tags",
    source: "1.1 runs/delete",
    given: ["run"],
    steps: [
      post("runs/update", { run_id: "{{run}}", status: "FINISHED", end_time: 1_700_000_009_000 }),
      post("runs/log-metric", { run_id: "{{run}}", key: "m", value: 0.5, timestamp: 1 }, { body: empty }),
      post("runs/log-parameter", { run_id: "{{run}}", key: "p", value: "1" }, { body: empty }),
      post("runs/set-tag", { run_id: "{{run}}", key: "t", value: "1" }, { body: empty }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        {
          body: { run: { data: { metrics: [present], params: [present], tags: [present, present] } } },
        },
      ),
    ],
  },
];

import { anyOrder, empty } from "../match.ts";
import { get, invalid, missing, post, type Row } from "../row.ts";

const data = (fields: object) => ({ body: { run: { data: fields } } });

export const paramsAndTags: readonly Row[] = [
  {
    id: "params.log",
    title: "log-parameter stores a string; the same value again is accepted",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }, { body: empty }),
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "4" }] })),
    ],
  },
  {
    id: "params.change",
    title: "another value for a param is 400 and changes nothing",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "4" }),
      post(
        "runs/log-parameter",
        { run_id: "{{run}}", key: "depth", value: "5" },
        invalid("Changing param values is not allowed"),
      ),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "4" }] })),
    ],
  },
  {
    id: "params.not-text",
    title: "a number as value is 400",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: 4 }, invalid("value"))],
  },
  {
    id: "params.empty-value",
    title: "an empty value is stored",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "depth", value: "" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ params: [{ key: "depth", value: "" }] })),
    ],
  },
  {
    id: "params.unicode",
    title: "values keep line ends, tabs, quotes and letters of any script",
    source: "1.1 runs/log-parameter",
    given: ["run"],
    steps: [
      post("runs/log-parameter", { run_id: "{{run}}", key: "text", value: 'a\r\n\tb "ü" 模型 🙂' }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        data({ params: [{ key: "text", value: 'a\r\n\tb "ü" 模型 🙂' }] }),
      ),
    ],
  },
  {
    id: "params.unknown-run",
    title: "an unknown run is 404",
    source: "1.1 runs/log-parameter",
    steps: [
      post(
        "runs/log-parameter",
        { run_id: "0123456789abcdef0123456789abcdef", key: "k", value: "v" },
        missing(),
      ),
    ],
  },
  {
    id: "tags.set",
    title: "set-tag overwrites",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "1" }, { body: empty }),
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "2" }, { body: empty }),
      get(
        "runs/get",
        { run_id: "{{run}}" },
        data({
          tags: anyOrder({ key: "k", value: "2" }, { key: "mlflow.runName", value: "run of {{unique}}" }),
        }),
      ),
    ],
  },
  {
    id: "tags.run-name",
    title: "the tag mlflow.runName renames the run",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "mlflow.runName", value: "by tag" }),
      get("runs/get", { run_id: "{{run}}" }, { body: { run: { info: { run_name: "by tag" } } } }),
    ],
  },
  {
    id: "tags.delete",
    title: "delete-tag removes; a missing tag is 404",
    source: "1.1 runs/delete-tag",
    given: ["run"],
    steps: [
      post("runs/set-tag", { run_id: "{{run}}", key: "k", value: "1" }),
      post("runs/delete-tag", { run_id: "{{run}}", key: "k" }, { body: empty }),
      get("runs/get", { run_id: "{{run}}" }, data({ tags: [{ key: "mlflow.runName" }] })),
      post("runs/delete-tag", { run_id: "{{run}}", key: "k" }, missing("k")),
    ],
  },
  {
    id: "tags.no-key",
    title: "set-tag without a key is 400",
    source: "1.1 runs/set-tag",
    given: ["run"],
    steps: [post("runs/set-tag", { run_id: "{{run}}", value: "1" }, invalid("key"))],
  },
];

import { absent } from "../match.ts";
import { post, type Step } from "../row.ts";

/** Three runs r1, r2, r3 with rising start_time, metric auc, param p and tag g; r3 has a metric that is NaN. */
export const three: readonly Step[] = [1, 2, 3].flatMap((number) => [
  post(
    "runs/create",
    {
      experiment_id: "{{experiment}}",
      run_name: `r${number}`,
      start_time: number * 1000,
      tags: [
        { key: "g", value: String(number) },
        { key: "a b", value: "x" },
      ],
    },
    { save: { [`r${number}`]: "run.info.run_id" } },
  ),
  post("runs/log-batch", {
    run_id: `{{r${number}}}`,
    metrics: [
      { key: "auc", value: number / 10, timestamp: 1 },
      { key: "a b", value: number, timestamp: 1 },
      ...(number === 3
        ? [{ key: "odd", value: "NaN", timestamp: 1 }]
        : [{ key: "odd", value: number, timestamp: 1 }]),
    ],
    params: [{ key: "p", value: `v${number}` }],
  }),
]);

export const search = (fields: object, options = {}): Step =>
  post("runs/search", { experiment_ids: ["{{experiment}}"], ...fields }, options);
export const found = (names: string) => ({
  body:
    names === ""
      ? { runs: absent }
      : { runs: names.split(" ").map((name) => ({ info: { run_name: name } })), next_page_token: absent },
});

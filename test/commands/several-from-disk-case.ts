import { expect } from "vitest";
import { evaluate, resultIn } from "./evaluate-case.ts";

export const rows = 1_000_000;
const fromDisk = "p.parquet does not fit into memory: measured from disk, ";

/** A number in [0, 1) of a row. */
const draw = (seed: number) => `(hash(i, ${seed}) % 1000003) / 1000003.0::DOUBLE`;
const groups = `CASE WHEN i % 7 < 2 THEN 'a' ELSE 'b' END AS g, CASE WHEN i % 7 = 0 THEN NULL ELSE i % 7 // 3 END AS h`;
const ids = `i AS id, i * 7919 % 6000023 AS key, 'k' || i * 7919 % 6000023 AS name, ${groups}`;

/** Of three classes; a fifth of the probabilities is 0. */
export const classes = (width = "DOUBLE", count = rows) =>
  `SELECT ${ids}, (['ant', 'bee', 'cat'])[1 + (i * 31 % 3)::INT] AS label, (['ant', 'bee', 'cat'])[1 + (i * 31 % 7 % 3)::INT] AS prediction,
  CASE WHEN i % 5 = 0 THEN 0 ELSE ${draw(1)} / 2 END::${width} AS probability_ant, (${draw(2)} / 2)::${width} AS probability_bee,
  0.25::${width} AS probability_cat FROM range(${count}) t(i)`;

/** Of three labels, with scores and predictions. */
export const predicted = (count = rows) =>
  `SELECT ${ids}, ${[0, 1, 2]
    .map(
      (place) =>
        `(hash(i, ${place}) % 10 < 3)::TINYINT AS label_l${place}, (${draw(place + 9)} / 2 + (hash(i, ${place}) % 10 < 3)::INT * 0.2) AS score_l${place},
      (hash(i, ${place + 20}) % 3 = 0)::TINYINT AS prediction_l${place}`,
    )
    .join(", ")} FROM range(${count}) t(i)`;

/** The same without predictions. */
export const labels = `SELECT * EXCLUDE (prediction_l0, prediction_l1, prediction_l2) FROM (${predicted()})`;

const probabilities = ["ant", "bee", "cat"].flatMap((one) => ["--probability", `probability_${one}`]);
export const scored = ["--task", "multiclass", ...probabilities];
export const subgroups = ["--subgroup", "g", "--subgroup", "g*h"];

/** The result without its times, and what was said of the rows. */
export async function resultOf(cwd: string, ...args: string[]) {
  const outcome = await evaluate(cwd, "--predictions", "p.parquet", ...args);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(outcome.stderr.includes(fromDisk), outcome.stderr).toBe(args.includes("--memory-limit"));
  const { startedAt: _, finishedAt: __, ...result } = resultIn(cwd);
  const notes = outcome.stderr.split("\n").filter((line) => /do not sum|have weight 0/.test(line));
  return { ...result, notes };
}

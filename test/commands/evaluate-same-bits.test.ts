import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { times } from "../support/full.ts";
import { evaluate, parquetIn } from "./evaluate-case.ts";

/** A number between 0 and 1 for each row: the same in every run, no two alike, and of all the digits that a double has. */
const noise = (seed: number) => `abs(sin(i * 12.9898 + ${seed}) * 43758.5453) % 1`;
const groups = "CAST(i % 7 AS VARCHAR) AS g, CASE WHEN i % 11 > 0 THEN i % 3 END AS h";
const shares = [1, 2, 3].map((seed) => `(${noise(seed)} + 0.01)`);
const share = (place: number) => `${shares[place]} / (${shares.join(" + ")})`;

interface Case {
  readonly columns: string;
  readonly flags: readonly string[];
  readonly id?: string;
  readonly rows: number;
}

/** Two threads measure a binary task from 200,000 rows on, a thread apart any task from two million on. */
const cases: Readonly<Record<string, Case>> = {
  binary: {
    columns: `CAST(${noise(1)} < 0.3 AS INTEGER) AS label, round(${noise(2)}, 4) AS score`,
    flags: ["--threshold", "0.4", "--min-precision", "0.4"],
    rows: times(250_000, 2_100_000),
  },
  "binary of 32-bit scores and text ids": {
    columns: `CAST(${noise(1)} < 0.3 AS INTEGER) AS label, CAST(${noise(2)} AS FLOAT) AS score`,
    id: "'r' || i",
    flags: [],
    rows: 40_000,
  },
  "binary of predicted classes": {
    columns: `CAST(${noise(1)} < 0.3 AS INTEGER) AS label, CAST(${noise(2)} < 0.3 AS INTEGER) AS prediction`,
    flags: ["--task", "binary"],
    rows: 20_000,
  },
  multiclass: {
    columns: `['cat', 'dog', 'fish'][1 + CAST(floor(3 * ${noise(4)}) AS INTEGER)] AS label, ${share(0)} AS probability_cat, ${share(1)} AS probability_dog, ${share(2)} AS probability_fish`,
    flags: ["--task", "multiclass"],
    rows: times(20_000, 200_000),
  },
  regression: {
    columns: `100 * ${noise(5)} AS label, 100 * ${noise(6)} AS prediction`,
    flags: ["--task", "regression"],
    rows: times(20_000, 200_000),
  },
  quantile: {
    columns: `100 * ${noise(5)} AS label, 40 * ${noise(6)} AS low, 60 + 40 * ${noise(7)} AS high`,
    flags: ["--quantile", "0.1=low", "--quantile", "0.9=high", "--interval", "0.8=low:high"],
    rows: times(20_000, 200_000),
  },
  ranking: {
    columns: `CAST(floor(4 * ${noise(5)}) AS INTEGER) AS label, round(${noise(6)}, 2) AS score, i % 999 AS query`,
    flags: ["--task", "ranking", "--query", "query"],
    rows: times(20_000, 200_000),
  },
};

const weighted = Object.fromEntries(
  Object.entries(cases)
    .filter(([name]) => name !== "ranking")
    .map(([name, one]) => [
      `${name}, weighted`,
      {
        ...one,
        columns: `${one.columns}, CASE WHEN i % 13 = 0 THEN 0 ELSE 3 * ${noise(9)} END AS weight`,
        flags: [...one.flags, "--weight", "weight"],
        rows: Math.min(one.rows, times(40_000, 400_000)),
      },
    ]),
);

/** The result without what differs between any two starts, and without the digest of the file, which holds its order of rows. */
async function resultOf(cwd: string, flags: readonly string[], threads: string): Promise<string> {
  const common = ["--predictions", "p.parquet", "--row-id", "id", "--subgroup", "g", "--subgroup", "g*h"];
  const { code, stderr } = await evaluate(cwd, ...common, ...flags, "--threads", threads);
  expect(code, stderr).toBe(0);
  const text = readFileSync(path.join(cwd, "evaluation_results.json"), "utf8");
  const inputs = /"inputs": \[[^\]]*\]/.exec(text)?.[0] ?? "";
  expect(inputs).toContain("p.parquet");
  return text.replace(inputs, "").replaceAll(/"(started|finished)At": "[^"]*"/g, "");
}

describe("evaluation_results.json", () => {
  it.each(Object.entries({ ...cases, ...weighted }))(
    "is the same to the last byte for any number of threads and order of rows: %s",
    async (_, { columns, flags, id = "i", rows }) => {
      const [straight, shuffled] = [temporaryFolder(), temporaryFolder()];
      const select = `SELECT ${id} AS id, ${columns}, ${groups} FROM range(${rows}) t(i)`;
      await parquetIn(straight, "p.parquet", select);
      await parquetIn(shuffled, "p.parquet", `${select} ORDER BY hash(i + 5)`);
      const first = await resultOf(straight, flags, "1");
      expect(first.length).toBeGreaterThan(2000);
      for (const threads of ["2", "4"]) expect(await resultOf(straight, flags, threads)).toBe(first);
      for (const threads of ["1", "4"]) expect(await resultOf(shuffled, flags, threads)).toBe(first);
    },
  );
});

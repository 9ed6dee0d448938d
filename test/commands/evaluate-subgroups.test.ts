import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { evaluate, resultIn, tableIn } from "./evaluate-case.ts";

const rows = ["0,0.1,f,north", "1,0.9,f,south", "1,0.8,m,north", "0,0.7,m,", "1,0.6,f,north"];

describe("subgroups", () => {
  it("may be crossed: only the combinations with rows, which add up", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, ["label,score,sex,region", ...rows, ""].join("\n"));
    const { code, stderr } = await evaluate(
      cwd,
      ...["--predictions", "p.csv", "--subgroup", "sex*region", "--subgroup", "sex"],
    );
    expect(code, stderr).toBe(0);
    const { subgroups, columns } = resultIn(cwd);
    const counts = Object.entries(subgroups["sex*region"] ?? {}).map(([name, group]) => [name, group.count]);
    expect(counts).toEqual([
      ["f*north", 2],
      ["f*south", 1],
      ["m*(missing)", 1],
      ["m*north", 1],
    ]);
    expect(subgroups["sex"]).toMatchObject({ f: { count: 3, positives: 2 }, m: { count: 2 } });
    expect(columns.subgroups).toEqual(["sex*region", "sex"]);
  });

  it("a column that is called like a crossing wins", async () => {
    const cwd = temporaryFolder();
    tableIn(cwd, ["label,score,sex*region", "0,0.1,x", "1,0.9,y", ""].join("\n"));
    expect((await evaluate(cwd, "--predictions", "p.csv", "--subgroup", "sex*region")).code).toBe(0);
    expect(Object.keys(resultIn(cwd).subgroups["sex*region"] ?? {})).toEqual(["x", "y"]);
  });

  it("with too many values are refused, one by one and crossed, and name what to do", async () => {
    const cwd = temporaryFolder();
    const many = Array.from(
      { length: 30 },
      (_, row) => `${row % 2},0.${row},${row / 10},${row % 6},${row % 5}`,
    );
    tableIn(cwd, ["label,score,amount,a,b", ...many, ""].join("\n"));
    const asked = (...names: string[]) =>
      evaluate(
        cwd,
        ...["--predictions", "p.csv", "--max-groups", "20", ...names.flatMap((name) => ["--subgroup", name])],
      );
    const one = await asked("amount");
    expect([one.code, one.stderr]).toEqual([
      4,
      expect.stringContaining(
        'the subgroup column "amount" has more than 20 different values, at most 20 are measured (--max-groups): give a column of bins',
      ),
    ]);
    const crossed = await asked("a*b");
    expect([crossed.code, crossed.stderr]).toEqual([
      4,
      expect.stringContaining('the subgroup "a*b" has 30 groups, at most 20 are measured'),
    ]);
  });
});

describe("the same rows", () => {
  it("give the same figures to the last bit in any order, in several files, and on any number of threads", async () => {
    const cwd = temporaryFolder();
    const all = Array.from({ length: 4000 }, (_, row) => {
      const score = ((row * 2_654_435_761) % 1009) / 1009;
      return `${row},${(row * 7919) % 13 < 12 * score ? 1 : 0},${score},g${row % 7},${(row % 5) / 3}`;
    });
    const head = "id,label,score,g,w";
    const half = all.length / 2;
    const turned = all.toReversed();
    writeFileSync(path.join(cwd, "one.csv"), [head, ...all, ""].join("\n"));
    writeFileSync(path.join(cwd, "part-1.csv"), [head, ...turned.slice(0, half), ""].join("\n"));
    writeFileSync(path.join(cwd, "part-2.csv"), [head, ...turned.slice(half), ""].join("\n"));
    const found: unknown[] = [];
    for (const [file, threads] of [
      ["one.csv", "1"],
      ["one.csv", "2"],
      ["part-*.csv", "3"],
    ] as const) {
      const columns = ["--row-id", "id", "--weight", "w", "--subgroup", "g"];
      const outcome = await evaluate(cwd, "--predictions", file, ...columns, "--threads", threads);
      expect(outcome.code, outcome.stderr).toBe(0);
      const { startedAt, finishedAt, inputs, ...rest } = resultIn(cwd);
      expect([startedAt, finishedAt, inputs.length]).toHaveLength(3);
      found.push(rest);
    }
    expect(found[1]).toEqual(found[0]);
    expect(found[2]).toEqual(found[0]);
  });
});

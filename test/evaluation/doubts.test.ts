import { describe, expect, it } from "vitest";
import { evaluate, resultIn, tableIn } from "../commands/evaluate-case.ts";
import { temporaryFolder } from "../support/folder.ts";

const ranked = (isRight: boolean) =>
  Array.from(
    { length: 60 },
    (_, row) => `${row % 2},${row % 2 === Number(isRight) ? 0.6 + row / 200 : row / 200}`,
  );

const named = (rows: readonly string[]) =>
  Array.from({ length: 12 }, (_, row) => rows[row % rows.length] ?? "");

describe("what the figures make doubtful", () => {
  it.each([
    [
      "scores of the other class",
      ["label,score", ...ranked(false)],
      [],
      "rank the classes the wrong way round",
    ],
    ["scores of the class", ["label,score", ...ranked(true)], [], undefined],
    ["scores that tell nothing", ["label,score", "0,0.4", "1,0.3", "0,0.1", "1,0.2"], [], undefined],
    ["probabilities as predictions", ["label,prediction", "0,0.2", "1,0.9"], [], "Say --score COLUMN"],
    [
      "the same, and it is meant",
      ["label,prediction", "0,0.2", "1,0.9"],
      ["--task", "regression"],
      undefined,
    ],
    [
      "times as risks",
      ["duration,event,score", ...Array.from({ length: 40 }, (_, row) => `${row + 1},1,${row + (row % 3)}`)],
      ["--task", "survival"],
      "the wrong way round. A score is a risk",
    ],
    [
      "times as times",
      [
        "duration,event,prediction",
        ...Array.from({ length: 40 }, (_, row) => `${row + 1},1,${row + (row % 3)}`),
      ],
      ["--task", "survival", "--prediction", "prediction"],
      undefined,
    ],
    ["numbers", ["label,prediction", "0,0.2", "3,0.9"], [], undefined],
    [
      "equal scores",
      ["label,score", ...named(["0,0.3", "1,0.3", "1,0.3"])],
      [],
      "ks is 0: the scores do not tell the classes apart",
    ],
    ["scores that are the labels", ["label,score", ...named(["0,0", "1,1"])], [], "brier is 0"],
    ["one class", ["label,score", ...named(["1,0.3", "1,0.4"])], [], undefined],
    [
      "predictions that are the labels",
      ["label,prediction", ...named(["1,1", "2,2", "4,4"])],
      [],
      "rmse is 0",
    ],
    [
      "queries of one row",
      ["query,label,score", ...Array.from({ length: 12 }, (_, row) => `${row},1,0.5`)],
      ["--task", "ranking"],
      "Each query has one row",
    ],
    [
      "queries of two rows",
      ["query,label,score", ...Array.from({ length: 12 }, (_, row) => `${row >> 1},1,0.5`)],
      ["--task", "ranking"],
      undefined,
    ],
    ["classes in capitals", ["label,prediction", ...named(["A,a", "B,b", "C,c"])], [], "accuracy is 0"],
    [
      "classes that are once right",
      ["label,prediction", "A,A", ...named(["A,B", "B,C", "C,A"])],
      [],
      undefined,
    ],
  ])("%s", async (_what, rows, args, doubt) => {
    const cwd = temporaryFolder();
    tableIn(cwd, `${rows.join("\n")}\n`);
    const { code, stderr } = await evaluate(cwd, "--predictions", "p.csv", ...args);
    expect(code, stderr).toBe(0);
    const warnings = stderr.split("\n").filter((line) => line.startsWith("warning:"));
    expect(warnings).toEqual(doubt === undefined ? [] : [expect.stringContaining(doubt)]);
    expect(resultIn(cwd).metrics).not.toEqual({});
  });
});

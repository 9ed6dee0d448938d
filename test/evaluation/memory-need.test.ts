import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { chooseColumns } from "../../src/evaluation/columns.ts";
import { bytesForRows, isStorable, mayHold } from "../../src/evaluation/read/memory-need.ts";
import { readTable } from "../../src/evaluation/read/read-table.ts";
import { parquetIn } from "../commands/evaluate-case.ts";
import { temporaryFolder } from "../support/folder.ts";

const noMore = { query: undefined, rowId: undefined, subgroups: [] };
const none = { prediction: undefined, probabilities: [], classes: [], quantiles: [], intervals: [] };

describe("the memory for rows that are measured from disk", () => {
  it("is a part of what is left, and none where that is too little", () => {
    const bytes = [319e6, 320e6, 700e6, 1.5e9, 64e9].map(bytesForRows);
    expect(bytes).toEqual([undefined, 5e6, 100e6, 256e6, 256e6]);
  });
});

describe("what is measured from disk", () => {
  const columns = (given: Partial<Parameters<typeof chooseColumns>[1]>, hasModel: boolean) =>
    chooseColumns(
      ["label", "score", "p", "w", "probability_a", "probability_b"],
      { ...none, ...{ label: undefined, score: undefined, weight: undefined }, ...noMore, ...given },
      { uri: "p", needsScores: !hasModel, task: undefined, positiveClass: undefined },
    );

  it.each([
    ["scores", { score: "score" }, "binary", false, true],
    ["weights", { score: "score", weight: "w" }, "binary", false, true],
    ["predicted classes", { prediction: "p" }, "binary", false, true],
    ["several classes with weights", { prediction: "p", weight: "w" }, "multiclass", false, true],
    ["a ranking", { score: "score", query: "w" }, "ranking", false, true],
    ["a ranking by a model", { query: "w" }, "ranking", true, true],
    ["two classes of queries", { score: "score", query: "w" }, "binary", false, false],
    ["a model that may be of any task", {}, undefined, true, true],
    ["a regression by a model", {}, "regression", true, true],
    ["classes that a model names", { weight: undefined }, "multiclass", true, true],
    ["a survival by a model", {}, "survival", true, false],
  ] as const)("%s", (_what, given, task, hasModel, expected) => {
    expect(isStorable(columns(given, hasModel), task, hasModel)).toBe(expected);
  });
});

describe("rows that the engine holds while they are read", () => {
  it("need room for all that was ever held, beside the arrays", async () => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", `SELECT i % 2 AS label, i / 4 AS score FROM range(4) t(i)`);
    const db = await openDuckDb();
    try {
      const source = await openTable(["p.parquet"], db, { cwd });
      const given = { ...none, ...noMore, label: undefined, score: "score", weight: undefined };
      const asked = { uri: "p.parquet", needsScores: true, task: undefined, positiveClass: undefined };
      const columns = chooseColumns(["label", "score"], given, asked);
      // The program, ten million rows of 18 bytes, and of two columns 32 bytes a row.
      const needed = 300e6 + 180e6 + 320e6;
      const may = [needed - 1, needed].map((availableBytes) =>
        mayHold(source, { rows: 1e7, columns, task: "binary", hasModel: false, availableBytes }, 2),
      );
      expect(may).toEqual([false, true]);
    } finally {
      await db.close();
    }
  });
});

describe("a table that cannot fit into the job's memory", () => {
  it.each([
    [
      "is refused before it is read",
      100,
      "has 4 rows, which need 0.3 GB of memory at least; the job has 0.1 GB",
    ],
    ["is read where it is not certain", 301, undefined],
  ])("%s", async (_title, megabytes, message) => {
    const cwd = temporaryFolder();
    await parquetIn(cwd, "p.parquet", `SELECT i % 2 AS label, i / 4 AS score FROM range(4) t(i)`);
    const db = await openDuckDb();
    try {
      const source = await openTable(["p.parquet"], db, { cwd });
      const given = {
        ...none,
        label: undefined,
        score: "score",
        weight: undefined,
        query: undefined,
        rowId: undefined,
        subgroups: [],
      };
      const columns = chooseColumns(["label", "score"], given, {
        uri: "p.parquet",
        needsScores: true,
        task: undefined,
        positiveClass: undefined,
      });
      const availableBytes = megabytes * 1e6;
      const reading = readTable(db, source, {
        ...{ uri: "p.parquet", columns, task: undefined, positiveClass: undefined, classes: [] },
        ...{ hasModel: false, maxGroups: 9, availableBytes },
      });
      if (message === undefined) expect((await reading).rows).toBe(4);
      else
        await expect(reading).rejects.toMatchObject({
          message: expect.stringContaining(message),
          exitCode: 4,
          hint: "Give the job 320 MB of memory at least: the table is then measured from disk.",
        });
    } finally {
      await db.close();
    }
  });
});

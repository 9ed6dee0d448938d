import { describe, expect, it } from "vitest";
import type { ResultFormat } from "../../../src/data/gx/result-format.ts";
import { temporaryFolder } from "../../support/folder.ts";
import { writeQuery } from "./parquet.ts";
import { runSuite } from "./run-suite.ts";

/** 60 rows: x goes 0, 1, ... 29 twice, but the value of row 40 stands a third time in row 0. */
const table = "SELECT CASE WHEN i = 0 THEN 10 ELSE i % 30 END AS x, i AS id FROM range(60) t(i)";

async function result(resultFormat: ResultFormat, indexColumns: readonly string[] = []): Promise<unknown> {
  const folder = temporaryFolder();
  const file = await writeQuery(table, folder);
  const kwargs = { column: "x", min_value: 100 };
  const expectations = [{ type: "expect_column_values_to_be_between", kwargs }];
  const run = { suite: JSON.stringify({ name: "s", expectations }), file, cwd: folder, now: new Date() };
  return (await runSuite({ ...run, resultFormat, indexColumns })).gx.results[0]?.result;
}

describe("lists of many unexpected rows", () => {
  it("show the first 20 in the order of the file, and the 20 most frequent", async () => {
    const first = [10, ...Array.from({ length: 19 }, (_, row) => row + 1)];
    const counts = [
      { value: 10, count: 3 },
      ...Array.from({ length: 20 }, (_, x) => ({ value: x + 1, count: 2 })).filter(
        ({ value }) => value !== 10,
      ),
    ];
    expect(await result("SUMMARY")).toMatchObject({
      unexpected_count: 60,
      partial_unexpected_list: first,
      partial_unexpected_counts: counts,
      partial_unexpected_index_list: Array.from({ length: 20 }, (_, row) => row),
    });
    expect(await result("COMPLETE")).toMatchObject({
      partial_unexpected_list: first,
      partial_unexpected_counts: counts,
      unexpected_index_list: Array.from({ length: 60 }, (_, row) => row),
    });
  });

  it("refuse an index column that the data has not", async () => {
    await expect(result("COMPLETE", ["ids"])).rejects.toMatchObject({
      kind: "usage",
      code: "INDEX_COLUMN_UNKNOWN",
      message: '--index-column: the data has no column "ids"; did you mean "id".',
    });
  });
});

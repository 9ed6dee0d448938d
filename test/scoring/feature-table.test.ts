import { createWriteStream, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { ArrowStream } from "../../src/scoring/arrow.ts";
import { featureColumns, readFeatures } from "../../src/scoring/feature-table.ts";
import { temporaryFolder } from "../support/folder.ts";
import { runPython } from "../support/python.ts";

/** Columns as CSV writers leave them; what pandas makes of each is asked of pandas itself. */
const columns: Readonly<Record<string, readonly string[]>> = {
  whole: ["1", "-2", "+3", "40"],
  leading_zeros: ["007", "010", "1", "2"],
  whole_with_missing: ["1", "", "3", "NA"],
  float: ["1.5", "-2e-3", "1e3", ".5"],
  float_with_words: ["1.5", "nan", "NULL", "-2"],
  infinite: ["1.5", "inf", "-inf", "2"],
  boolean: ["True", "False", "True", "True"],
  boolean_upper: ["TRUE", "FALSE", "TRUE", "TRUE"],
  text: ["a", "b", "", "None"],
  text_like_numbers: ["1", "2", "x", "4"],
  dates: ["2026-01-01", "2026-01-02", "2026-01-03", "2026-01-04"],
  decimal_comma: ['"1,5"', '"2,5"', '"3"', '"4"'],
  missing: ["", "", "", ""],
};

const compare = `
import sys, pandas as pd, pyarrow as pa
ours = pa.ipc.open_stream("features.arrow").read_all().to_pandas()
theirs = pd.read_csv("table.csv")
pd.testing.assert_frame_equal(ours, theirs, check_exact=True)
print(list(theirs.dtypes.astype(str)))
`;

/** Writes the table as the stream that the scorer reads. */
async function writeStream(cwd: string, table: string): Promise<void> {
  const db = await openDuckDb();
  const file = createWriteStream(path.join(cwd, "features.arrow"));
  try {
    const source = await openTable([table], db, { cwd });
    const columns = await featureColumns(db, source);
    const stream = new ArrowStream(columns);
    const write = async (pieces: readonly Uint8Array[]) => {
      for (const piece of pieces) await new Promise((resolve) => file.write(piece, resolve));
    };
    for await (const batch of readFeatures(db, source, columns)) await write(stream.batch(batch));
    await write(stream.end());
  } finally {
    await new Promise((resolve) => file.end(resolve));
    await db.close();
  }
}

it("gives a CSV the types and values that pandas gives it, in the same order", async () => {
  const cwd = temporaryFolder();
  const rows = [0, 1, 2, 3].map((row) =>
    Object.values(columns)
      .map((values) => values[row] ?? "")
      .join(","),
  );
  writeFileSync(path.join(cwd, "table.csv"), `${[Object.keys(columns).join(","), ...rows].join("\n")}\n`);
  await writeStream(cwd, "table.csv");
  writeFileSync(path.join(cwd, "compare.py"), compare);
  const compared = await runPython({ args: ["compare.py"], cwd });
  expect(compared.exitCode, compared.stderr).toBe(0);
  expect(compared.stdout).toContain("int64");
});

it("crosses in several batches without losing or turning a row", async () => {
  const cwd = temporaryFolder();
  const count = 150_000;
  const rows = Array.from({ length: count }, (_, row) => `${row},${row / 7},r${row % 13}`);
  writeFileSync(path.join(cwd, "table.csv"), `a,b,c\n${rows.join("\n")}\n`);
  await writeStream(cwd, "table.csv");
  const script = `${compare}assert len(list(pa.ipc.open_stream("features.arrow"))) > 1\n`;
  writeFileSync(path.join(cwd, "compare.py"), script);
  const compared = await runPython({ args: ["compare.py"], cwd });
  expect(compared.exitCode, compared.stderr).toBe(0);
});

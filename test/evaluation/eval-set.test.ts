import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { openDuckDb } from "../../src/data/engine/duckdb.ts";
import { openTable } from "../../src/data/sources/source.ts";
import { evalSetOf, scoresDigest } from "../../src/evaluation/eval-set.ts";
import { orderRowIds } from "../../src/evaluation/row-ids.ts";
import { temporaryFolder } from "../support/folder.ts";

type Rows = readonly (readonly [id: string, label: number, score: number])[];

/** What tells the set and its scores apart, of rows that stand in a CSV in this order. */
async function digests(rows: Rows) {
  const cwd = temporaryFolder();
  writeFileSync(
    path.join(cwd, "t.csv"),
    `id\n${rows.map(([id]) => `"${id.replaceAll('"', '""')}"`).join("\n")}\n`,
  );
  const db = await openDuckDb();
  try {
    const source = await openTable(["t.csv"], db, { cwd });
    const order = await orderRowIds(db, source, { uri: "t.csv", column: "id", rows: rows.length });
    const codes = Uint8Array.from(rows, ([, label]) => label);
    const scores = Float64Array.from(rows, ([, , score]) => score);
    return {
      set: (await evalSetOf({ kind: "binary", codes }, order)).sha256,
      scores: await scoresDigest([scores], order),
      places: order.rows,
    };
  } finally {
    await db.close();
  }
}

describe("the identity of an evaluation set", () => {
  it.each([
    ["whole numbers", ["10", "9", "-3", "2147483648123"]],
    ["texts", ["b", "a", "ä", "a'b", 'c"d', "10", "09"]],
  ])("with row ids that are %s does not depend on the order of the rows", async (_kind, ids) => {
    const rows = ids.map((id, index) => [id, index % 2, index / 8] as const);
    const one = await digests(rows);
    const other = await digests(rows.toReversed());
    expect({ ...other, places: 0 }).toEqual({ ...one, places: 0 });
    const sorted = await digests([...(one.places ?? [])].flatMap((place) => rows.slice(place, place + 1)));
    expect(sorted.set).toBe(one.set);
  });

  it("needs no sorting where whole numbers ascend", async () => {
    expect(
      (
        await digests([
          ["1", 0, 0],
          ["2", 1, 0],
          ["10", 1, 0],
        ])
      ).places,
    ).toBeUndefined();
  });

  it("tells apart other labels, other ids, other scores", async () => {
    const base = [
      ["a", 0, 0.1],
      ["b", 1, 0.2],
    ] as const;
    const sets = [
      base,
      [
        ["a", 1, 0.1],
        ["b", 0, 0.2],
      ],
      [
        ["a", 0, 0.1],
        ["c", 1, 0.2],
      ],
    ] as const;
    const found = await Promise.all(sets.map(async (rows) => (await digests(rows)).set));
    expect(new Set(found).size).toBe(3);
    const other = await digests([
      ["a", 0, 0.1],
      ["b", 1, 0.3],
    ]);
    expect(other.scores).not.toBe((await digests(base)).scores);
  });

  it("without row ids depends on the order, and on what the labels are", async () => {
    const sets = await Promise.all([
      evalSetOf({ kind: "binary", codes: Uint8Array.of(0, 1) }, undefined),
      evalSetOf({ kind: "binary", codes: Uint8Array.of(1, 0) }, undefined),
      evalSetOf({ kind: "numbers", values: Float64Array.of(0, 1) }, undefined),
      evalSetOf({ kind: "classes", codes: Uint32Array.of(0, 1), classes: ["a", "b"] }, undefined),
      evalSetOf({ kind: "classes", codes: Uint32Array.of(0, 1), classes: ["a", "c"] }, undefined),
    ]);
    expect(new Set(sets.map((set) => set.sha256)).size).toBe(5);
    expect(sets.every((set) => set.identifiedBy === "row-order" && set.rows === 2)).toBe(true);
  });
});

import { describe, expect, it } from "vitest";
import type { NumberChunk } from "../../../src/evaluation/read/number-chunks.ts";
import { floatSink } from "../../../src/evaluation/read/sinks.ts";
import { type BlockReading, readBlocks } from "../../../src/evaluation/stored/read-blocks.ts";

/** Chunks of one column; NaN stands in a row without a value. */
async function* chunksOf(...columns: readonly (readonly number[])[]): AsyncIterable<NumberChunk> {
  for (const values of columns)
    yield { rows: values.length, columns: [Float64Array.from(values)], gaps: [undefined] };
}

/** Reads into blocks of three rows; what was written, where it began, and what was told on the way. */
async function blocksOf(chunks: AsyncIterable<NumberChunk>, reading: Partial<BlockReading>) {
  const sink = floatSink("x", 3);
  const written: [start: number, values: number[]][] = [];
  const told: number[] = [];
  const rows = await readBlocks(chunks, {
    sinks: [sink],
    blockRows: 3,
    rows: 100,
    write: async ({ start, rows: count }) => {
      written.push([start, [...sink.values.subarray(0, count)]]);
    },
    onRows: (done) => told.push(done),
    ...reading,
  });
  return { rows, written, told, bad: sink.bad };
}

describe("readBlocks", () => {
  it("writes a block when the next chunk has no room in it, and the rest at the end", async () => {
    const found = await blocksOf(chunksOf([1, 2], [3], [4, 5], [6, 7]), {});
    expect(found.written).toEqual([
      [0, [1, 2, 3]],
      [3, [4, 5]],
      [5, [6, 7]],
    ]);
    expect(found.rows).toBe(7);
    expect(found.told).toEqual([2, 3, 5, 7]);
  });

  it("numbers rows that cannot be measured as they stand in the table", async () => {
    const { bad } = await blocksOf(chunksOf([1, Number.NaN], [3, 4], [5, Number.POSITIVE_INFINITY]), {});
    expect([bad.count, bad.first]).toEqual([2, [1, 5]]);
  });

  it("takes no more rows than were counted", async () => {
    const found = await blocksOf(chunksOf([1, 2], [3, 4], [5]), { rows: 3 });
    expect(found.written).toEqual([[0, [1, 2]]]);
    expect(found.rows).toBe(2);
  });

  it("writes nothing of a table without rows", async () => {
    expect(await blocksOf(chunksOf(), {})).toMatchObject({ rows: 0, written: [], told: [] });
  });
});

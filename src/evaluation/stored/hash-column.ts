import type { Hash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import type { StoredColumn } from "../../metrics/binary/stored/stored-rows.ts";

const blockRows = 2 ** 16;

/** Adds a column to a hash, block by block; others have their turn in between. Throws the reason of an aborted signal. */
export async function hashColumn(
  hash: Hash,
  column: StoredColumn,
  how: {
    readonly rows: number;
    readonly signal: AbortSignal;
    /** Memory for so many values as they lie in the column. */
    readonly like: (count: number) => Parameters<StoredColumn["read"]>[1];
    /** Whole numbers count as 32-bit ones, whatever they lie in. */
    readonly isWide?: boolean;
  },
): Promise<void> {
  const { rows, signal, isWide = false } = how;
  const block = how.like(Math.min(blockRows, rows));
  for (let start = 0; start < rows; start += blockRows) {
    signal.throwIfAborted();
    const own = block.subarray(0, Math.min(blockRows, rows - start));
    await column.read(start, own);
    hash.update(isWide ? Uint32Array.from(own) : own);
    await setImmediate();
  }
}
